import { z } from 'zod'
import { contract, emailAddress, id, idInput, instant, instantInput, line, named, page, paging, personRef, prose } from './endpoint.ts'

/** Visits: somebody of ours goes to where the fault is. Their times, who goes, what it took, and the report that is signed there. */
export const visitStates = ['planned', 'on-the-way', 'there', 'done', 'cancelled', 'not-met'] as const
const state = z.enum(visitStates)
const text = (max: number) => z.string().trim().max(max)
const timeZone = z
  .string()
  .max(100)
  .regex(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/, 'an IANA time zone like Europe/Berlin')
  .meta({ description: 'The zone of the place.' })

const contact = z.object({ name: z.string(), phone: z.string(), email: z.string() })
const contactInput = z.strictObject({ name: text(200), phone: text(50), email: z.union([emailAddress, z.literal('')]) })
const part = z.object({
  name: z.string(),
  number: z.string(),
  quantity: z.number(),
  serial: z.string(),
  price: z.number().nullable().meta({ description: 'Of one, in cents.' }),
})
const partInput = z.strictObject({
  name: line(200),
  number: text(100).default(''),
  quantity: z.number().positive().max(100_000).default(1),
  serial: text(100).default(''),
  price: z.number().int().min(0).max(100_000_000).nullable().default(null),
})
const spent = z.object({ person: personRef, workMinutes: z.number(), travelMinutes: z.number(), kilometres: z.number() })
const clash = z.object({
  person: personRef,
  why: z.enum(['visit', 'away']),
  visit: z
    .object({ id, startsAt: instant, endsAt: instant, ticket: z.number().nullable().meta({ description: 'Null where I do not see it.' }) })
    .nullable(),
})
const reportRef = z.object({ id, number: z.number(), signedAt: instant, signer: z.string(), how: z.enum(['drawn', 'typed']) })

export const visit = z.object({
  id,
  version: z.number(),
  ticket: z.object({ id, number: z.number(), subject: z.string() }),
  organisation: named.nullable(),
  site: named.nullable(),
  address: z.string(),
  accessNote: z.string().meta({ description: 'How one gets in. Empty for the requester.' }),
  startsAt: instant,
  endsAt: instant,
  timeZone: z.string(),
  purpose: z.string(),
  people: z.array(personRef),
  contact,
  state,
  reason: z.string().meta({ description: 'Why it was cancelled, or who was not met.' }),
  declined: z.object({ at: instant, text: z.string() }).nullable().meta({ description: 'The requester cannot make it.' }),
  steps: z.array(z.object({ state, at: instant, by: personRef.nullable() })),
  summary: z.string(),
  spent: z.array(spent),
  parts: z.array(part),
  reports: z.array(reportRef),
  can: z.object({ edit: z.boolean(), decline: z.boolean() }),
})
export const visitReport = z.object({
  id,
  visitId: id,
  ticket: z.object({ id, number: z.number(), subject: z.string() }),
  number: z.number().meta({ description: 'Counts up for each visit; the newest one holds.' }),
  newest: z.boolean(),
  company: z.string(),
  organisation: z.string(),
  place: z.string(),
  purpose: z.string(),
  startsAt: instant,
  endsAt: instant,
  timeZone: z.string(),
  arrivedAt: instant.nullable(),
  leftAt: instant.nullable(),
  summary: z.string(),
  spent: z.array(z.object({ name: z.string(), workMinutes: z.number(), travelMinutes: z.number(), kilometres: z.number() })),
  parts: z.array(part),
  signer: z.string(),
  how: z.enum(['drawn', 'typed']),
  signedAt: instant,
  madeBy: z.string(),
})
const times = { startsAt: instantInput, endsAt: instantInput }
const fields = z.strictObject({
  ...times,
  timeZone: timeZone.optional(),
  siteId: idInput.nullable().optional(),
  address: text(500).optional(),
  accessNote: prose(2000).optional(),
  purpose: line(250),
  peopleIds: z.array(idInput).min(1, 'Choose who goes.').max(10),
  contact: contactInput.optional(),
})
const sending = {
  tell: z.boolean().default(true).meta({ description: 'Invite the requester by mail, or tell them of the change.' }),
  despite: z.boolean().default(false).meta({ description: 'Plan it although somebody has another visit then.' }),
}
const change = { who: 'ticket.work', returns: visit } as const

export const visits = contract({
  'GET /api/visits': {
    summary: 'Visits by their beginning: mine, those of a person, or all that I see.',
    who: 'ticket.work',
    returns: page(visit),
    query: z.object({
      ...paging,
      person: z.union([z.literal('me'), id]).optional(),
      from: instantInput.optional(),
      until: instantInput.optional(),
    }),
  },
  'GET /api/visits/clashes': {
    summary: 'Who of these people has something else at that time.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(clash) }),
    query: z.object({ ...times, people: z.string().regex(/^\d+(,\d+){0,9}$/), except: id.optional() }),
  },
  'GET /api/visits/:id': { summary: 'One visit.', who: 'ticket.work', returns: visit },
  'GET /api/tickets/:id/visits': {
    summary: 'The visits of a ticket, the next one first; the requester sees them without the access note.',
    who: 'person',
    returns: z.object({ items: z.array(visit), can: z.object({ plan: z.boolean() }) }),
  },
  'GET /api/tickets/:id/visits/windows': {
    summary: 'Five times within the next ten working days at which all of these people are free, on the wall clock of the place.',
    who: 'ticket.work',
    returns: z.object({
      items: z.array(z.object({ startsAt: instant, endsAt: instant })),
      timeZone: z.string(),
      site: named.nullable(),
      address: z.string(),
      accessNote: z.string(),
      contact,
    }),
    query: z.object({
      people: z
        .string()
        .regex(/^(\d+(,\d+){0,9})?$/)
        .default(''),
      minutes: z.coerce.number().int().min(15).max(1440).default(60),
      site: id.optional(),
    }),
  },
  'POST /api/tickets/:id/visits': {
    summary: 'Plans a visit and invites: who goes, and the requester. Refused with visit_clash when somebody has another then.',
    status: 201,
    idempotent: true,
    body: fields.extend(sending),
    ...change,
  },
  'PATCH /api/visits/:id': {
    summary: 'Changes or moves a visit; who was invited hears of it.',
    ifMatch: true,
    body: fields.partial().extend(sending),
    ...change,
  },
  'POST /api/visits/:id/step': {
    summary: 'On the way, there, done; or back to planned. Not met says who was missed.',
    body: z.strictObject({
      state: z.enum(['planned', 'on-the-way', 'there', 'done', 'not-met']),
      reason: text(500).default(''),
      at: instantInput.optional().meta({ description: 'When it was, for what was pressed without a connection; at most two days ago.' }),
    }),
    ...change,
  },
  'POST /api/visits/:id/cancel': {
    summary: 'Cancels a visit; who was invited hears of it.',
    body: z.strictObject({ reason: line(500), tell: z.boolean().default(true) }),
    ...change,
  },
  'PUT /api/visits/:id/work': {
    summary: 'What was done and what it took: my minutes (they are my time spent on the ticket), the parts, the summary.',
    ifMatch: true,
    body: z.strictObject({
      summary: prose(10_000),
      workMinutes: z.number().int().min(0).max(1440),
      travelMinutes: z.number().int().min(0).max(1440),
      kilometres: z.number().int().min(0).max(5000),
      parts: z.array(partInput).max(100),
    }),
    ...change,
  },
  'POST /api/visits/:id/reports': {
    summary:
      'The work report as it is signed: a drawn signature (PNG), or a typed name with consent. It never changes; a later one gets the next number.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: visitReport,
    body: z.strictObject({
      signer: line(200),
      signature: z
        .string()
        .max(400_000)
        .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'base64 of a PNG')
        .nullable(),
      consent: z.boolean().default(false).meta({ description: 'The typed name counts as the signature.' }),
      tell: z.boolean().default(true).meta({ description: 'Mail it to the requester and the contact on site.' }),
    }),
  },
  'GET /api/visit-reports/:id': { summary: 'A work report, also for the requester.', who: 'person', returns: visitReport },
  'GET /api/visit-reports/:id/signature': { summary: 'The drawn signature as PNG.', who: 'person', wire: 'file' },
  'POST /api/visits/:id/decline': {
    summary: 'The requester cannot make it: says so, and asks for another time.',
    who: 'person',
    returns: visit,
    body: z.strictObject({ text: line(2000) }),
  },
  'GET /api/calendar-link': {
    summary: 'Whether my visits can be read by a calendar program.',
    who: 'ticket.work',
    returns: z.object({ since: instant.nullable(), usedAt: instant.nullable() }),
  },
  'POST /api/calendar-link': {
    summary: 'Makes the private address of my calendar; one made before ends. It is shown this once.',
    who: 'ticket.work',
    status: 201,
    returns: z.object({ address: z.string() }),
  },
  'DELETE /api/calendar-link': { summary: 'Ends the private address of my calendar.', who: 'ticket.work' },
  'GET /api/calendar/:name': {
    summary: 'A person’s visits as iCalendar (RFC 5545). Whoever has the address reads them.',
    who: 'anyone',
    wire: 'file',
  },
})
export type Visit = z.infer<typeof visit>
export type VisitState = z.infer<typeof state>
export type VisitReport = z.infer<typeof visitReport>
export type VisitClash = z.infer<typeof clash>
