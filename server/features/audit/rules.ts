import type { AuditArea } from '../../../contract/audit.ts'

/** What each area of the audit trail holds: the words before the dot of its event types. All that no other names is the system's. */
export const nounsOf: Record<Exclude<AuditArea, 'system'>, readonly string[]> = {
  tickets: ['ticket', 'task', 'tasks', 'time', 'verification', 'call', 'call-back', 'visit', 'survey', 'side', 'help', 'draft'],
  people: ['person', 'organisation', 'customer', 'contact', 'document', 'site', 'team', 'skill', 'absence'],
  access: [
    'grant',
    'session',
    'password',
    'totp',
    'passkey',
    'second-factor',
    'recovery-code',
    'token',
    'link',
    'identity',
    'oidc-provider',
    'key',
  ],
  mail: ['mail', 'mailbox', 'sender'],
  rules: [
    'routing-rule',
    'routing-rules',
    'category',
    'status',
    'statuses',
    'field',
    'fields',
    'task-template',
    'readymade',
    'recurring-ticket',
    'webhook',
    'automation',
    'automations',
    'radar',
  ],
}
export const namedNouns: readonly string[] = Object.values(nounsOf).flat()
