import { z } from 'zod'
import { contract, emailAddress, id, idInput, instant, language, line, named, page, paging, prose } from './endpoint.ts'

/** Routing rules, categories, set-up and brand, health, the live stream. */
export const routingRule = z.object({
  id,
  version: z.number(),
  position: z.number(),
  name: z.string(),
  mailbox: named.nullable(),
  category: named.nullable(),
  organisation: named.nullable(),
  words: z.array(z.string()),
  team: named,
  on: z.boolean(),
})
const ruleFields = z.strictObject({
  name: line(100),
  mailboxId: idInput.nullable(),
  categoryId: idInput.nullable(),
  organisationId: idInput.nullable(),
  words: z.array(line(50)).max(50),
  teamId: idInput,
  on: z.boolean(),
})
export const routing = contract({
  'GET /api/routing-rules': {
    summary: 'Routing rules in order; the first that matches gives the team.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(routingRule) }),
  },
  'POST /api/routing-rules': {
    summary: 'Adds a rule at the end.',
    who: 'routing.edit',
    status: 201,
    idempotent: true,
    returns: routingRule,
    body: ruleFields.partial().required({ name: true, teamId: true }),
  },
  'PATCH /api/routing-rules/:id': {
    summary: 'Changes a rule.',
    who: 'routing.edit',
    ifMatch: true,
    returns: routingRule,
    body: ruleFields.partial(),
  },
  'DELETE /api/routing-rules/:id': { summary: 'Removes a rule.', who: 'routing.edit' },
  'PUT /api/routing-rules/order': {
    summary: 'Sets the order.',
    who: 'routing.edit',
    returns: z.object({ items: z.array(routingRule) }),
    body: z.strictObject({ ids: z.array(idInput).max(500) }),
  },
  'POST /api/routing-rules/try': {
    summary: 'Which rule a ticket like this would meet.',
    who: 'ticket.work',
    returns: z.object({ rule: routingRule.nullable() }),
    body: z.strictObject({
      subject: z.string().max(250).default(''),
      body: prose(100_000).default(''),
      mailboxId: idInput.nullable().default(null),
      categoryId: idInput.nullable().default(null),
      organisationId: idInput.nullable().default(null),
    }),
  },
  'POST /api/categories': {
    summary: 'Adds a category.',
    who: 'category.edit',
    status: 201,
    returns: z.object({ id }),
    body: z.strictObject({ parentId: idInput.nullable().default(null), name: z.strictObject({ en: line(100), de: line(100) }) }),
  },
  'PATCH /api/categories/:id': {
    summary: 'Renames, moves or archives a category.',
    who: 'category.edit',
    body: z
      .strictObject({
        parentId: idInput.nullable(),
        name: z.strictObject({ en: line(100), de: line(100) }),
        position: z.number().int(),
        archived: z.boolean(),
      })
      .partial(),
  },
})

const brand = z.object({
  name: z.string(),
  supports: z.enum(['own-staff', 'customers']).meta({ description: 'It decides the words on the screens: organisation or customer.' }),
  language,
  accent: z.string().nullable(),
  logo: z.string().nullable().meta({ description: 'A data: URL of a PNG, JPEG or WebP of at most 100 kB.' }),
  whoHasIt: z.enum(['first-name', 'team']),
  closeAfterDays: z.number(),
  secondFactor: z.enum(['staff', 'nobody']),
  timeZone: z.string().meta({ description: 'Where the days of the figures begin.' }),
  agentFigures: z.boolean().meta({ description: 'Figures about one person of the staff may be asked for.' }),
})
export const company = contract({
  'GET /api/company': {
    summary: 'Name, logo and words of this desk.',
    who: 'anyone',
    returns: brand.pick({ name: true, supports: true, language: true, accent: true, logo: true, whoHasIt: true, closeAfterDays: true }),
  },
  'GET /api/company/settings': { summary: 'All that an administrator sets while it runs.', who: 'setting.edit', returns: brand },
  'PATCH /api/company/settings': {
    summary: 'Changes it.',
    who: 'setting.edit',
    returns: brand,
    body: z
      .strictObject({
        name: line(100),
        supports: z.enum(['own-staff', 'customers']),
        language,
        accent: z
          .string()
          .regex(/^#[0-9a-f]{6}$/)
          .nullable(),
        logo: z
          .string()
          .max(140_000)
          .regex(/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+$/, 'a PNG, JPEG or WebP picture of at most 100 kB')
          .nullable(),
        whoHasIt: z.enum(['first-name', 'team']),
        closeAfterDays: z.number().int().min(1).max(365),
        secondFactor: z.enum(['staff', 'nobody']),
        timeZone: z.string().max(60),
        agentFigures: z.boolean(),
      })
      .partial(),
  },
  'GET /api/set-up': {
    summary: 'How far the first set-up is.',
    who: 'setting.edit',
    returns: z.object({
      done: z.boolean(),
      steps: z.array(z.object({ key: z.enum(['company', 'mailbox', 'colleagues']), done: z.boolean() })),
    }),
  },
  'POST /api/set-up/colleagues': {
    summary: 'Invites colleagues as agents.',
    who: 'setting.edit',
    status: 201,
    returns: z.object({ invited: z.number() }),
    body: z.strictObject({
      people: z
        .array(
          z.strictObject({
            name: line(200),
            email: emailAddress,
            role: z.enum(['agent', 'lead', 'manager', 'administrator']).default('agent'),
          }),
        )
        .min(1)
        .max(20),
    }),
  },
  'POST /api/set-up/done': { summary: 'Ends the set-up.', who: 'setting.edit' },
})

export const healthCheck = z.object({
  key: z.string(),
  state: z.enum(['good', 'warning', 'bad']),
  message: z.string(),
  remedy: z.string(),
  figures: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
})
export const health = contract({
  'GET /api/health': { summary: 'Only ok or not, for a load balancer.', who: 'anyone', returns: z.object({ ok: z.boolean() }) },
  'GET /api/health/details': {
    summary: 'Database, mail both ways, jobs, backup, disk, clock: what is wrong, in words, with the remedy.',
    who: 'health.see',
    returns: z.object({ ok: z.boolean(), version: z.string(), startedAt: instant, checks: z.array(healthCheck) }),
  },
  'GET /api/health/failed-jobs': {
    summary: 'Jobs that gave up, with their cause.',
    who: 'health.see',
    returns: page(z.object({ id, at: instant, job: z.string(), attempts: z.number(), cause: z.string() })),
    query: z.object(paging),
  },
  'POST /api/health/failed-jobs/:id/retry': { summary: 'Runs a failed job again.', who: 'health.see' },
  'POST /api/health/failed-jobs/:id/settle': { summary: 'Sets a failed job aside.', who: 'health.see' },
  'POST /api/health/backup': { summary: 'Makes a backup now.', who: 'setting.edit', status: 202 },
})

export const hit = z.object({
  kind: z.enum(['ticket', 'message', 'person', 'organisation']),
  id,
  title: z.string(),
  snippet: z.string().meta({ description: 'Text; matches stand between U+0002 and U+0003.' }),
  ticketId: id.nullable(),
})
export const search = contract({
  'GET /api/search': {
    summary: 'Finds tickets, messages and people that I may see. A number or an address jumps straight.',
    who: 'search.use',
    returns: z.object({
      items: z.array(hit),
      jump: z.object({ kind: z.string(), id }).nullable(),
      partial: z.boolean().meta({ description: 'Only the newest 1,000 matches were ranked.' }),
    }),
    query: z.object({
      q: z.string().max(300),
      kind: z.enum(['ticket', 'message', 'person', 'organisation']).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
})

export const live = contract({
  'GET /api/live': {
    summary:
      'Server-Sent Events: `change` with {type, subject, ticketId}; `look` says to look anew. Ids only, filtered to what I may see. Staff hear a position with each: an answer whose header Live-Position says the same is not old.',
    who: 'person',
    wire: 'stream',
    query: z.object({}),
  },
  'PUT /api/presence': {
    summary: 'Says which ticket I look at or type in; told to staff who see that ticket, never to requesters.',
    who: 'ticket.work',
    body: z.strictObject({
      ticketId: idInput.nullable(),
      typing: z.boolean().default(false),
      idle: z.boolean().default(false).meta({ description: 'Open, but nothing was touched for two minutes.' }),
      tab: line(40),
    }),
  },
})
export type RoutingRule = z.infer<typeof routingRule>
export type Hit = z.infer<typeof hit>
export type HealthCheck = z.infer<typeof healthCheck>
