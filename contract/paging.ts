import { z } from 'zod'
import { changes, contract, flag, id, idInput, instant, line, named, page as paged, paging as pages, personRef, prose } from './endpoint.ts'
import { type ViewQuery, viewQuery } from './views.ts'

/**
 * Somebody is woken. A policy says who is rung in which order; a page is one run of it for one ticket; each person has
 * ways by which they are reached. Acknowledging, passing on and calling for help need no sign-in but the link of a page.
 */
export const urgencies = ['high', 'low'] as const
export const ways = ['mail', 'push', 'sms', 'webhook'] as const
export const webhookFormats = ['ntfy', 'slack', 'teams', 'matrix'] as const
export const pageStates = ['ringing', 'acknowledged', 'ended'] as const

const urgency = z.enum(urgencies)
const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rota'), id: idInput }),
  z.strictObject({ kind: z.literal('person'), id: idInput }),
  z.strictObject({ kind: z.literal('leads'), id: idInput.meta({ description: 'A team: whoever leads it.' }) }),
])
export const step = z.strictObject({
  targets: z.array(target).min(1, 'Name whom this step rings.').max(10),
  wait: z.number().int().min(1).max(1440).default(10).meta({ description: 'Minutes until the next step, while nobody acknowledges.' }),
  repeat: z.number().int().min(0).max(9).default(0).meta({ description: 'How many times more before the next step.' }),
  mode: z.enum(['all', 'in-turn']).default('all').meta({ description: 'in-turn: one of them, each time the next.' }),
})
const web = z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)])
const policyFields = z.strictObject({
  name: line(80),
  urgency: urgency.default('high'),
  teamIds: z.array(idInput).max(50).default([]).meta({ description: 'A team has one policy at most.' }),
  steps: z.array(step).min(1, 'A policy has at least one step.').max(10),
  loops: z.number().int().min(0).max(9).default(1).meta({ description: 'How many times it begins again.' }),
  acknowledgedMinutes: z.number().int().min(5).max(1440).nullable().default(null).meta({ description: 'After so long it rings again.' }),
  catchAllId: idInput.nullable().default(null).meta({ description: 'Whom it falls to at the end; null: the administrators.' }),
  runbook: web.default(''),
  hotline: z.string().trim().max(200).default('').meta({ description: 'A vendor’s number and the contract’s.' }),
})
const shownTarget = z.object({ kind: z.enum(['rota', 'person', 'leads']), id, name: z.string() })
const shownStep = z.object({ targets: z.array(shownTarget), wait: z.number(), repeat: z.number(), mode: z.enum(['all', 'in-turn']) })
export const policy = z.object({
  id,
  version: z.number(),
  name: z.string(),
  urgency,
  teams: z.array(named),
  steps: z.array(shownStep),
  loops: z.number(),
  acknowledgedMinutes: z.number().nullable(),
  catchAll: personRef.nullable(),
  runbook: z.string(),
  hotline: z.string(),
  can: z.object({ edit: z.boolean() }),
})

const keptQuery = z.unknown().meta({ description: 'As in POST /api/views.' }) as unknown as z.ZodType<ViewQuery, ViewQuery>
const ruleFields = z.strictObject({
  name: line(80),
  query: viewQuery,
  policyId: idInput.nullable().default(null).meta({ description: 'Null: the policy of the team that has the ticket.' }),
  position: z.number().int().min(0).max(10_000).default(0),
  on: z.boolean().default(true),
})
export const rule = z.object({
  id,
  version: z.number(),
  name: z.string(),
  query: keptQuery,
  policy: named.nullable(),
  position: z.number(),
  on: z.boolean(),
})

const after = z.number().int().min(0).max(120).nullable()
export const channel = z.object({
  id,
  version: z.number(),
  kind: z.enum(ways),
  format: z.enum(webhookFormats).nullable(),
  shown: z.string().meta({ description: 'Enough to know it again; never the secret address.' }),
  highAfter: after.meta({ description: 'Minutes after I am rung; null: not for urgent pages.' }),
  lowAfter: after,
  createdAt: instant,
  provedAt: instant.nullable(),
  goneAt: instant.nullable(),
  needsAddress: z.boolean(),
})
const when = { highAfter: after.default(0), lowAfter: after.default(null) }
const secretUrl = z.url({ protocol: /^https?$/ }).max(1000)
export const newChannel = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mail'), ...when }),
  z.strictObject({
    kind: z.literal('sms'),
    number: z
      .string()
      .trim()
      .regex(/^\+[1-9]\d{6,14}$/, 'Write the number with its country: +49 171 5550001, without spaces.'),
    ...when,
  }),
  z.strictObject({
    kind: z.literal('push'),
    name: line(60).meta({ description: 'What this browser is called in the list.' }),
    endpoint: secretUrl,
    keys: z.strictObject({ p256dh: z.string().min(80).max(100), auth: z.string().min(20).max(30) }),
    ...when,
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    format: z.enum(webhookFormats),
    url: secretUrl.meta({ description: 'ntfy: the topic. Slack, Teams: the incoming webhook. Matrix: the home server.' }),
    token: z.string().max(500).optional(),
    room: z.string().max(255).optional().meta({ description: 'Matrix: the room’s id, !…:server.' }),
    ...when,
  }),
])
const myPaging = z.object({
  channels: z.array(channel),
  pushKey: z.string().meta({ description: 'The application server key for PushManager.subscribe.' }),
  sms: z.boolean().meta({ description: 'An SMS gateway is set up.' }),
  secure: z.boolean().meta({ description: 'Browsers take push from this address.' }),
  email: z.string().nullable(),
  hosts: z.array(z.string()).meta({ description: 'To which hosts a webhook may lead.' }),
})

const attempt = z.object({
  id,
  kind: z.enum(ways),
  state: z.enum(['waiting', 'sending', 'sent', 'delivered', 'failed', 'dropped']),
  dueAt: instant,
  triedAt: instant.nullable(),
  deliveredAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  cause: z.string(),
})
const ring = z.object({
  id,
  at: instant,
  step: z.number(),
  loop: z.number(),
  round: z.number(),
  target: z.string().meta({ description: 'rota, person, leads or catch-all.' }),
  person: personRef.nullable(),
  nobodyWhy: z.enum(['nobody-on-call', 'gone', 'no-channel', 'no-lead']).nullable(),
  attempts: z.array(attempt),
})
export const page = z.object({
  id,
  ticket: z.object({ id, number: z.number(), subject: z.string(), priority: z.number() }),
  policy: named.nullable(),
  why: z.enum(['hand', 'rule', 'target', 'alert', 'help', 'call']),
  rule: named.nullable(),
  by: personRef.nullable(),
  note: z.string(),
  urgency,
  state: z.enum(pageStates),
  endedWhy: z.string().nullable(),
  beganAt: instant,
  firstRungAt: instant.nullable(),
  nextAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: personRef.nullable(),
  acknowledgedVia: z.enum(['link', 'mail', 'sms', 'app', 'ticket']).nullable(),
  unreachedAt: instant.nullable(),
  endedAt: instant.nullable(),
  rung: z.array(personRef).meta({ description: 'Whom it rang so far.' }),
  can: z.object({ acknowledge: z.boolean(), passOn: z.boolean(), end: z.boolean() }),
})
export const fullPage = page.extend({ rings: z.array(ring) })

const openPage = z.object({
  ticket: z.object({ id, number: z.number(), subject: z.string(), priority: z.number() }),
  state: z.enum(['ringing', 'acknowledged']),
  since: instant,
})

const token = z.string().regex(/^[\w-]{22}$/)
const acts = ['acknowledge', 'pass-on', 'help'] as const
const linked = z.object({
  company: z.string(),
  language: z.enum(['en', 'de']),
  name: z.string(),
  count: z.number().meta({ description: 'How many pages this message told of.' }),
  pages: z.array(
    z.object({
      number: z.number(),
      subject: z.string(),
      priority: z.number(),
      organisation: z.string().nullable(),
      site: z.string().nullable(),
      since: instant,
      state: z.enum(pageStates),
      note: z.string(),
      acknowledgedBy: z.string().nullable(),
      alike: z.number().meta({ description: 'Open tickets of the same customer and category.' }),
      runbook: z.string(),
      hotline: z.string(),
      helped: z.array(z.object({ number: z.number(), subject: z.string(), resolution: z.string() })),
    }),
  ),
  awake: z.array(z.object({ name: z.string(), until: instant, phone: z.string().nullable() })),
  helpers: z.array(named).meta({ description: 'Policies that can be called for help.' }),
  open: z.array(z.enum(acts)).meta({ description: 'What this link may still do; each once.' }),
})
const settings = z.object({
  outsideUrl: z.string().meta({ description: 'Called each minute while the pager runs (healthchecks.io and its like).' }),
  outsideAt: instant.nullable(),
  outsideAnswer: z.string(),
  hosts: z.array(z.string()),
  beatAt: instant.nullable(),
})
const host = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'a host like ntfy.example.com, or *.example.com')
const done = z.object({ page: fullPage })
const smsForm = z.record(z.string().max(100), z.union([z.string().max(5000), z.array(z.string())]))

export const paging = contract({
  'GET /api/paging/policies': { summary: 'Who is rung in which order.', who: 'ticket.work', returns: z.object({ items: z.array(policy) }) },
  'POST /api/paging/policies': {
    summary: 'Adds a policy.',
    who: 'routing.edit',
    status: 201,
    idempotent: true,
    returns: policy,
    body: policyFields,
  },
  'PATCH /api/paging/policies/:id': {
    summary: 'Changes it; pages that ring already go on as it stood when they began.',
    who: 'routing.edit',
    ifMatch: true,
    returns: policy,
    body: changes(policyFields),
  },
  'DELETE /api/paging/policies/:id': { summary: 'Archives it; refused while a rule names it.', who: 'routing.edit' },
  'GET /api/paging/rules': {
    summary: 'Which tickets page by themselves.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(rule) }),
  },
  'POST /api/paging/rules': {
    summary: 'Adds a rule.',
    who: 'routing.edit',
    status: 201,
    idempotent: true,
    returns: rule,
    body: ruleFields,
  },
  'PATCH /api/paging/rules/:id': { summary: 'Changes it.', who: 'routing.edit', ifMatch: true, returns: rule, body: changes(ruleFields) },
  'DELETE /api/paging/rules/:id': { summary: 'Archives it.', who: 'routing.edit' },
  'GET /api/paging/settings': { summary: 'The outside contact, and where webhooks may lead.', who: 'setting.edit', returns: settings },
  'PATCH /api/paging/settings': {
    summary: 'Changes them.',
    who: 'setting.edit',
    returns: settings,
    body: z.strictObject({ outsideUrl: web, hosts: z.array(host).max(50) }).partial(),
  },
  'GET /api/me/paging': { summary: 'By which ways I am reached.', who: 'ticket.work', returns: myPaging },
  'POST /api/me/paging/channels': {
    summary: 'Adds a way.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: channel,
    body: newChannel,
  },
  'PATCH /api/me/paging/channels/:id': {
    summary: 'Changes after how many minutes it is used.',
    who: 'ticket.work',
    ifMatch: true,
    returns: channel,
    body: z.strictObject({ highAfter: after, lowAfter: after }).partial(),
  },
  'DELETE /api/me/paging/channels/:id': { summary: 'Removes a way of mine.', who: 'ticket.work' },
  'POST /api/me/paging/channels/:id/test': {
    summary: 'Sends me a test by it, and says what came of it.',
    who: 'ticket.work',
    returns: z.object({ outcome: z.enum(['sent', 'failed']), cause: z.string() }),
    body: z.strictObject({}).default({}),
  },
  'GET /api/pages': {
    summary: 'Who was paged, newest first. Keyset pages.',
    who: 'ticket.work',
    returns: paged(page),
    query: z.object({ ...pages, state: z.enum(pageStates).optional(), mine: flag.optional() }),
  },
  'GET /api/pages/:id': { summary: 'One page, each try line by line.', who: 'ticket.work', returns: fullPage },
  'GET /api/rotas/:id/open-pages': {
    summary: 'What a handover note begins with: pages of this rota or its team that still ring, and those that I acknowledged.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(openPage).meta({ description: 'One for each open ticket that I see; at most 50.' }) }),
  },
  'GET /api/tickets/:id/pages': { summary: 'The pages of a ticket.', who: 'ticket.work', returns: z.object({ items: z.array(fullPage) }) },
  'POST /api/tickets/:id/pages': {
    summary: 'Pages who is on call: by a policy, by the policy of the ticket’s team, or one person.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: page,
    body: z.strictObject({
      policyId: idInput.nullable().default(null),
      personId: idInput.nullable().default(null),
      urgency: urgency.optional(),
      note: prose(500).default(''),
    }),
  },
  'POST /api/pages/:id/acknowledge': { summary: 'I have it.', who: 'ticket.work', returns: done, body: z.strictObject({}).default({}) },
  'POST /api/pages/:id/pass-on': {
    summary: 'Rings the next step now, or a colleague first; whoever had acknowledged no longer has it.',
    who: 'ticket.work',
    returns: done,
    body: z.strictObject({ personId: idInput.optional() }).default({}),
  },
  'POST /api/pages/:id/help': {
    summary: 'Calls for help beside: another policy, or a person.',
    who: 'ticket.work',
    returns: done,
    body: z
      .strictObject({ policyId: idInput.optional(), personId: idInput.optional(), note: prose(500).default('') })
      .refine((b) => (b.policyId === undefined) !== (b.personId === undefined), {
        path: ['policyId'],
        message: 'Name a policy or a person.',
      }),
  },
  'POST /api/pages/:id/end': {
    summary: 'Ends it, and the calls for help that were made for it.',
    who: 'ticket.work',
    returns: done,
    body: z.strictObject({}).default({}),
  },
  'POST /api/page-links/look': {
    summary: 'What the link of a page leads to; changes nothing.',
    who: 'anyone',
    returns: linked,
    body: z.strictObject({ token }),
  },
  'POST /api/page-links/act': {
    summary: 'Acknowledges, passes on or calls for help, each once for a link.',
    who: 'anyone',
    returns: linked,
    body: z.strictObject({ token, do: z.enum(acts), policyId: idInput.optional() }),
  },
  'POST /api/paging/sms/reply': {
    summary: 'The SMS gateway tells of an answer (Twilio’s form, signed).',
    who: 'anyone',
    returns: z.object({ outcome: z.enum(['acknowledged', 'not-understood']) }),
    body: smsForm,
    form: true,
  },
  'POST /api/paging/sms/status': {
    summary: 'The SMS gateway tells what became of a message (Twilio’s form, signed).',
    who: 'anyone',
    returns: z.object({}),
    body: smsForm,
    form: true,
  },
})
export type Policy = z.infer<typeof policy>
export type PolicyStep = z.output<typeof step>
export type PagingRule = z.infer<typeof rule>
export type Channel = z.infer<typeof channel>
export type NewChannel = z.output<typeof newChannel>
export type Page = z.infer<typeof page>
export type OpenPage = z.infer<typeof openPage>
export type FullPage = z.infer<typeof fullPage>
export type LinkedPages = z.infer<typeof linked>
export type MyPaging = z.infer<typeof myPaging>
