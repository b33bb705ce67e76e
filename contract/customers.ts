import { z } from 'zod'
import { contract, id, idInput, instant, line, named, page, paging, personRef, prose } from './endpoint.ts'
import { phone, site } from './people.ts'
import { ticketRow } from './tickets.ts'

/** What one knows of a customer (an organisation): its page, what of it stands beside a ticket, its documents, and the path that adds one. */
export const contactRoles = ['main', 'technical', 'billing', 'security'] as const
export const documentAudiences = ['staff', 'customer'] as const
export const levels = ['green', 'amber', 'red'] as const
export const reasonCodes = ['unanswered', 'reopened'] as const

const reason = z.object({
  code: z.enum(reasonCodes).meta({
    description:
      'unanswered: tickets whose requester waits longer than a day for us. reopened: tickets of the last 30 days that came back.',
  }),
  level: z.enum(levels),
  count: z.number(),
  hours: z.number().nullable().meta({ description: 'Of unanswered: how long the longest has waited.' }),
  ticket: z.object({ id, number: z.number(), subject: z.string() }).nullable().meta({ description: 'The worst of them.' }),
})
const state = z.object({ level: z.enum(levels), reasons: z.array(reason) })

const yesOrNo = z.boolean()
const contactFields = {
  roles: z.array(z.enum(contactRoles)).max(4),
  orders: yesOrNo.meta({ description: 'May order.' }),
  orderLimit: z.string().trim().max(200).meta({ description: 'Up to what, in words; empty: without a limit.' }),
  approves: yesOrNo.meta({ description: 'May approve what others ask for.' }),
  note: z.string().trim().max(1000),
}
export const customerContact = z.object({
  id,
  version: z.number(),
  person: personRef.extend({ email: z.string().nullable(), phones: z.array(phone), department: z.string() }),
  ...contactFields,
  gone: z.boolean().meta({ description: 'Archived, or no longer of this organisation: counts for nothing until somebody settles it.' }),
})
export const customerNote = z.object({
  id,
  version: z.number(),
  body: z.string(),
  createdAt: instant,
  changedAt: instant.nullable(),
  author: personRef.nullable(),
  can: z.object({ edit: z.boolean() }),
})
const documentFile = z.object({
  id,
  number: z.number(),
  name: z.string(),
  mediaType: z.string(),
  size: z.number(),
  addedAt: instant,
  addedBy: personRef.nullable(),
})
export const customerDocument = z.object({
  id,
  version: z.number(),
  organisationId: id,
  title: z.string(),
  audience: z.enum(documentAudiences),
  pinned: z.boolean(),
  files: z.array(documentFile).meta({ description: 'The newest first; it is the one in force.' }),
})
const otherNumber = z.object({
  system: line(100),
  number: line(100),
  link: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)])
    .default('')
    .meta({ description: 'Where it stands there, http or https.' }),
})
const charge = z.object({
  version: z.number(),
  inCharge: named.nullable(),
  deputy: named.nullable(),
  team: named.nullable(),
  otherNumbers: z.array(z.object({ system: z.string(), number: z.string(), link: z.string() })),
})
const topic = z.object({ category: named.nullable(), count: z.number() })
const overview = z.object({
  id,
  state,
  counts: z.object({
    open: z.number(),
    unassigned: z.number(),
    waitingForUs: z.number(),
    created30: z.number(),
    resolved30: z.number(),
  }),
  charge,
  contacts: z.array(customerContact),
  documents: z.array(customerDocument),
  notes: z.array(customerNote).meta({ description: 'The newest ten.' }),
  moreNotes: z.boolean(),
  activity: z.object({
    months: z.array(
      z.object({ month: z.string().meta({ description: '2026-11, on the clock of the organisation.' }), created: z.number() }),
    ),
    categories: z.array(topic).meta({ description: 'The five most frequent of these twelve months.' }),
    repeats: z
      .array(topic.extend({ people: z.number() }))
      .meta({ description: 'Categories that came at least three times in the last 30 days.' }),
    cut: z.boolean().meta({ description: 'Only the newest 20,000 tickets were counted.' }),
  }),
  path: z.object({ open: z.boolean() }),
  can: z.object({ edit: z.boolean() }),
})

const standing = z.object({
  person: personRef.extend({ specialHandling: z.string() }),
  organisation: z.object({ id, name: z.string(), specialHandling: z.string(), timeZone: z.string().nullable() }).nullable(),
  state: state.nullable(),
  order: z.object({
    answer: z.enum(['may', 'may-not', 'unsaid']).meta({ description: 'unsaid: nobody is named yet who may order.' }),
    limit: z.string(),
    ask: z.array(named).meta({ description: 'Who may, at most three.' }),
  }),
  approves: z.boolean(),
  mainContact: personRef.extend({ email: z.string().nullable(), phones: z.array(phone) }).nullable(),
  inCharge: named.nullable(),
  documents: z.array(z.object({ id, title: z.string(), fileId: id, name: z.string() })),
  site: site.nullable(),
})
const historyRow = ticketRow.pick({ id: true, number: true, subject: true }).extend({
  meaning: z.string(),
  statusName: z.string(),
  createdAt: instant,
  resolution: z.string().nullable(),
})
const standingWithTickets = standing.extend({
  open: z.array(historyRow).meta({ description: 'Open tickets of this person, the newest five.' }),
  past: z.array(historyRow).meta({ description: 'Finished ones, the newest five.' }),
})

export const pathSteps = ['domains', 'sites', 'contacts', 'charge', 'routing', 'documents', 'viewers', 'handling'] as const
const path = z.object({
  organisation: named,
  begun: z.boolean(),
  viewers: z.array(personRef).meta({ description: 'Who sees all its tickets in the portal.' }),
  finished: z.boolean(),
  steps: z.array(
    z.object({
      key: z.string(),
      state: z.enum(['done', 'open', 'not-needed']),
      needed: z.boolean().meta({ description: 'Without it something does not work; the others are good to have.' }),
    }),
  ),
})
const joining = z.object({
  joins: z
    .array(personRef.extend({ email: z.string() }))
    .meta({ description: 'Of one of these domains and of no organisation yet, at most 200.' }),
  more: z.boolean(),
  elsewhere: z
    .array(z.object({ organisation: named, people: z.number() }))
    .meta({ description: 'People of these domains who belong elsewhere, and stay there.' }),
  taken: z.array(z.object({ domain: z.string(), organisation: named })).meta({ description: 'Domains that another organisation has.' }),
})

export const customers = contract({
  'GET /api/organisations/joining': {
    summary: 'Who would join an organisation with these mail domains.',
    who: 'organisation.edit',
    query: z.object({ domains: z.string().max(5000).default(''), organisationId: id.optional() }),
    returns: joining,
  },
  'GET /api/organisations/:id/overview': {
    summary: 'All that the page of a customer shows beside its master data.',
    who: 'person.see',
    returns: overview,
  },
  'PATCH /api/organisations/:id/customer': {
    summary: 'Changes who looks after the customer, and its numbers in other systems.',
    who: 'organisation.edit',
    ifMatch: true,
    returns: charge,
    body: z
      .strictObject({
        inChargeId: idInput.nullable(),
        deputyId: idInput.nullable(),
        teamId: idInput.nullable(),
        otherNumbers: z.array(otherNumber).max(50),
      })
      .partial(),
  },
  'POST /api/organisations/:id/join': {
    summary: 'Takes people of the domains of this organisation, who belong nowhere yet, into it.',
    who: 'organisation.edit',
    returns: z.object({ joined: z.number() }),
    body: z.strictObject({ personIds: z.array(idInput).min(1).max(200) }),
  },
  'POST /api/organisations/:id/contacts': {
    summary: 'Names a person of the organisation as its contact.',
    who: 'organisation.edit',
    status: 201,
    idempotent: true,
    returns: customerContact,
    body: z.strictObject({ personId: idInput, ...z.object(contactFields).partial().shape }),
  },
  'PATCH /api/contacts/:id': {
    summary: 'Changes what a contact is there for.',
    who: 'organisation.edit',
    ifMatch: true,
    returns: customerContact,
    body: z.strictObject(contactFields).partial(),
  },
  'DELETE /api/contacts/:id': { summary: 'The person stays; they are no contact any more.', who: 'organisation.edit' },
  'GET /api/organisations/:id/notes': {
    summary: 'Notes on a customer, the newest first.',
    who: 'person.see',
    query: z.object(paging),
    returns: page(customerNote),
  },
  'POST /api/organisations/:id/notes': {
    summary: 'Adds a dated note.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: customerNote,
    body: z.strictObject({ body: prose(10_000).refine((words) => words.trim() !== '', 'Write something.') }),
  },
  'PATCH /api/customer-notes/:id': {
    summary: 'Changes a note: its author, or who may edit organisations.',
    who: 'ticket.work',
    ifMatch: true,
    returns: customerNote,
    body: z.strictObject({ body: prose(10_000).refine((words) => words.trim() !== '', 'Write something.') }),
  },
  'DELETE /api/customer-notes/:id': { summary: 'Removes a note for good.', who: 'ticket.work' },
  'POST /api/organisations/:id/documents': {
    summary: 'Files an upload of mine as a document.',
    who: 'organisation.edit',
    status: 201,
    idempotent: true,
    returns: customerDocument,
    body: z.strictObject({
      uploadId: idInput,
      title: line(200).optional().meta({ description: 'Absent: the name of the file without its ending.' }),
      audience: z.enum(documentAudiences).default('staff'),
      pinned: z.boolean().default(false),
    }),
  },
  'PATCH /api/documents/:id': {
    summary: 'Changes title, who sees it, and whether it stands beside tickets.',
    who: 'organisation.edit',
    ifMatch: true,
    returns: customerDocument,
    body: z.strictObject({ title: line(200), audience: z.enum(documentAudiences), pinned: z.boolean() }).partial(),
  },
  'POST /api/documents/:id/files': {
    summary: 'Adds a newer version; the older ones stay.',
    who: 'organisation.edit',
    status: 201,
    idempotent: true,
    returns: customerDocument,
    body: z.strictObject({ uploadId: idInput }),
  },
  'DELETE /api/documents/:id': { summary: 'Removes a document with all its versions for good.', who: 'organisation.edit' },
  'GET /api/document-files/:id': { summary: 'The bytes of one version of a document.', who: 'person', wire: 'file' },
  'GET /api/documents': {
    summary: 'Documents that are for the viewers of my organisation.',
    who: 'person',
    returns: z.object({ items: z.array(customerDocument.omit({ version: true, pinned: true, audience: true })) }),
  },
  'GET /api/customer-paths': {
    summary: 'Customers that somebody began to add and did not finish, the newest first.',
    who: 'organisation.edit',
    returns: z.object({
      items: z.array(z.object({ organisation: named, begunAt: instant, begunBy: personRef.nullable(), left: z.number() })),
    }),
  },
  'GET /api/organisations/:id/path': {
    summary: 'The steps of adding this customer, and what is left.',
    who: 'organisation.edit',
    returns: path,
  },
  'POST /api/organisations/:id/path': { summary: 'Begins the path, or takes it up again.', who: 'organisation.edit', returns: path },
  'PUT /api/organisations/:id/path/steps/:key': {
    summary: 'Says that a step is not needed here, or is needed after all.',
    who: 'organisation.edit',
    returns: path,
    body: z.strictObject({ needed: z.boolean() }),
  },
  'POST /api/organisations/:id/path/finish': {
    summary: 'Ends the path; what is left stays on its list.',
    who: 'organisation.edit',
    returns: path,
  },
  'GET /api/tickets/:id/customer': {
    summary: 'What one must know of the customer, beside a ticket.',
    who: 'ticket.work',
    returns: standing,
  },
  'GET /api/people/:id/customer': {
    summary: 'The same of a person who calls or stands there, with their tickets.',
    who: 'person.see',
    returns: standingWithTickets,
  },
})
export type Overview = z.infer<typeof overview>
export type CustomerState = z.infer<typeof state>
export type CustomerReason = z.infer<typeof reason>
export type CustomerContact = z.infer<typeof customerContact>
export type CustomerNote = z.infer<typeof customerNote>
export type CustomerDocument = z.infer<typeof customerDocument>
export type CustomerCharge = z.infer<typeof charge>
export type Standing = z.infer<typeof standing>
export type StandingWithTickets = z.infer<typeof standingWithTickets>
export type HistoryRow = z.infer<typeof historyRow>
export type CustomerPath = z.infer<typeof path>
export type Joining = z.infer<typeof joining>
