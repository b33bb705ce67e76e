import { z } from 'zod'
import { contract, emailAddress, id, idInput, instant, instantInput, line, personRef, prose } from './endpoint.ts'
import { attachment } from './messages.ts'

/** Side conversations: mails with a third party beside a ticket. Staff only; nothing of them ever reaches the requester. */
const contact = z.object({ name: z.string(), email: z.string() })
export const sideStates = ['open', 'done'] as const
export const sideMessage = z.object({
  id,
  at: instant,
  direction: z
    .enum(['in', 'out', 'inside'])
    .meta({ description: 'inside: of a colleague or of the requester, who answered it by mail; it was sent to nobody.' }),
  author: personRef.nullable(),
  from: contact,
  to: z.array(contact),
  cc: z.array(contact),
  text: z.string(),
  visibleText: z.string().meta({ description: 'Without what was quoted.' }),
  automatic: z.string().nullable(),
  unverified: z.string().nullable(),
  reminder: z.boolean(),
  delivery: z.object({ state: z.string(), answer: z.string() }).nullable(),
  files: z.array(z.object({ id, name: z.string(), size: z.number(), mediaType: z.string() })),
})
const base = {
  id,
  version: z.number(),
  ticketId: id,
  tag: z.string().meta({ description: 'Stands in the subject of its mails; it is no ticket\u2019s.' }),
  subject: z.string(),
  state: z.enum(sideStates),
  reference: z.string().meta({ description: 'Their own number of the case.' }),
  targetOn: z.string().nullable(),
  chaseAt: instant.nullable(),
  keepsWaiting: z.boolean(),
  parties: z.array(contact.extend({ field: z.enum(['to', 'cc']) })),
  answeredAt: instant.nullable().meta({ description: 'Their newest answer, while we have not written again.' }),
  createdAt: instant,
  createdBy: personRef.nullable(),
  doneAt: instant.nullable(),
  doneBy: personRef.nullable(),
}
export const side = z.object({ ...base, last: z.object({ at: instant, from: z.string(), text: z.string() }).nullable() })
export const sideInFull = z.object({ ...base, messages: z.array(sideMessage), can: z.object({ edit: z.boolean() }) })

const addresses = z.array(emailAddress).max(20)
const text = prose(100_000).refine((words) => words.trim() !== '', 'Write something.')
const files = {
  attachmentIds: z.array(idInput).max(50).default([]).meta({ description: 'Files of the ticket that go along.' }),
  uploadIds: z.array(idInput).max(50).default([]),
}
const dates = { reference: z.string().trim().max(100), targetOn: z.iso.date().nullable(), chaseAt: instantInput.nullable() }

export const sides = contract({
  'GET /api/tickets/:id/sides': {
    summary: 'The side conversations of a ticket, the oldest first.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(side), can: z.object({ edit: z.boolean() }) }),
  },
  'POST /api/tickets/:id/sides': {
    summary: 'Writes to a third party about a ticket. Refused for whoever takes part in the ticket itself.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: sideInFull,
    body: z.strictObject({
      subject: line(200),
      to: addresses.min(1),
      cc: addresses.default([]),
      body: text,
      ...files,
      reference: dates.reference.default(''),
      targetOn: dates.targetOn.default(null),
      chaseAt: dates.chaseAt.default(null),
      wait: z.boolean().default(false).meta({ description: 'Sets the ticket to wait for the vendor until they answer.' }),
    }),
  },
  'GET /api/sides/contacts': {
    summary: 'Whom one may have written to before: addresses of side conversations of tickets that I may see.',
    who: 'ticket.work',
    query: z.object({ q: z.string().max(100).default('') }),
    returns: z.object({ items: z.array(contact) }),
  },
  'GET /api/sides/:id': { summary: 'A side conversation with its newest 200 messages.', who: 'ticket.work', returns: sideInFull },
  'PATCH /api/sides/:id': {
    summary: 'Changes subject, people, reference, target date or when to chase.',
    who: 'ticket.work',
    ifMatch: true,
    returns: sideInFull,
    body: z.strictObject({ subject: line(200), to: addresses.min(1), cc: addresses, ...dates }).partial(),
  },
  'POST /api/sides/:id/messages': {
    summary: 'Writes again. With seenMessageId it is refused once when they wrote meanwhile.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: sideInFull,
    body: z.strictObject({ body: text, ...files, seenMessageId: idInput.nullable().optional(), wait: z.boolean().default(false) }),
  },
  'POST /api/sides/:id/remind': {
    summary: 'Sends a reminder, in our words unless told, and moves the day of the next one.',
    who: 'ticket.work',
    idempotent: true,
    returns: sideInFull,
    body: z.strictObject({ body: text.optional(), chaseAt: instantInput.nullable().default(null) }),
  },
  'POST /api/sides/:id/done': { summary: 'Nothing more is expected of them.', who: 'ticket.work', returns: sideInFull },
  'POST /api/sides/:id/reopen': { summary: 'Opens it again.', who: 'ticket.work', returns: sideInFull },
  'GET /api/side-files/:id': { summary: 'The bytes of a file of a side conversation.', who: 'ticket.work', wire: 'file' },
  'POST /api/side-files/:id/take': {
    summary: 'Makes a file of a side conversation an upload of mine, to be attached to an answer by choice.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: attachment,
  },
})
export type Side = z.infer<typeof side>
export type SideInFull = z.infer<typeof sideInFull>
