import { z } from 'zod'
import { changes, contract, emailAddress, id, idInput, instant, line, page, paging, personRef, prose } from './endpoint.ts'
import { step } from './readymade.ts'
import { viewQuery } from './views.ts'

/**
 * Rules: when something happens to a ticket, or so long after something, if the conditions hold, then do this, in this
 * order. Conditions are those of views; steps are those of macros and a few of their own. Rules act as the program and
 * belong to the administrators (abuse case F-081).
 */
export const happenings = [
  'created',
  'requester-replied',
  'staff-replied',
  'noted',
  'changed',
  'assigned',
  'passed',
  'resolved',
  'reopened',
  'closed',
  'task-done',
] as const
export const changeable = ['status', 'priority', 'category', 'kind', 'tags', 'requester', 'site', 'subject', 'impact', 'urgency'] as const
export const sinces = ['created', 'changed', 'last-message', 'waiting-since', 'resolved'] as const

export const occasion = z.discriminatedUnion('on', [
  z.strictObject({
    on: z.literal('event'),
    events: z.array(z.enum(happenings)).min(1, 'Choose what the rule waits for.').max(happenings.length),
    fields: z.array(z.enum(changeable)).max(changeable.length).default([]).meta({ description: 'With `changed`: only these; empty: any.' }),
  }),
  z.strictObject({ on: z.literal('time'), since: z.enum(sinces), hours: z.number().int().min(1).max(8760) }),
])
const texts = z.strictObject({ en: prose(20_000).default(''), de: prose(20_000).default('') })
const text = texts.refine((t) => t.en.trim() !== '' || t.de.trim() !== '', 'Write it in one language at least.')

const own = z.discriminatedUnion('do', [
  z
    .strictObject({
      do: z.literal('notify'),
      personIds: z.array(idInput).max(20).default([]),
      teamIds: z.array(idInput).max(20).default([]),
      assignee: z.boolean().default(false),
    })
    .refine((a) => a.personIds.length + a.teamIds.length > 0 || a.assignee, { path: ['personIds'], message: 'Say who is told.' }),
  z.strictObject({
    do: z.literal('mail-staff'),
    to: z.array(emailAddress).min(1, 'Name an address.').max(10),
    subject: line(200),
    text,
  }),
  z.strictObject({
    do: z.literal('task'),
    title: line(200),
    teamId: idInput.nullable().default(null),
    dueHours: z.number().int().min(1).max(8760).nullable().default(null),
  }),
  z.strictObject({ do: z.literal('webhook'), webhookId: idInput }),
  z.strictObject({ do: z.literal('macro'), readymadeId: idInput }),
  z.strictObject({ do: z.literal('stop') }),
])
export const ruleAction = z.union([step, own])
const shape = {
  occasion,
  query: viewQuery.default({ all: [], any: [] }),
  actions: z.array(ruleAction).min(1, 'Say what the rule does.').max(20),
}
export type Occasion = z.output<typeof occasion>
export type RuleAction = z.output<typeof ruleAction>
/** As it was given: what is taken is checked, what is kept need not be described a second time. */
const kept = <T>() => z.unknown().meta({ description: 'As in POST /api/automation/rules.' }) as unknown as z.ZodType<T, T>

export const rule = z.object({
  id,
  version: z.number(),
  name: z.string(),
  owner: personRef,
  occasion: kept<Occasion>(),
  query: kept<z.output<typeof viewQuery>>(),
  actions: kept<RuleAction[]>(),
  on: z.boolean(),
  offWhy: z.enum(['hand', 'broken', 'loop', 'changed']).nullable(),
  broken: z.array(z.string()).meta({ description: 'What it refers to and is no longer there, as in `names`.' }),
  names: z.record(z.string(), z.string()).meta({ description: 'Names of what it refers to: {"team:3": "Field"}.' }),
  done: z.number().meta({ description: 'Tickets it acted on in the last seven days.' }),
  failed: z.number(),
})
const outcomes = ['done', 'nothing', 'failed'] as const
const stepDone = z.object({ do: z.string(), outcome: z.enum(['done', 'nothing', 'refused']), value: z.string() })
export const ruleRun = z.object({
  id,
  at: instant,
  ticket: z.object({ id, subject: z.string() }),
  outcome: z.enum(outcomes),
  steps: z.array(stepDone),
  cause: z.string().nullable(),
  retried: z.boolean(),
})
const dryRow = z.object({ ticket: z.object({ id, subject: z.string() }), steps: z.array(stepDone) })
const fields = z.strictObject({ name: line(100), ...shape, on: z.boolean().default(true) })

export const automation = contract({
  'GET /api/automation/rules': {
    summary: 'All rules, in the order in which they act.',
    who: 'automation.edit',
    returns: z.object({ items: z.array(rule) }),
  },
  'GET /api/automation/rules/:id': { summary: 'One rule.', who: 'automation.edit', returns: rule },
  'POST /api/automation/rules': {
    summary: 'Adds a rule behind the others.',
    who: 'automation.edit',
    status: 201,
    idempotent: true,
    returns: rule,
    body: fields,
  },
  'PATCH /api/automation/rules/:id': {
    summary: 'Changes a rule, switches it off or on again.',
    who: 'automation.edit',
    ifMatch: true,
    returns: rule,
    body: changes(z.strictObject({ name: line(100), ...shape, on: z.boolean() })),
  },
  'DELETE /api/automation/rules/:id': { summary: 'Removes a rule; what it did stays in the tickets.', who: 'automation.edit' },
  'PUT /api/automation/order': {
    summary: 'Puts the rules in this order.',
    who: 'automation.edit',
    body: z.strictObject({ ids: z.array(idInput).min(1).max(200) }),
  },
  'POST /api/automation/dry-run': {
    summary: 'What a rule would have done in the last 30 days, judged by the tickets as they are now. Nothing is changed.',
    who: 'automation.edit',
    returns: z.object({
      count: z.number(),
      more: z.boolean().meta({ description: 'Only the first 10,000 were counted.' }),
      since: instant.meta({ description: 'How far back it was looked: 30 days, or fewer where very much happened.' }),
      items: z.array(dryRow).meta({ description: 'The newest 50.' }),
    }),
    body: z.strictObject(shape),
  },
  'GET /api/automation/rules/:id/runs': {
    summary: 'Where the rule held and what came of it, newest first; kept for 90 days. Keyset pages.',
    who: 'automation.edit',
    returns: page(ruleRun),
    query: z.object({ ...paging, outcome: z.enum(outcomes).optional() }),
  },
  'POST /api/automation/runs/:id/retry': {
    summary: 'Tries again what failed, with the rule and the ticket as they are now.',
    who: 'automation.edit',
    returns: ruleRun,
  },
})
export type Rule = z.infer<typeof rule>
export type RuleRun = z.infer<typeof ruleRun>
export type StepDone = z.infer<typeof stepDone>
export type Happening = (typeof happenings)[number]
