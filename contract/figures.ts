import { z } from 'zod'
import { contract, id, instant, named, page, paging, personRef } from './endpoint.ts'
import { targets } from './sla.ts'
import { channels, kinds, meanings, ticketRow } from './tickets.ts'

/**
 * Figures of the desk, each with its formula and the rows behind it; and Home: what is next for me, and the exceptions
 * that a lead looks at. What each figure means stands once, in server/features/figures/access-definitions.ts.
 */
export const figureKeys = [
  'created',
  'resolved',
  'open',
  'first-answer',
  'resolution',
  'resolution-desk',
  'reopened',
  'one-touch',
  'satisfaction',
  'target-first-response',
  'target-next-response',
  'target-update',
  'target-resolution',
  'target-fulfilment',
  'late',
  'missed',
  'target-time',
  'target-paused',
  'held-by-team',
  'first-contact',
  'first-contact-net',
  'first-level',
  'first-assignment',
  'moves',
  'many-teams',
  'escalated-functional',
  'escalated-hierarchical',
] as const
export const figureGroups = ['flow', 'speed', 'targets', 'first', 'teams', 'quality'] as const
/** What a figure may be split by; not every figure by each. */
export const splits = ['team', 'organisation', 'priority', 'kind', 'channel', 'tier', 'agreement', 'cause'] as const
export const exceptionKeys = [
  'target-missed',
  'target-soon',
  'unassigned',
  'waiting',
  'stale',
  'overloaded',
  'passed',
  'reopened',
  'low-score',
] as const
export const whys = ['target', 'target-late', 'waits', 'late', 'new', 'unread', 'mentioned', 'task', 'came-back', 'mine'] as const

const date = z.iso.date()
const span = { from: date, to: date.meta({ description: 'This day too; today counts as far as it has gone.' }) }
const filter = {
  team: id.optional(),
  organisation: id.optional(),
  kind: z.enum(kinds).optional(),
  priority: z.coerce.number().int().min(1).max(5).optional(),
  channel: z.enum(channels).optional(),
  person: id.optional().meta({ description: 'Only where the administrator has switched figures about one person on.' }),
}
const amount = z.object({
  value: z
    .number()
    .nullable()
    .meta({ description: 'Tickets, a share from 0 to 1, the median in seconds, or a mean number; null: nothing to count.' }),
  count: z.number().meta({ description: 'Of how many.' }),
  part: z.number().nullable().meta({ description: 'Of a share: how many of them.' }),
  p90: z.number().nullable(),
  mean: z.number().nullable(),
  held: z.number().nullable().meta({ description: 'Of the open ones: how many are set aside.' }),
  asked: z.number().nullable().meta({ description: 'Of satisfaction: how many were asked.' }),
  late: z
    .number()
    .nullable()
    .meta({ description: 'Of a target: how many tickets had missed it and were still open at the end; no part of the share.' }),
})
const excluded = z.object({ merged: z.number(), spam: z.number(), cancelled: z.number(), automatic: z.number() })
const figure = z.object({
  key: z.enum(figureKeys),
  now: amount,
  before: amount.meta({ description: 'The same of as many days before.' }),
  days: z.array(z.object({ day: date, value: z.number().nullable(), count: z.number(), held: z.number().nullable() })),
  excluded: excluded.meta({ description: 'What was left out, and why.' }),
})
const definition = z.object({
  key: z.enum(figureKeys),
  name: z.string(),
  group: z.enum(figureGroups),
  unit: z
    .enum(['tickets', 'share', 'duration', 'working', 'number'])
    .meta({ description: 'duration, working: seconds; working ones are working time.' }),
  better: z.enum(['more', 'less', 'neither']),
  formula: z.string(),
  population: z.string(),
  clock: z.string(),
  exclusions: z.string(),
  splits: z.array(z.enum(splits)).meta({ description: 'What it may be split by.' }),
})
const figureRow = z.object({
  id,
  ticket: z.object({ id, number: z.number(), subject: z.string(), meaning: z.enum(meanings), priority: z.number() }),
  organisation: named.nullable(),
  team: named.nullable(),
  at: instant.meta({ description: 'When it counts: created, answered, resolved or asked.' }),
  seconds: z.number().nullable(),
  counts: z.boolean().meta({ description: 'Of a share: it is one of the part.' }),
  score: z.number().nullable(),
  number: z.number().nullable().meta({ description: 'Of a mean: the number of this row.' }),
  promise: z
    .object({
      target: z.enum(targets),
      agreement: z.string(),
      usedSeconds: z.number(),
      pausedSeconds: z.number(),
      cause: z.string().nullable().meta({ description: 'Why it was missed, as far as somebody said it.' }),
    })
    .nullable()
    .meta({ description: 'Of a figure of targets: which one, and its working time.' }),
})
const part = z.object({
  key: z.string().nullable().meta({ description: 'An id, a priority, a tier or a code; null: has none.' }),
  name: z.string().nullable().meta({ description: 'Of what has a name of its own.' }),
  value: z.number().nullable(),
  count: z.number(),
  part: z.number().nullable(),
  p90: z.number().nullable(),
  mean: z.number().nullable(),
})
const rowsOf = {
  ...span,
  ...filter,
  which: z.enum(['all', 'part']).default('all').meta({ description: 'Of a share: all that it is a share of, or the part.' }),
}

const why = z.object({
  code: z.enum(whys),
  at: instant.nullable().meta({ description: 'Since when; of a target or a task: when it is or was due.' }),
  title: z.string().nullable().meta({ description: 'Of the task.' }),
  hours: z.number().nullable().meta({ description: 'How long this priority may wait.' }),
})
const nextItem = z.object({ ticket: ticketRow, why: z.array(why) })
const exception = z.object({ key: z.enum(exceptionKeys), count: z.number(), more: z.boolean() })

export const figures = contract({
  'GET /api/figures': {
    summary: 'All figures of a time, day by day, beside as many days before; days are the company’s.',
    who: 'figure.see',
    query: z.object({
      ...span,
      ...filter,
      keys: z.string().max(600).optional().meta({ description: 'Only these figures, by comma; answered sooner than all of them.' }),
    }),
    returns: z.object({
      items: z.array(figure),
      asOf: instant.nullable().meta({ description: 'Up to when the history is counted; null: it is being counted for the first time.' }),
      before: z.object({ from: date, to: date }),
      timeZone: z.string(),
      aboutPeople: z.boolean().meta({ description: 'Figures about one person are switched on.' }),
    }),
  },
  'GET /api/figures/csv': {
    summary: 'The same, a line for each figure and day (UTF-8).',
    who: 'figure.see',
    wire: 'file',
    query: z.object({ ...span, ...filter }),
  },
  'GET /api/figures/definitions': {
    summary: 'What each figure is: formula, population, clock, what is left out.',
    who: 'figure.see',
    returns: z.object({ items: z.array(definition) }),
  },
  'GET /api/figures/:key/rows': {
    summary: 'The tickets behind a figure, newest first; they add up to it.',
    who: 'figure.see',
    query: z.object({ ...paging, ...rowsOf }),
    returns: page(figureRow),
  },
  'GET /api/figures/:key/csv': {
    summary: 'The same as CSV (UTF-8, at most 50,000 rows).',
    who: 'figure.see',
    wire: 'file',
    query: z.object(rowsOf),
  },
  'GET /api/figures/:key/by/:split': {
    summary: 'A figure split by team, customer, tier, agreement, cause ...: the 200 with the most tickets.',
    who: 'figure.see',
    query: z.object({ ...span, ...filter }),
    returns: z.object({ items: z.array(part), more: z.boolean() }),
  },
  'GET /api/figures/:key/by/:split/csv': {
    summary: 'The same as CSV (UTF-8).',
    who: 'figure.see',
    wire: 'file',
    query: z.object({ ...span, ...filter }),
  },
  'GET /api/home/next': {
    summary: 'What is next for me, most pressing first, and why; at most 50.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(nextItem), more: z.boolean() }),
  },
  'GET /api/home/exceptions': {
    summary: 'What a lead looks at: how many tickets are in each list, at most 1,000.',
    who: 'figure.see',
    query: z.object({ team: id.optional() }),
    returns: z.object({
      items: z.array(exception),
      people: z
        .array(z.object({ person: personRef, open: z.number().nullable() }))
        .meta({ description: 'Who has too much at once; the number only where figures about one person are switched on.' }),
    }),
  },
  'GET /api/home/exceptions/:key': {
    summary: 'The tickets of one of these lists.',
    who: 'figure.see',
    query: z.object({ ...paging, team: id.optional() }),
    returns: page(ticketRow),
  },
})
export type FigureKey = (typeof figureKeys)[number]
export type Figure = z.infer<typeof figure>
export type FigureAmount = z.infer<typeof amount>
export type Split = (typeof splits)[number]
export type FigurePart = z.infer<typeof part>
export type FigureRow = z.infer<typeof figureRow>
export type FigureDefinition = z.infer<typeof definition>
export type ExceptionKey = (typeof exceptionKeys)[number]
export type NextItem = z.infer<typeof nextItem>
export type Why = z.infer<typeof why>
