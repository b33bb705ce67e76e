import type { ImportField, ImportKind, ImportMapping, ImportRun } from '../../../contract/transfer.ts'

export const tone = {
  draft: 'plain',
  checking: 'info',
  checked: 'info',
  running: 'info',
  paused: 'warn',
  finished: 'good',
  cancelled: 'plain',
  failed: 'bad',
} as const satisfies Record<ImportRun['state'], string>

/** Keeps a part of the mapping. */
export type Choose = (change: Partial<ImportMapping>) => void

export const isBusy = (run: Pick<ImportRun, 'state'>): boolean => run.state === 'checking' || run.state === 'running'

/** In the order in which people think of them. */
export const fieldsOf: Record<ImportKind, readonly ImportField[]> = {
  organisations: ['name', 'domains', 'note', 'specialHandling', 'site', 'address', 'language', 'externalId'],
  people: ['name', 'firstName', 'lastName', 'email', 'organisation', 'site', 'department', 'phone', 'mobile', 'language', 'externalId'],
  tickets: [
    'number',
    'subject',
    'description',
    'requesterEmail',
    'requesterName',
    'organisation',
    'status',
    'priority',
    'impact',
    'urgency',
    'kind',
    'category',
    'team',
    'assignee',
    'tags',
    'channel',
    'createdAt',
    'resolvedAt',
    'closedAt',
    'resolution',
  ],
}
