/** The closed set of rights. Which role holds which is in server/features/people/rules.ts. */
export const rights = [
  'ticket.create',
  'ticket.work',
  'ticket.restrict',
  'ticket.spam',
  'ticket.delete',
  'ticket.merge-across',
  'person.see',
  'person.edit',
  'organisation.edit',
  'grant.give',
  'team.edit',
  'routing.edit',
  'category.edit',
  'mailbox.edit',
  'journal.see',
  'quarantine.open',
  'sender.block',
  'setting.edit',
  'health.see',
  'search.use',
  'audit.see',
  'time.see',
  'template.edit',
  'verification.waive',
  'survey.see',
  'automation.edit',
  'figure.see',
] as const
export type Right = (typeof rights)[number]

export const roles = ['requester', 'organisation-viewer', 'agent', 'lead', 'manager', 'administrator'] as const
export type Role = (typeof roles)[number]
export const staffRoles: readonly Role[] = ['agent', 'lead', 'manager', 'administrator']
