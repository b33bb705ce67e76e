import { z } from 'zod'
import { calendarForm } from './calendars.ts'
import { changes, contract, flag, id, idInput, instant, line, named, personRef, prose } from './endpoint.ts'
import { type Condition, condition } from './views.ts'

/**
 * Service levels: agreements (with a customer, between teams, with a vendor), their target rules, and the clocks of a
 * ticket with an account of each minute. Conditions are those of views that a clock can follow from event to event.
 */
export const agreementKinds = ['sla', 'ola', 'uc'] as const
export const targets = ['first-response', 'next-response', 'update', 'resolution', 'fulfilment'] as const
export const clockStates = ['running', 'paused', 'breached', 'met', 'missed', 'cancelled'] as const
export const spanKinds = ['ran', 'outside', 'holiday', 'paused', 'stopped'] as const

/** What clocks follow: no words, no times that pass by themselves, nobody's own view. */
const followed = [
  'kind',
  'meaning',
  'status',
  'priority',
  'impact',
  'urgency',
  'channel',
  'category',
  'organisation',
  'site',
  'team',
  'assignee',
  'tags',
  'open',
  'own',
]
const forOneReader = ['me', 'mine', 'my-teams']
const talk = <F extends string>(field: F, description: string) =>
  z.strictObject({ field: z.literal(field), is: z.boolean() }).meta({ description })
export const ruleCondition = z
  .discriminatedUnion('field', [
    condition,
    talk('answered', 'Somebody of ours has answered, ever.'),
    talk('awaited', 'The requester waits for our answer.'),
    talk('replied', 'At this moment an answer goes out to the requester.'),
  ])
  .refine((one) => isTalk(one) || followed.includes(one.field), {
    path: ['field'],
    message: 'A clock cannot follow this from event to event. Choose another field.',
  })
  .refine((one) => !('values' in one) || !one.values.some((value) => forOneReader.includes(String(value))), {
    path: ['values'],
    message: 'A clock runs for everybody: name a person or a team instead of "me" and "mine".',
  })
  .refine((one) => one.field !== 'own' || 'values' in one || one.op === 'empty' || one.op === 'not-empty', {
    path: ['op'],
    message: 'A clock follows choices, people and organisations, and whether a field is filled in.',
  })
export type TalkCondition = { field: 'answered' | 'awaited' | 'replied'; is: boolean }
export type RuleCondition = Condition | TalkCondition
const isTalk = (one: RuleCondition): one is TalkCondition => one.field === 'answered' || one.field === 'awaited' || one.field === 'replied'
export const ruleQuery = z
  .strictObject({ all: z.array(ruleCondition).max(20).default([]), any: z.array(ruleCondition).max(20).default([]) })
  .meta({ description: 'All of `all`, and, where it is not empty, one of `any`. Both empty: always.' })
export type RuleQuery = z.output<typeof ruleQuery>

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day, such as 16:00.')
const minutes = z.number().int().min(1, 'One minute at least.').max(525_600, 'One year at most.')
export const goalTime = z.union([
  z.strictObject({ minutes }),
  z
    .strictObject({ days: z.number().int().min(1).max(365), by: clockTime })
    .meta({ description: 'On the n-th working day after, by this time.' }),
])
export const goal = z.strictObject({ when: ruleQuery.default({ all: [], any: [] }), time: goalTime })
export type Goal = z.output<typeof goal>

const who = z.enum(['assignee', 'team', 'leads', 'managers'])
export const escalation = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('notify'), whom: z.array(who).max(4).default([]), personIds: z.array(idInput).max(20).default([]) }),
  z.strictObject({ do: z.literal('pass'), teamId: idInput }).meta({ description: 'A functional escalation: to a team or tier.' }),
  z.strictObject({ do: z.literal('raise-priority') }),
  z
    .strictObject({ do: z.literal('page'), teamId: idInput.nullable().default(null) })
    .meta({ description: "By the policy of this team; null: of the ticket's team. Where there is none, the administrators are paged." }),
])
export const threshold = z
  .strictObject({
    percent: z.number().int().min(1).max(500).optional(),
    minutesBefore: minutes.optional(),
    acts: z.array(escalation).min(1, 'Say what happens then.').max(5),
  })
  .refine((one) => (one.percent === undefined) !== (one.minutesBefore === undefined), {
    path: ['percent'],
    message: 'Give a share in percent, or minutes before, one of the two.',
  })
export type Threshold = z.output<typeof threshold>

const ownOr = ruleQuery.nullable().default(null)
export const targetRule = z.strictObject({
  key: line(40).meta({ description: 'Stays the same from version to version; unique in its agreement.' }),
  name: line(100),
  target: z.enum(targets),
  start: ownOr.meta({ description: 'Null, here and below: what is usual for this target (GET /api/agreements/usual).' }),
  cancelWhen: z.enum(['start-over', 'condition', 'never']).default('start-over'),
  cancel: ownOr,
  pause: ownOr,
  resumeWhen: z.enum(['pause-over', 'condition']).default('pause-over'),
  resume: ownOr,
  stop: ownOr,
  reset: ownOr,
  clock: z.enum(['business', 'calendar']).default('business'),
  startFrom: z
    .enum(['created', 'attached'])
    .nullable()
    .default(null)
    .meta({ description: 'created: retroactively, from the opening of the ticket. Null: usual for the target.' }),
  retroactivePause: z.boolean().default(true).meta({ description: 'Pauses before it was attached count as pauses.' }),
  goals: z.array(goal).min(1, 'Give one goal at least.').max(20).meta({ description: 'In order; the first whose conditions hold.' }),
  thresholds: z.array(threshold).max(12).default([]),
})
export type TargetRule = z.output<typeof targetRule>

export const calendarChoice = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('caller') }).meta({ description: "The site's, else the organisation's, else the company's." }),
  z.strictObject({ by: z.literal('team') }).meta({ description: "The team's, else the company's." }),
  z.strictObject({ by: z.literal('agreement'), calendarId: idInput }),
])
export const zoneChoice = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('calendar') }),
  z.strictObject({ by: z.literal('caller') }),
  z.strictObject({ by: z.literal('site') }),
  z.strictObject({ by: z.literal('team') }),
  z.strictObject({ by: z.literal('agreement'), timeZone: line(60) }),
])
const day = z.iso.date()
const form = {
  kind: z.enum(agreementKinds),
  name: line(100),
  organisationId: idInput.nullable().default(null).meta({ description: 'Of an SLA: the customer; null is everybody without an own one.' }),
  teamId: idInput.nullable().default(null).meta({ description: 'Of an OLA: the team that promises.' }),
  vendor: z.string().trim().max(200).default('').meta({ description: 'Of an underpinning contract: the vendor.' }),
  services: prose(5000).default(''),
  penalties: prose(5000).default(''),
  startsOn: day.nullable().default(null),
  endsOn: day.nullable().default(null),
  reviewOn: day.nullable().default(null),
  calendar: calendarChoice.default({ by: 'caller' }),
  zone: zoneChoice.default({ by: 'calendar' }),
  rules: z.array(targetRule).max(30).default([]),
}
export const agreementForm = z.strictObject(form)
export type AgreementForm = z.output<typeof agreementForm>

/** What is kept was checked when it was taken, and need not be described a second time. */
const keptRules = z.unknown().meta({ description: 'As in POST /api/agreements.' }) as unknown as z.ZodType<TargetRule[], TargetRule[]>
const keptTerms = z.unknown().meta({ description: 'As in POST /api/agreements.' }) as unknown as z.ZodType<AgreementForm, AgreementForm>
export const agreement = z.object({
  id,
  version: z.number(),
  kind: z.enum(agreementKinds),
  name: z.string(),
  organisation: named.nullable(),
  team: named.nullable(),
  vendor: z.string(),
  services: z.string(),
  penalties: z.string(),
  startsOn: z.string().nullable(),
  endsOn: z.string().nullable(),
  reviewOn: z.string().nullable(),
  calendar: calendarChoice,
  zone: zoneChoice,
  rules: keptRules,
  position: z.number(),
  active: z.boolean().meta({ description: 'In force today.' }),
  archived: z.boolean(),
  openClocks: z.number().meta({ description: 'At most 1,000 are counted.' }),
  changedAt: instant,
})
export const overlap = z.object({
  agreement: named,
  target: z.enum(targets),
  wins: z.enum(['this', 'other']),
  because: z.enum(['own-before-everybody', 'order']),
})
const ticketRef = z.object({ id, number: z.number(), subject: z.string() })
export const move = z.object({
  ticket: ticketRef,
  kind: z.enum(agreementKinds),
  target: z.enum(targets),
  from: instant.nullable().meta({ description: 'Due now; null: no clock yet, or none due while it pauses.' }),
  to: instant.nullable().meta({ description: 'Due then; null: no clock any more, or none due while it pauses.' }),
  what: z.enum(['moves', 'begins', 'ends']),
  breached: z.boolean().meta({ description: 'It would be past its time already.' }),
})
export const preview = z.object({
  looked: z.number().meta({ description: 'Open tickets that were looked at.' }),
  more: z.boolean().meta({ description: 'There are more open tickets than the 20,000 that are looked at.' }),
  count: z.number(),
  items: z.array(move).meta({ description: 'The first 200.' }),
  overlaps: z.array(overlap),
})
const ended = z.object({ met: z.number(), missed: z.number() })
const outcome = z.enum(['met', 'missed'])
export const replay = z.object({
  looked: z.number().meta({ description: 'Tickets that were resolved in the period and looked at, newest first.' }),
  more: z.boolean().meta({ description: 'There are more than the 20,000 that are looked at.' }),
  covered: z.number().meta({ description: 'Those that these terms cover, now or then: only they are counted below.' }),
  targets: z
    .array(z.object({ target: z.enum(targets), inForce: ended, proposed: ended }))
    .meta({ description: 'Ended clocks of this kind of agreement: by the terms in force now, and by the proposed ones.' }),
  count: z.number().meta({ description: 'Targets of tickets whose outcome would be another.' }),
  items: z
    .array(z.object({ ticket: ticketRef, target: z.enum(targets), inForce: outcome.nullable(), proposed: outcome.nullable() }))
    .meta({ description: 'The first 200. A target with several clocks is missed when one of them is; null: no clock.' }),
})
export type Replay = z.infer<typeof replay>
const version = z.object({ version: z.number(), at: instant, by: personRef.nullable(), terms: keptTerms })
const keptQuery = z.unknown().meta({ description: 'As in POST /api/agreements.' }) as unknown as z.ZodType<RuleQuery, RuleQuery>
const usual = z.object({
  kind: z.enum(agreementKinds),
  target: z.enum(targets),
  start: keptQuery,
  pause: keptQuery.nullable(),
  stop: keptQuery,
  reset: keptQuery.nullable(),
  startFrom: z.enum(['created', 'attached']),
})

export const spanLine = z.object({
  from: instant,
  to: instant.nullable().meta({ description: 'Null: it is still so.' }),
  what: z.enum(spanKinds),
  businessMs: z.number().meta({ description: 'Working time of this line, milliseconds.' }),
  calendarMs: z.number(),
  why: z.string().nullable().meta({ description: 'Of a pause: the meaning of the status, or `condition`; of a holiday: its name.' }),
  status: z.string().nullable().meta({ description: "Of a pause: the status's name then." }),
  retroactive: z.boolean().meta({ description: 'Counted from before the clock was attached.' }),
  team: named.nullable(),
  assignee: personRef.nullable(),
})
export const clock = z.object({
  id,
  agreement: named.extend({ kind: z.enum(agreementKinds), version: z.number() }),
  rule: z.object({ key: z.string(), name: z.string() }),
  target: z.enum(targets),
  goal: goalTime,
  runsBy: z.enum(['business', 'calendar']),
  calendar: named.nullable(),
  timeZone: z.string(),
  state: z.enum(clockStates),
  from: instant.meta({ description: 'Since when it counts.' }),
  attachedAt: instant,
  dueAt: instant.nullable().meta({ description: 'Null while it pauses.' }),
  endedAt: instant.nullable(),
  breachedAt: instant.nullable(),
  lateFromTheStart: z.boolean().meta({ description: 'It was past its time when it was attached: nothing was escalated.' }),
  pausedSince: instant.nullable(),
  pausedWhy: z.string().nullable(),
  usedBusinessMs: z.number(),
  usedCalendarMs: z.number(),
  leftMs: z.number().meta({ description: 'By the clock that counts; negative when late.' }),
  percent: z.number(),
  holders: z.array(
    z.object({
      team: named.nullable(),
      assignee: personRef.nullable(),
      businessMs: z.number(),
      calendarMs: z.number(),
      percent: z.number(),
      breached: z.boolean().meta({ description: 'It was they who had it when its time ran out.' }),
    }),
  ),
  thresholds: z.array(
    z.object({ percent: z.number().nullable(), minutesBefore: z.number().nullable(), at: instant.nullable(), firedAt: instant.nullable() }),
  ),
  account: z.array(spanLine).meta({ description: 'Line by line, oldest first, at most 500.' }),
  cause: named.nullable(),
  causeNote: z.string(),
  causeAsked: z.boolean().meta({ description: 'It was breached and nobody has said why.' }),
})
const causeName = z.strictObject({ en: line(80), de: line(80) })
const cause = z.object({ id, name: z.string(), names: z.object({ en: z.string(), de: z.string() }), archived: z.boolean() })

export const sla = contract({
  'GET /api/agreements': {
    summary: 'The agreements, in their order.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(agreement) }),
    query: z.object({ archived: flag.optional() }),
  },
  'GET /api/agreements/usual': {
    summary: 'What a rule does for which no conditions of its own are given, by kind and target.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(usual) }),
  },
  'GET /api/agreements/:id': { summary: 'One agreement.', who: 'ticket.work', returns: agreement },
  'GET /api/agreements/:id/versions': {
    summary: 'Its former terms, newest first: who changed them and when.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(version) }),
  },
  'POST /api/agreements': {
    summary: 'Makes an agreement. Open tickets are counted by it in the background.',
    who: 'setting.edit',
    status: 201,
    idempotent: true,
    returns: agreement,
    body: agreementForm,
  },
  'PATCH /api/agreements/:id': {
    summary: 'Changes its terms; the former stay as a version. The clocks of open tickets are counted anew.',
    who: 'setting.edit',
    ifMatch: true,
    returns: agreement,
    body: changes(agreementForm),
  },
  'POST /api/agreements/:id/archive': { summary: 'Takes it out of force; its open clocks end.', who: 'setting.edit', returns: agreement },
  'POST /api/agreements/:id/restore': { summary: 'Puts it back in force.', who: 'setting.edit', returns: agreement },
  'PUT /api/agreements/order': {
    summary: 'Their order: of two for the same party and target the first wins.',
    who: 'setting.edit',
    body: z.strictObject({ ids: z.array(idInput).min(1).max(500) }),
  },
  'POST /api/agreements/preview': {
    summary: 'Checks terms and shows, before they are saved, which open tickets would move, and which agreements they overlap with.',
    who: 'setting.edit',
    returns: preview,
    body: z.strictObject({ agreementId: idInput.nullable().default(null), terms: agreementForm }),
  },
  'POST /api/agreements/replay': {
    summary: 'Runs tickets of the past against terms before they are saved: which targets would have been met.',
    who: 'setting.edit',
    returns: replay,
    body: z
      .strictObject({
        agreementId: idInput.nullable().default(null),
        terms: agreementForm,
        fromOn: day,
        toOn: day.meta({ description: "The last day, included. Days are the company's." }),
      })
      .refine(({ fromOn, toOn }) => fromOn <= toOn, { path: ['toOn'], message: 'It ends before it begins. Choose a later day.' }),
  },
  'POST /api/agreements/preview-calendar': {
    summary: 'Which open tickets would move if a calendar had these hours.',
    who: 'setting.edit',
    returns: preview,
    body: z.strictObject({
      calendarId: idInput,
      calendar: calendarForm,
    }),
  },
  'GET /api/tickets/:id/clocks': {
    summary: "A ticket's clocks, each with its account: what ran, what did not count and why, and who held it.",
    who: 'ticket.work',
    returns: z.object({ items: z.array(clock) }),
  },
  'POST /api/clocks/:id/cause': {
    summary: 'Says why a target was missed.',
    who: 'ticket.work',
    body: z.strictObject({ causeId: idInput, note: prose(2000).default('') }),
  },
  'GET /api/breach-causes': {
    summary: 'The causes that can be said.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(cause) }),
  },
  'POST /api/breach-causes': {
    summary: 'Adds a cause.',
    who: 'setting.edit',
    status: 201,
    returns: cause,
    body: z.strictObject({ names: causeName }),
  },
  'PATCH /api/breach-causes/:id': {
    summary: 'Renames a cause, or archives it.',
    who: 'setting.edit',
    returns: cause,
    body: z.strictObject({ names: causeName, archived: z.boolean() }).partial(),
  },
})
export type Agreement = z.infer<typeof agreement>
export type Clock = z.infer<typeof clock>
export type SpanLine = z.infer<typeof spanLine>
export type Target = (typeof targets)[number]
export type AgreementKind = (typeof agreementKinds)[number]
export type ClockState = (typeof clockStates)[number]
export type Preview = z.infer<typeof preview>
export type Overlap = z.infer<typeof overlap>
export type Move = z.infer<typeof move>
export type Cause = z.infer<typeof cause>
