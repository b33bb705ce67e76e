import { z } from 'zod'
import { changes, contract, flag, id, idInput, instant, instantInput, line, named, page as paged, paging, personRef } from './endpoint.ts'
import { meanings } from './tickets.ts'

/** Machines tell of what is wrong: their sources, what they told, and how they tell it. */
export const sourceKinds = ['pagerduty', 'alertmanager', 'webhook', 'mail', 'opsgenie'] as const
export const severities = ['critical', 'error', 'warning', 'info'] as const
export const alertStates = ['waiting', 'suppressed', 'open', 'acknowledged', 'cleared'] as const
const priority = z.number().int().min(1).max(5)
const path = z.string().trim().max(200)

const words = z.string().trim().max(500)

/**
 * Where each thing stands: in the JSON of a foreign machine a path (`alert.host`, `items.0.name`), in a mail the name of a
 * line (`Host: srv-1`). Several with a comma: the first that is there. The last five are the words themselves.
 */
const mapping = z.object({
  key: path,
  device: path,
  condition: path,
  severity: path,
  summary: path,
  state: path,
  link: path,
  cleared: words,
  critical: words,
  error: words,
  warning: words,
  info: words,
})
const mappingInput = mapping.partial().strict().meta({ description: 'What is not given has the usual names and words of its kind.' })

const source = z.object({
  id,
  version: z.number(),
  name: z.string(),
  kind: z.enum(sourceKinds),
  team: named.nullable(),
  organisation: named.nullable(),
  site: named.nullable(),
  delaySeconds: z.number(),
  consecutive: z.number(),
  intervalMinutes: z.number(),
  flapAfter: z.number(),
  stormAfter: z.number(),
  priorities: z.object({ critical: z.number(), error: z.number(), warning: z.number(), info: z.number() }),
  resolves: z.boolean(),
  heartbeatMinutes: z.number().nullable(),
  mapping,
  mailbox: z.object({ id, address: z.string() }).nullable().meta({ description: 'Of which mailbox its address is a part.' }),
  timestampHeader: z.string(),
  hasSecret: z.boolean().meta({ description: 'Whether what it sends must be signed.' }),
  hasKey: z.boolean(),
  createdAt: instant,
  heardAt: instant.nullable(),
  silent: z.boolean().meta({ description: 'It used to speak, and has been silent for longer than its heartbeat.' }),
  open: z.number().meta({ description: 'Its alerts that are not cleared, at most 1000.' }),
})
const withKey = source.extend({
  key: z.string().meta({ description: 'Shown this once.' }),
  address: z.string().meta({ description: 'Where the machine sends to.' }),
})
const sourceFields = z.strictObject({
  name: line(100),
  kind: z.enum(sourceKinds),
  teamId: idInput.nullable().default(null),
  organisationId: idInput.nullable().default(null),
  siteId: idInput.nullable().default(null),
  delaySeconds: z.number().int().min(0).max(86_400).default(0),
  consecutive: z.number().int().min(1).max(100).default(1).meta({ description: 'How often it must be told before a ticket opens.' }),
  intervalMinutes: z
    .number()
    .int()
    .min(1)
    .max(10_080)
    .default(60)
    .meta({ description: 'What comes back within it goes on in its ticket.' }),
  flapAfter: z.number().int().min(0).max(20).default(3),
  stormAfter: z.number().int().min(0).max(1000).default(10),
  priorities: z
    .strictObject({ critical: priority, error: priority, warning: priority, info: priority })
    .default({ critical: 1, error: 2, warning: 3, info: 4 }),
  resolves: z.boolean().default(true).meta({ description: 'A recovery resolves the ticket that nobody touched.' }),
  heartbeatMinutes: z.number().int().min(1).max(43_200).nullable().default(null),
  mapping: mappingInput.default({}),
  secret: z
    .string()
    .trim()
    .min(16)
    .max(200)
    .nullable()
    .default(null)
    .meta({ description: 'Signs what Grafana sends (HMAC); never read back. Null: none.' }),
  timestampHeader: z
    .string()
    .trim()
    .max(100)
    .regex(/^[A-Za-z0-9-]*$/)
    .default('')
    .meta({ description: 'In which header Grafana says when it signed; empty: in none.' }),
  mailboxId: idInput.nullable().default(null).meta({ description: 'For alerts by mail: in which mailbox they arrive.' }),
})

const link = z.object({ href: z.string(), text: z.string() })
const ticketRef = z.object({ id, number: z.number(), subject: z.string(), meaning: z.enum(meanings) })
export const alert = z.object({
  id,
  source: named,
  key: z.string(),
  device: z.string(),
  condition: z.string(),
  severity: z.enum(severities),
  summary: z.string(),
  state: z.enum(alertStates),
  flapping: z.boolean(),
  count: z.number(),
  firstAt: instant,
  lastAt: instant,
  acknowledgedAt: instant.nullable(),
  clearedAt: instant.nullable(),
  opensAt: instant.nullable().meta({ description: 'Waits until then before a ticket opens.' }),
  ticket: ticketRef.nullable(),
  inStorm: z.boolean(),
  runbook: z.string(),
  links: z.array(link),
  values: z.array(z.object({ name: z.string(), value: z.string() })),
})
const happening = z.object({
  id,
  at: instant,
  action: z.enum(['trigger', 'acknowledge', 'resolve']),
  severity: z.enum(severities),
  summary: z.string(),
  outcome: z.string().meta({ description: 'What became of it; empty: not looked at yet.' }),
})
const change = z.object({ id, at: instant, summary: z.string(), links: z.array(link) })
export const fullAlert = alert.extend({
  text: z.string(),
  history: z.array(happening).meta({ description: 'The newest 200.' }),
  changes: z.array(change).meta({ description: 'What was changed on this device in the day before it began.' }),
  previous: z.object({ id, ticket: ticketRef.nullable() }).nullable(),
})
const silence = z.object({
  id,
  source: named.nullable(),
  device: z.string(),
  reason: z.string(),
  fromAt: instant,
  untilAt: instant.nullable(),
  by: personRef.nullable(),
  suppressed: z.number(),
})

const pagerDutyAnswer = z.object({
  status: z.string(),
  message: z.string(),
  dedup_key: z.string().optional(),
  incident_key: z.string().optional(),
  errors: z.array(z.string()).optional(),
})
const opsgenieAnswer = z.object({ result: z.string().optional(), message: z.string().optional(), took: z.number(), requestId: z.string() })
const opsgenieAct = (summary: string) =>
  ({
    summary,
    who: 'anyone',
    status: 202,
    lenient: true,
    returns: opsgenieAnswer,
    query: z.object({ identifierType: z.enum(['id', 'alias']).default('id') }),
    body: z.unknown(),
  }) as const
const taken = z.object({ taken: z.number().meta({ description: 'How many alerts were stored.' }) })

export const alerts = contract({
  'GET /api/alert-sources': {
    summary: 'Which machines may tell of alerts.',
    who: 'setting.edit',
    returns: z.object({ items: z.array(source) }),
  },
  'POST /api/alert-sources': {
    summary: 'Adds a source; its key is told this once.',
    who: 'setting.edit',
    status: 201,
    idempotent: true,
    returns: withKey,
    body: sourceFields,
  },
  'PATCH /api/alert-sources/:id': {
    summary: 'Changes a source.',
    who: 'setting.edit',
    ifMatch: true,
    returns: source,
    body: changes(sourceFields.omit({ kind: true, mailboxId: true })),
  },
  'POST /api/alert-sources/:id/renew-key': {
    summary: 'Gives it a new key; the old one ends.',
    who: 'setting.edit',
    returns: withKey,
    body: z.strictObject({}).default({}),
  },
  'POST /api/alert-sources/:id/test': {
    summary: 'Puts an example through the same way as what the machine sends.',
    who: 'setting.edit',
    returns: taken,
    body: z.strictObject({ action: z.enum(['trigger', 'resolve']).default('trigger') }),
  },
  'DELETE /api/alert-sources/:id': { summary: 'Archives it: its key ends, its alerts stay.', who: 'setting.edit' },
  'POST /api/alert-sources/try': {
    summary: 'Says how a mapping reads an example (JSON, or a mail with its subject); stores nothing.',
    who: 'setting.edit',
    returns: z.object({
      key: z.string(),
      action: z.string(),
      device: z.string(),
      condition: z.string(),
      severity: z.enum(severities),
      summary: z.string(),
    }),
    body: z.strictObject({
      kind: z.enum(['webhook', 'mail']).default('webhook'),
      mapping: mappingInput.default({}),
      sample: z.string().max(100_000),
    }),
  },
  'GET /api/alerts': {
    summary: 'Alerts, latest first; keyset pages.',
    who: 'ticket.work',
    returns: paged(alert).extend({
      counts: z
        .object({ waiting: z.number(), suppressed: z.number(), open: z.number(), acknowledged: z.number() })
        .meta({ description: 'At most 1000 each.' }),
    }),
    query: z.object({
      ...paging,
      state: z.enum(alertStates).optional(),
      live: flag.optional().meta({ description: 'Only those that are not cleared.' }),
      sourceId: id.optional(),
      device: z.string().max(250).optional(),
    }),
  },
  'GET /api/alerts/:id': { summary: 'One alert with its history.', who: 'ticket.work', returns: fullAlert },
  'GET /api/tickets/:id/alerts': {
    summary: 'The alerts of a ticket, at most 100.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(alert), total: z.number() }),
  },
  'GET /api/alert-silences': {
    summary: 'Planned work, now and to come.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(silence), can: z.object({ edit: z.boolean() }) }),
  },
  'POST /api/alert-silences': {
    summary: 'Keeps alerts of a source or a device from opening tickets; nothing is dropped.',
    who: 'routing.edit',
    status: 201,
    idempotent: true,
    returns: silence,
    body: z.strictObject({
      sourceId: idInput.nullable().default(null),
      device: z.string().trim().max(250).default(''),
      reason: line(500),
      fromAt: instantInput.optional(),
      untilAt: instantInput.nullable().default(null),
    }),
  },
  'DELETE /api/alert-silences/:id': { summary: 'Ends it: what still holds opens.', who: 'routing.edit' },
  'POST /v2/enqueue': {
    summary: 'PagerDuty Events API v2: trigger, acknowledge, resolve.',
    who: 'anyone',
    status: 202,
    lenient: true,
    returns: pagerDutyAnswer,
    body: z.unknown(),
  },
  'POST /v2/alerts': {
    summary: 'Opsgenie’s alert API: creates an alert; the key as `Authorization: GenieKey`.',
    who: 'anyone',
    status: 202,
    lenient: true,
    returns: opsgenieAnswer,
    body: z.unknown(),
  },
  'POST /v2/alerts/:identifier/close': opsgenieAct('Opsgenie’s alert API: it is over.'),
  'POST /v2/alerts/:identifier/acknowledge': opsgenieAct('Opsgenie’s alert API: somebody has seen it.'),
  'POST /v2/alerts/:identifier/notes': opsgenieAct('Opsgenie’s alert API: adds a note to its ticket.'),
  'POST /v2/change/enqueue': {
    summary: 'PagerDuty Events API v2: what was changed.',
    who: 'anyone',
    status: 202,
    lenient: true,
    returns: pagerDutyAnswer,
    body: z.unknown(),
  },
  'POST /generic/2010-04-15/create_event.json': {
    summary: 'PagerDuty Events API v1.',
    who: 'anyone',
    lenient: true,
    returns: pagerDutyAnswer,
    body: z.unknown(),
  },
  'POST /api/alerts/alertmanager': {
    summary: 'Prometheus Alertmanager and Grafana; the key as bearer token or as password.',
    who: 'anyone',
    lenient: true,
    returns: taken,
    body: z.unknown(),
  },
  'POST /api/alerts/in/:key/alertmanager': {
    summary: 'The same with the key in the address.',
    who: 'anyone',
    lenient: true,
    returns: taken,
    body: z.unknown(),
  },
  'POST /api/alerts/in/:key': {
    summary: 'Any JSON, read by the source’s mapping.',
    who: 'anyone',
    lenient: true,
    returns: taken,
    body: z.unknown(),
  },
})
export type AlertSource = z.infer<typeof source>
export type AlertSourceInput = z.output<typeof sourceFields>
export type AlertSourceChange = Partial<z.output<typeof sourceFields>>
export type AlertMapping = z.infer<typeof mapping>
export type Alert = z.infer<typeof alert>
export type FullAlert = z.infer<typeof fullAlert>
export type AlertSilence = z.infer<typeof silence>
export type Severity = (typeof severities)[number]
