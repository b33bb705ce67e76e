import { z } from 'zod'
import {
  contract,
  emailAddress,
  flag,
  id,
  idInput,
  instant,
  instantInput,
  language,
  line,
  named,
  page,
  paging,
  personRef,
  prose,
} from './endpoint.ts'
import { fieldValues, fieldValuesInput } from './field-values.ts'
import { freeNote, handoff, needsNote, saysSomething } from './handoff.ts'
import { message } from './messages.ts'

/** Tickets and their conversation. Ticket number = id, from 1001; the subject tag is [#1001]. */
export const kinds = ['incident', 'request', 'problem', 'change'] as const
export const meanings = [
  'new',
  'open',
  'waiting-requester',
  'waiting-vendor',
  'waiting-approval',
  'waiting-record',
  'scheduled',
  'resolved',
  'closed',
  'cancelled',
] as const
export const channels = ['mail', 'portal', 'phone', 'counter', 'chat', 'api', 'monitoring'] as const
export const resolutionCodes = [
  'solved',
  'workaround',
  'advice',
  'no-fault',
  'not-reproducible',
  'duplicate',
  'withdrawn',
  'not-ours',
] as const
/** What one ticket is to another; each has its other direction. */
export const relations = [
  'related',
  'duplicate-of',
  'has-duplicate',
  'caused-by',
  'causes',
  'blocks',
  'blocked-by',
  'child-of',
  'parent-of',
  'continues',
  'continued-by',
] as const
const level = z.number().int().min(1).max(3)
const words = z.object({ en: z.string(), de: z.string() })

export const status = z.object({ id, version: z.number(), meaning: z.enum(meanings), name: words, position: z.number() })
export const category = z.object({ id, parentId: id.nullable(), key: z.string(), name: words, position: z.number(), archived: z.boolean() })

/** The next target of its agreements; what all clocks say is in GET /api/tickets/:id/clocks. Null: none, or the reader is no staff. */
export const ticketDue = z.object({
  target: z.enum(['first-response', 'next-response', 'update', 'resolution', 'fulfilment']),
  state: z.enum(['running', 'paused', 'breached']),
  at: instant.nullable().meta({ description: 'Null while it pauses.' }),
  leftMs: z.number().meta({ description: 'Working time left; negative when it is late.' }),
  pausedWhy: z.string().nullable(),
})
export type TicketDue = z.infer<typeof ticketDue>

export const ticketRow = z.object({
  id,
  number: z.number(),
  version: z.number(),
  kind: z.enum(kinds),
  subject: z.string(),
  status: named.extend({ meaning: z.enum(meanings) }),
  priority: z.number(),
  channel: z.enum(channels),
  requester: personRef,
  organisation: named.nullable(),
  team: named.nullable(),
  assignee: personRef.nullable(),
  tags: z.array(z.string()),
  createdAt: instant,
  changedAt: instant,
  lastMessageAt: instant.nullable(),
  waitingSince: instant.nullable(),
  unread: z.boolean(),
  restricted: z.boolean(),
  preview: z.string(),
  specialHandling: z.boolean(),
  due: ticketDue.nullable(),
})
const can = z.object({
  reply: z.boolean(),
  note: z.boolean(),
  edit: z.boolean(),
  assign: z.boolean(),
  restrict: z.boolean(),
  remove: z.boolean(),
  reopen: z.boolean(),
})
export const ticket = z.object({
  id,
  number: z.number(),
  version: z.number(),
  kind: z.enum(kinds),
  subject: z.string(),
  status: named.extend({ meaning: z.enum(meanings) }),
  impact: level,
  urgency: level,
  priority: z.number(),
  initialPriority: z.number(),
  category: named.nullable(),
  categoryAtOpen: named.nullable().meta({ description: 'The first that it was given.' }),
  categoryAtClose: named.nullable().meta({ description: 'Said when it was resolved.' }),
  fields: fieldValues,
  channel: z.enum(channels),
  requester: personRef.extend({ email: z.string().nullable() }),
  onBehalfOf: personRef.nullable(),
  organisation: named.nullable(),
  site: named.nullable(),
  team: named.extend({ tier: z.number().nullable() }).nullable(),
  assignee: personRef.nullable(),
  mailbox: named.nullable(),
  language,
  tags: z.array(z.string()),
  cc: z.array(personRef.extend({ email: z.string().nullable() })),
  watchers: z.array(personRef),
  watching: z.boolean(),
  createdBy: personRef.nullable(),
  createdAt: instant,
  changedAt: instant,
  waitingSince: instant.nullable(),
  firstAnsweredAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  resolutionCode: z.string().nullable(),
  resolution: z.string().nullable(),
  resolutionTold: z.boolean().meta({ description: 'The requester was told the resolution, and reads it in the portal.' }),
  closedAt: instant.nullable(),
  reopenedCount: z.number(),
  passedCount: z.number(),
  revisitAt: instant.nullable(),
  snoozedUntil: instant.nullable().meta({ description: 'Out of my views until then; of no one else.' }),
  mergedInto: id.nullable(),
  deletedAt: instant.nullable(),
  restricted: z.object({ people: z.array(personRef), teams: z.array(named) }).nullable(),
  links: z.array(
    z.object({
      kind: z.enum(relations),
      ticket: z.object({ id, number: z.number(), subject: z.string(), meaning: z.enum(meanings) }),
    }),
  ),
  messages: z.array(message).meta({ description: 'The newest 100, oldest first; earlier ones by GET /api/tickets/:id/messages?before=' }),
  moreMessages: z.boolean(),
  lastMessageId: id.nullable(),
  due: ticketDue.nullable(),
  can,
})

export const timelineEntry = z.object({
  id,
  at: instant,
  type: z.string(),
  actor: personRef.nullable(),
  rule: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
  names: z.record(z.string(), z.string()).meta({ description: 'Names of what `data` names by id.' }),
})

const asker = z.object({ email: emailAddress, name: z.string().trim().max(200).default('') })
const newTicket = z.strictObject({
  subject: line(250),
  body: prose(500_000).default(''),
  requester: asker.optional(),
  requesterId: idInput.optional(),
  onBehalfOfId: idInput.optional(),
  kind: z.enum(['incident', 'request']).optional(),
  channel: z.enum(['phone', 'counter', 'api', 'portal', 'mail']).optional(),
  impact: level.optional(),
  urgency: level.optional(),
  categoryId: idInput.optional(),
  teamId: idInput.optional(),
  assigneeId: idInput.optional(),
  siteId: idInput.optional(),
  mailboxId: idInput.optional(),
  language: language.optional(),
  tags: z.array(line(50)).max(20).optional(),
  cc: z.array(emailAddress).max(20).optional(),
  uploadIds: z.array(idInput).max(20).optional(),
  canWork: z.enum(['yes', 'with-difficulty', 'no']).optional().meta({ description: 'The portal asks this instead of urgency.' }),
  affected: z.enum(['me', 'others-too']).optional().meta({ description: 'The portal asks this instead of impact.' }),
  resolve: z
    .strictObject({ code: z.enum(resolutionCodes), text: prose(20_000).default('') })
    .optional()
    .meta({ description: 'Creates and resolves in one step.' }),
  fields: fieldValuesInput.optional().meta({ description: 'Own fields by their keys; requesters: those that the portal asks for.' }),
  acknowledge: z.boolean().optional().meta({ description: 'Staff only: false sends the requester no confirmation. Default true.' }),
})
const ticketEdit = z
  .strictObject({
    subject: line(250),
    kind: z.enum(['incident', 'request']),
    statusId: idInput,
    impact: level,
    urgency: level,
    priority: z.number().int().min(1).max(5),
    priorityReason: prose(500),
    categoryId: idInput.nullable(),
    fields: fieldValuesInput.meta({ description: 'Own fields by their keys; only those named are changed, null empties.' }),
    requesterId: idInput,
    onBehalfOfId: idInput.nullable(),
    siteId: idInput.nullable(),
    teamId: idInput.nullable(),
    assigneeId: idInput.nullable(),
    tags: z.array(line(50)).max(20),
    language,
    revisitAt: instantInput.nullable(),
    waitingReason: prose(500).meta({ description: 'Why it waits; kept as an internal note.' }),
  })
  .partial()

export const view = z.object({
  key: z.enum(['mine', 'team', 'unassigned', 'waiting', 'all-open', 'snoozed', 'resolved', 'deleted']),
  count: z.number(),
  more: z.boolean(),
})

export const tickets = contract({
  'GET /api/tickets': {
    summary: 'Tickets that I may see, newest first unless told; keyset pages. `field.<key>=value` finds what an own field holds.',
    who: 'person',
    returns: page(ticketRow),
    // Loose: `field.<key>=value` asks for what an own field holds.
    query: z.looseObject({
      ...paging,
      view: z.enum(['mine', 'team', 'unassigned', 'waiting', 'all-open', 'snoozed', 'resolved', 'deleted']).optional(),
      meaning: z.string().max(200).optional().meta({ description: 'One or more meanings, comma-separated.' }),
      open: flag.optional(),
      teamId: id.optional(),
      assigneeId: id.optional(),
      requesterId: id.optional(),
      organisationId: id.optional(),
      categoryId: id.optional(),
      kind: z.enum(kinds).optional(),
      channel: z.enum(channels).optional(),
      tag: z.string().max(50).optional(),
      priority: z.coerce.number().int().min(1).max(5).optional(),
      statusId: id.optional(),
      absent: flag.optional().meta({ description: 'Of people who are away today.' }),
      sort: z.enum(['newest', 'changed', 'waiting']).default('newest'),
    }),
  },
  'POST /api/tickets': {
    summary: 'Opens a ticket.',
    who: 'ticket.create',
    status: 201,
    idempotent: true,
    returns: ticket,
    body: newTicket,
  },
  'GET /api/tickets/views': {
    summary: 'The views with bounded counts (at most 1,000, then `more`).',
    who: 'ticket.work',
    returns: z.object({ items: z.array(view) }),
  },
  'GET /api/tickets/:id': { summary: 'One ticket with its newest messages.', who: 'person', returns: ticket },
  'PATCH /api/tickets/:id': {
    summary: 'Changes fields of a ticket.',
    who: 'ticket.work',
    ifMatch: true,
    returns: ticket,
    body: ticketEdit,
  },
  'GET /api/tickets/:id/messages': {
    summary: 'Earlier messages, oldest first.',
    who: 'person',
    returns: z.object({ items: z.array(message), more: z.boolean() }),
    query: z.object({ before: id, limit: z.coerce.number().int().min(1).max(200).default(100) }),
  },
  'GET /api/tickets/:id/timeline': {
    summary: 'What happened to the ticket, oldest first (the newest 500).',
    who: 'person',
    returns: z.object({ items: z.array(timelineEntry) }),
  },
  'POST /api/tickets/:id/replies': {
    summary: 'Answers, or notes internally.',
    who: 'person',
    status: 201,
    idempotent: true,
    returns: message,
    body: z
      .strictObject({
        body: prose(500_000),
        internal: z.boolean().default(false),
        kind: z.enum(['mail', 'note', 'phone', 'portal', 'api']).optional(),
        to: z.array(emailAddress).max(20).optional(),
        cc: z.array(emailAddress).max(20).optional(),
        uploadIds: z.array(idInput).max(20).optional(),
        mentions: z.array(idInput).max(20).optional(),
        mentionTeamIds: z.array(idInput).max(5).optional().meta({ description: 'Everybody of these teams who sees the ticket.' }),
        seenMessageId: idInput
          .nullable()
          .optional()
          .meta({ description: 'The newest message that the writer saw; a newer one answers 409 newer_message unless absent.' }),
        statusId: idInput.optional().meta({ description: 'Sets the status together with the answer.' }),
        phone: z.strictObject({ direction: z.enum(['in', 'out']), number: z.string().trim().max(50).default('') }).optional(),
      })
      .refine((r) => r.body.trim() !== '' || (r.uploadIds?.length ?? 0) > 0, {
        path: ['body'],
        message: 'Write something, or attach a file.',
      }),
  },
  'POST /api/messages/:id/undo': {
    summary: 'Takes back an answer within the undo time; its text returns as a draft.',
    who: 'ticket.work',
    returns: z.object({ body: z.string() }),
  },
  'POST /api/tickets/:id/resolve': {
    summary: 'Resolves with a code and a text.',
    who: 'ticket.work',
    ifMatch: true,
    returns: ticket,
    body: z.strictObject({
      code: z.enum(resolutionCodes),
      text: prose(20_000).default(''),
      tell: z.boolean().default(true),
      categoryId: idInput.nullable().optional().meta({ description: 'What it turned out to be; absent: the category that it has.' }),
      fields: fieldValuesInput.optional(),
      despiteBlocks: z.boolean().default(false).meta({ description: 'Yes, although a ticket that is not finished blocks it.' }),
    }),
  },
  'POST /api/tickets/:id/reopen': {
    summary: 'Reopens: by staff, or by the requester from the portal.',
    who: 'person',
    returns: ticket,
    body: z.strictObject({ text: prose(20_000).default('') }),
  },
  'POST /api/tickets/:id/close': { summary: 'Closes a resolved ticket: the requester confirms, or staff.', who: 'person', returns: ticket },
  'POST /api/tickets/:id/take': { summary: 'Makes it mine.', who: 'ticket.work', returns: ticket },
  'POST /api/tickets/:id/pass': {
    summary: 'Passes it to another team or tier with a hand-off note.',
    who: 'ticket.work',
    ifMatch: true,
    returns: ticket,
    body: z
      .strictObject({
        teamId: idInput,
        assigneeId: idInput.nullable().default(null),
        note: freeNote,
        parts: handoff.optional().meta({ description: 'The note by its parts, of which the team may ask for some.' }),
      })
      .refine(saysSomething, needsNote),
  },
  'PUT /api/tickets/:id/cc': {
    summary: 'Sets who gets copies (at most 20).',
    who: 'ticket.work',
    returns: ticket,
    body: z.strictObject({ emails: z.array(emailAddress).max(20) }),
  },
  'PUT /api/tickets/:id/watch': { summary: 'Follows or unfollows.', who: 'ticket.work', body: z.strictObject({ watching: z.boolean() }) },
  'PUT /api/tickets/:id/restriction': {
    summary: 'Restricts to named people and teams, or lifts it (null). To others the ticket does not exist.',
    who: 'ticket.restrict',
    returns: ticket,
    body: z.strictObject({ to: z.strictObject({ personIds: z.array(idInput).max(50), teamIds: z.array(idInput).max(20) }).nullable() }),
  },
  'PUT /api/tickets/:id/read': {
    summary: 'Says up to which message I have read.',
    who: 'ticket.work',
    body: z.strictObject({ messageId: idInput }),
  },
  'POST /api/tickets/:id/unread': { summary: 'Marks as unread.', who: 'ticket.work' },
  'POST /api/tickets/:id/remove': { summary: 'Reports spam: sets the ticket aside; deleted for good after 30 days.', who: 'ticket.spam' },
  'POST /api/tickets/:id/bring-back': { summary: 'Takes back my removal; any, with ticket.delete.', who: 'ticket.spam', returns: ticket },
  'GET /api/categories': { summary: 'The category tree, flat.', who: 'person', returns: z.object({ items: z.array(category) }) },
})
export type Ticket = z.infer<typeof ticket>
export type Relation = (typeof relations)[number]
export type TicketRow = z.infer<typeof ticketRow>
export type Meaning = (typeof meanings)[number]
export type Kind = (typeof kinds)[number]
export type TimelineEntry = z.infer<typeof timelineEntry>
