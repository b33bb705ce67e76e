import { z } from 'zod'
import { changes, contract, id, idInput, instant, line, named, page, paging, personRef, prose } from './endpoint.ts'
import { fieldValuesInput } from './field-values.ts'
import { freeNote, handoff, needsNote, saysSomething } from './handoff.ts'
import { many, ownCondition } from './own-conditions.ts'
import { channels, kinds, meanings, resolutionCodes, ticketRow } from './tickets.ts'

/**
 * Views: a question about tickets as data, with how its answer is shown; and what is done to many tickets at once.
 * The same conditions are asked of the database and of one ticket in memory (server/features/views/rules.ts).
 */
export const icons = ['list', 'star', 'flag', 'bolt', 'clock', 'users', 'building', 'bug', 'key', 'phone'] as const
export const sorts = ['newest', 'oldest', 'changed', 'waiting', 'priority'] as const
export const groupings = ['status', 'meaning', 'priority', 'team', 'assignee', 'organisation'] as const
export const viewColumns = [
  'number',
  'subject',
  'requester',
  'organisation',
  'status',
  'priority',
  'team',
  'assignee',
  'kind',
  'channel',
  'tags',
  'created',
  'changed',
  'lastMessage',
  'waiting',
] as const

const op = z.enum(['is', 'is-not']).default('is')
const oneOf = <F extends string, T extends z.ZodType>(field: F, value: T) =>
  z.strictObject({ field: z.literal(field), op, values: many(value) })
const orNone = z.union([z.literal('none'), idInput])
const level = z.number().int().min(1).max(3)
const day = z.iso.date()
type TimeField = 'created' | 'changed' | 'resolved' | 'lastMessage' | 'waitingSince' | 'revisit'
const amount = { amount: z.number().int().min(1).max(3650), unit: z.enum(['hours', 'days']) }
const timeOf = <F extends TimeField>(field: F) => {
  const name = z.literal(field)
  return z.discriminatedUnion('op', [
    z.strictObject({ field: name, op: z.literal('within'), ...amount }),
    z.strictObject({ field: name, op: z.literal('older'), ...amount }),
    z.strictObject({ field: name, op: z.literal('between'), from: day, to: day.meta({ description: 'The last day that counts.' }) }),
    z.strictObject({ field: name, op: z.literal('empty') }),
    z.strictObject({ field: name, op: z.literal('not-empty') }),
  ])
}
const countOf = <F extends string>(field: F) =>
  z.strictObject({ field: z.literal(field), op: z.enum(['at-least', 'at-most']), value: z.number().int().min(0).max(10_000) })
const yesOrNo = <F extends string>(field: F) => z.strictObject({ field: z.literal(field), is: z.boolean() })

export const condition = z.discriminatedUnion('field', [
  oneOf('kind', z.enum(kinds)),
  oneOf('meaning', z.enum(meanings)),
  oneOf('status', idInput),
  oneOf('priority', z.number().int().min(1).max(5)),
  oneOf('impact', level),
  oneOf('urgency', level),
  oneOf('channel', z.enum(channels)),
  oneOf('language', z.enum(['en', 'de'])),
  oneOf('category', orNone),
  oneOf('requester', z.union([z.literal('me'), idInput])),
  oneOf('organisation', orNone),
  oneOf('site', orNone),
  oneOf('team', z.union([z.literal('mine'), orNone])),
  oneOf('assignee', z.union([z.literal('me'), z.literal('my-teams'), orNone])),
  z.strictObject({ field: z.literal('tags'), op: z.enum(['any', 'all', 'none']).default('any'), values: many(line(50)) }),
  timeOf('created'),
  timeOf('changed'),
  timeOf('resolved'),
  timeOf('lastMessage'),
  timeOf('waitingSince'),
  timeOf('revisit'),
  z.discriminatedUnion('op', [
    z.strictObject({ field: z.literal('due'), op: z.literal('late') }).meta({ description: 'Its next target was missed.' }),
    z.strictObject({ field: z.literal('due'), op: z.literal('next'), ...amount }).meta({ description: 'Due by then, or late.' }),
    z.strictObject({ field: z.literal('due'), op: z.literal('empty') }).meta({ description: 'No clock runs or pauses.' }),
  ]),
  countOf('reopened'),
  countOf('passed'),
  yesOrNo('open'),
  yesOrNo('unread'),
  yesOrNo('following'),
  yesOrNo('restricted'),
  z.strictObject({ field: z.literal('subject'), op: z.enum(['contains', 'lacks']).default('contains'), value: line(100) }),
  z.strictObject({ field: z.literal('words'), value: line(100).meta({ description: 'All of these words, as the search finds them.' }) }),
  ownCondition,
])
export const viewQuery = z
  .strictObject({
    all: z.array(condition).max(20).default([]),
    any: z.array(condition).max(20).default([]),
  })
  .meta({ description: 'All of `all`, and, where it is not empty, one of `any`.' })
export type Condition = z.output<typeof condition>
export type ViewQuery = z.output<typeof viewQuery>
/** As it was given: what is taken is checked, what is kept need not be described a second time. */
const keptQuery = z.unknown().meta({ description: 'As in POST /api/views.' }) as unknown as z.ZodType<ViewQuery, ViewQuery>

/** An own field by its id: `own:3`. */
const ownColumn = z.templateLiteral(['own:', z.string().regex(/^[0-9]{1,18}$/)])
const shownColumn = z.strictObject({ key: z.union([z.enum(viewColumns), ownColumn]), width: z.number().int().min(40).max(800).optional() })
const fields = z.strictObject({
  name: line(60),
  icon: z.enum(icons).default('list'),
  scope: z.enum(['private', 'team', 'everyone']).default('private'),
  teamId: idInput.nullable().default(null),
  query: viewQuery,
  columns: z.array(shownColumn).max(20).default([]),
  sort: z.enum(sorts).default('newest'),
  grouping: z.enum(groupings).nullable().default(null),
  position: z.number().int().min(0).max(10_000).default(0),
  pinned: z.boolean().default(true).meta({ description: 'Stands in the list of views; else below "more".' }),
})
export const savedView = z.object({
  id,
  version: z.number(),
  name: z.string(),
  icon: z.enum(icons),
  scope: z.enum(['private', 'team', 'everyone']),
  team: named.nullable(),
  owner: personRef,
  query: keptQuery,
  columns: z.array(shownColumn),
  sort: z.enum(sorts),
  grouping: z.enum(groupings).nullable(),
  position: z.number(),
  pinned: z.boolean(),
  alert: z.enum(['at-once', 'daily']).nullable().meta({ description: 'When I am told that a ticket is new in it.' }),
  can: z.object({ edit: z.boolean() }),
})
const groupKey = z.string().regex(/^([a-z-]+|\d{1,19})$/)
const lists = { sort: z.enum(sorts).optional(), by: z.enum(groupings).optional(), group: groupKey.optional() }
export const board = z.object({
  groups: z.array(
    z.object({
      key: z.string().meta({ description: 'An id, a meaning, a number, or `none`.' }),
      name: z.string(),
      count: z.number(),
      items: z.array(ticketRow).meta({ description: 'The first 50.' }),
    }),
  ),
  more: z.boolean().meta({ description: 'Only the first 1,000 tickets of the view were counted.' }),
})

const setFields = z
  .strictObject({
    kind: z.enum(['incident', 'request']),
    statusId: idInput,
    impact: level,
    urgency: level,
    priority: z.number().int().min(1).max(5),
    priorityReason: prose(500),
    categoryId: idInput.nullable(),
    fields: fieldValuesInput.meta({ description: 'Own fields by their keys; null empties one.' }),
  })
  .partial()
export const bulkAction = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('set'), fields: setFields }),
  z.strictObject({
    do: z.literal('assign'),
    assigneeId: z
      .union([z.literal('me'), idInput])
      .nullable()
      .optional(),
    teamId: idInput.nullable().optional(),
  }),
  z.strictObject({ do: z.literal('pass'), teamId: idInput, note: freeNote, parts: handoff.optional() }).refine(saysSomething, needsNote),
  z.strictObject({ do: z.literal('tags'), add: z.array(line(50)).max(20).default([]), remove: z.array(line(50)).max(20).default([]) }),
  z.strictObject({
    do: z.literal('resolve'),
    code: z.enum(resolutionCodes),
    text: prose(20_000).default(''),
    tell: z.boolean().default(false),
  }),
  z.strictObject({ do: z.literal('close') }),
  z.strictObject({ do: z.literal('follow'), watching: z.boolean().default(true) }),
  z.strictObject({ do: z.literal('spam') }),
])
export type BulkAction = z.output<typeof bulkAction>
export const outcomes = ['will', 'done', 'same', 'cannot', 'undone', 'changed-since'] as const
export const bulkRun = z.object({
  id,
  at: instant,
  do: z.string(),
  state: z.enum(['preview', 'waiting', 'running', 'done', 'undoing', 'undone']),
  counts: z.record(z.enum(outcomes), z.number()),
  reasons: z.array(z.object({ code: z.string(), count: z.number() })).meta({ description: 'Why some cannot, and how many.' }),
  cut: z.boolean().meta({ description: 'There are more in the view than the 5,000 that one run takes.' }),
  undoUntil: instant.nullable(),
})
const bulkRow = z.object({ ticket: z.object({ id, subject: z.string() }), outcome: z.enum(outcomes), code: z.string().nullable() })

export const views = contract({
  'GET /api/views': {
    summary: 'The saved views that I may use, in order.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(savedView) }),
  },
  'GET /api/views/counts': {
    summary: 'Their counts in one go, at most 1,000 each, then `more`.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(z.object({ id, count: z.number(), more: z.boolean() })) }),
  },
  'POST /api/views/try': {
    summary: 'What a query finds before it is kept: the count, and the first rows.',
    who: 'ticket.work',
    returns: z.object({ count: z.number(), more: z.boolean(), items: z.array(ticketRow) }),
    body: z.strictObject({ query: viewQuery, sort: z.enum(sorts).default('newest') }),
  },
  'GET /api/views/:id': { summary: 'One view.', who: 'ticket.work', returns: savedView },
  'POST /api/views': {
    summary: 'Keeps a view: for me, for a team, for everybody.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: savedView,
    body: fields,
  },
  'PATCH /api/views/:id': { summary: 'Changes a view.', who: 'ticket.work', ifMatch: true, returns: savedView, body: changes(fields) },
  'DELETE /api/views/:id': { summary: 'Removes a view; its tickets stay.', who: 'ticket.work' },
  'GET /api/views/:id/tickets': {
    summary: 'The tickets of a view; keyset pages. With `by` and `group`: one group of it.',
    who: 'ticket.work',
    returns: page(ticketRow),
    query: z.object({ ...paging, ...lists }),
  },
  'GET /api/views/:id/board': {
    summary: 'The view in groups, for the board and for lists with headings: the first 50 of each.',
    who: 'ticket.work',
    returns: board,
    query: z.object({ by: z.enum(groupings), sort: z.enum(sorts).optional() }),
  },
  'GET /api/views/:id/table': {
    summary: 'The tickets of a view in its columns; keyset pages.',
    who: 'ticket.work',
    returns: page(
      z.object({ ticket: ticketRow, own: z.record(z.string(), z.string()).meta({ description: 'Own fields in words, by column.' }) }),
    ).extend({ columns: z.array(z.object({ key: z.string(), title: z.string(), width: z.number().nullable() })) }),
    query: z.object({ ...paging, sort: z.enum(sorts).optional() }),
  },
  'GET /api/views/:id/csv': { summary: 'The whole view as CSV (UTF-8, at most 50,000 rows).', who: 'ticket.work', wire: 'file' },
  'PUT /api/views/:id/alert': {
    summary: 'Tells me when a ticket is new in this view: at once, once a day, or (null) no more.',
    who: 'ticket.work',
    body: z.strictObject({ when: z.enum(['at-once', 'daily']).nullable() }),
  },
  'POST /api/bulk': {
    summary: 'What an action would do to many tickets: these, or all of a view. Nothing is changed yet.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: bulkRun,
    body: z
      .strictObject({
        ticketIds: z.array(idInput).max(5000).optional(),
        viewId: idInput.optional(),
        query: viewQuery.optional(),
        fixedView: z.enum(['mine', 'team', 'unassigned', 'waiting', 'all-open', 'snoozed', 'resolved']).optional(),
        action: bulkAction,
      })
      .refine((b) => [b.ticketIds, b.viewId, b.query, b.fixedView].filter((one) => one !== undefined).length === 1, {
        path: ['ticketIds'],
        message: 'Name the tickets, or one view.',
      }),
  },
  'GET /api/bulk/:id': { summary: 'How far a run of mine is.', who: 'ticket.work', returns: bulkRun },
  'POST /api/bulk/:id/run': { summary: 'Does what the preview showed.', who: 'ticket.work', status: 202, returns: bulkRun },
  'POST /api/bulk/:id/undo': {
    summary: 'Puts back, within ten minutes, each ticket that nobody changed since.',
    who: 'ticket.work',
    status: 202,
    returns: bulkRun,
  },
  'GET /api/bulk/:id/rows': {
    summary: 'The report: a row for each ticket.',
    who: 'ticket.work',
    returns: page(bulkRow),
    query: z.object({ ...paging, outcome: z.enum(outcomes).optional() }),
  },
  'GET /api/bulk/:id/csv': { summary: 'The report as CSV; kept for 30 days.', who: 'ticket.work', wire: 'file' },
})
export type SavedView = z.infer<typeof savedView>
export type BulkRun = z.infer<typeof bulkRun>
export type Outcome = (typeof outcomes)[number]
export type Sort = (typeof sorts)[number]
export type Grouping = (typeof groupings)[number]
