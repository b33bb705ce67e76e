import { z } from 'zod'
import { severityTold } from './emergency.ts'
import {
  contract,
  emailAddress,
  flag,
  id,
  idInput,
  instant,
  instantInput,
  line,
  named,
  page,
  paging,
  personRef,
  prose,
} from './endpoint.ts'
import { fieldValuesInput } from './field-values.ts'
import { handoff, saysSomething } from './handoff.ts'
import { meanings, resolutionCodes } from './tickets.ts'

/** On the phone: who calls, what came of it, who is to be called back, and the telephone system that tells of calls. */
export const callEndings = ['solve', 'send', 'keep', 'add'] as const
const openTicket = z.object({ id, number: z.number(), subject: z.string(), meaning: z.enum(meanings), createdAt: instant })
const caller = personRef.extend({
  email: z.string().nullable(),
  organisation: named.nullable(),
  department: z.string(),
  phones: z.array(z.object({ kind: z.string(), number: z.string() })),
  specialHandling: z.string(),
  organisationHandling: z.string(),
  match: z.enum(['number', 'mail', 'name']),
  openTickets: z.array(openTicket).meta({ description: 'The newest ten.' }),
})
const callTicket = z.object({ id, number: z.number(), subject: z.string() })
export const call = z.object({
  id,
  direction: z.enum(['in', 'out']),
  state: z.enum(['ringing', 'answered', 'ended', 'missed']),
  number: z.string().nullable(),
  person: personRef.nullable(),
  agent: personRef.nullable(),
  ticket: callTicket.nullable(),
  queue: z.string(),
  startedAt: instant,
  answeredAt: instant.nullable(),
  endedAt: instant.nullable(),
  settledAt: instant.nullable(),
  ending: z.enum(callEndings).nullable(),
})
export const callBack = z.object({
  id,
  version: z.number(),
  ticket: callTicket,
  person: personRef,
  method: z.enum(['phone', 'mobile', 'video', 'mail']),
  number: z.string(),
  fromAt: instant,
  untilAt: instant.nullable(),
  note: z.string(),
  assignee: personRef.nullable(),
  state: z.enum(['open', 'reached', 'dropped']),
  tries: z.number(),
})
const callBackFields = z.strictObject({
  method: z.enum(['phone', 'mobile', 'video', 'mail']).default('phone'),
  number: z.string().trim().max(50).default(''),
  fromAt: instantInput,
  untilAt: instantInput.nullable().default(null),
  note: prose(1000).default(''),
  assigneeId: idInput.nullable().optional().meta({ description: 'Absent: whoever writes it down.' }),
})
const newCaller = z.strictObject({
  name: line(200),
  email: emailAddress.nullable().default(null),
  organisationId: idInput.nullable().optional(),
})

const logged = z
  .strictObject({
    callId: idInput.optional().meta({ description: 'The call that the telephone system told of.' }),
    personId: idInput.optional(),
    newPerson: newCaller.optional(),
    number: z.string().trim().max(50).default(''),
    subject: z.string().trim().max(250).default(''),
    text: prose(100_000).default(''),
    categoryId: idInput.nullable().default(null),
    fields: fieldValuesInput.default({}).meta({ description: 'Own fields of the ticket that is opened, by their keys.' }),
    ending: z.enum(callEndings),
    code: z.enum(resolutionCodes).default('solved'),
    teamId: idInput.optional(),
    assigneeId: idInput.nullable().default(null),
    parts: handoff.optional().meta({ description: 'Of the note with which the team gets it, where it is sent on.' }),
    ticketId: idInput.optional(),
    callBack: callBackFields.optional(),
    severity: severityTold.optional(),
  })
  .superRefine((one, context) => {
    const missing = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (one.ending !== 'add' && one.personId === undefined && one.newPerson === undefined)
      missing('personId', 'Say who calls, or write down a name.')
    if (one.ending !== 'add' && one.subject === '') missing('subject', 'One line: what is it about?')
    if (one.ending === 'solve' && one.text.trim() === '') missing('text', 'Say what was done.')
    if (one.ending === 'send' && one.teamId === undefined) missing('teamId', 'Choose the team that goes on.')
    if (one.ending === 'send' && !saysSomething({ note: one.text, parts: one.parts }))
      missing('text', 'Say what was found and what is expected.')
    if (one.ending === 'add' && one.ticketId === undefined) missing('ticketId', 'Choose the ticket.')
    if (one.ending === 'add' && one.text.trim() === '' && one.subject === '') missing('text', 'Say what was talked about.')
  })

const phoneSystem = z.object({
  id,
  version: z.number(),
  name: z.string(),
  createdAt: instant,
  rotatedAt: instant.nullable(),
  heardAt: instant.nullable(),
})
const withKey = phoneSystem.extend({ address: z.string().meta({ description: 'With its secret key: shown this once.' }) })

/** Zammad's generic CTI, as telephone systems speak it: JSON or a form. More fields than these are let be. */
const ctiEvent = z.object({
  event: z.enum(['newCall', 'answer', 'hangup', 'ringing', 'answered', 'ended', 'missed']),
  callId: z.string().trim().min(1).max(200),
  from: z.string().trim().max(60).default(''),
  to: z.string().trim().max(60).default(''),
  direction: z.enum(['in', 'out']).optional(),
  user: z.union([z.string().max(200), z.array(z.string().max(200)).max(50)]).optional(),
  queue: z.string().trim().max(100).optional(),
  cause: z.string().trim().max(100).optional(),
  answeringNumber: z.string().trim().max(100).optional(),
})

export const calls = contract({
  'GET /api/callers': {
    summary: 'Who this is: by number, address or name, with open tickets and special handling.',
    who: 'person.see',
    returns: z.object({ number: z.string().nullable(), items: z.array(caller) }),
    query: z.object({ q: z.string().max(200) }),
  },
  'POST /api/calls': {
    summary: 'Writes a call down: solved at once, sent on, kept, or added to an open ticket.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: z.object({ call, ticketId: id }),
    body: logged,
  },
  'GET /api/calls': {
    summary: 'Calls, newest first; keyset pages.',
    who: 'ticket.work',
    returns: page(call),
    query: z.object({
      ...paging,
      missed: flag.optional().meta({ description: 'Only missed ones that nobody saw to.' }),
      mine: flag.optional(),
    }),
  },
  'GET /api/calls/:id': { summary: 'One call.', who: 'ticket.work', returns: call },
  'POST /api/calls/:id/settle': { summary: 'Says that a missed call was seen to.', who: 'ticket.work', returns: call },
  'GET /api/call-backs': {
    summary: 'Who is to be called back, soonest first; keyset pages.',
    who: 'ticket.work',
    returns: page(callBack).extend({ due: z.number().meta({ description: 'Mine that are due now, at most 100.' }) }),
    query: z.object({ ...paging, mine: flag.optional() }),
  },
  'GET /api/tickets/:id/call-backs': {
    summary: 'Call-backs of a ticket, newest first.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(callBack), can: z.object({ edit: z.boolean() }) }),
  },
  'POST /api/tickets/:id/call-backs': {
    summary: 'Notes that the requester wants to be called back, when and how.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: callBack,
    body: callBackFields,
  },
  'PATCH /api/call-backs/:id': {
    summary: 'Changes a call-back.',
    who: 'ticket.work',
    ifMatch: true,
    returns: callBack,
    body: z
      .strictObject({
        method: z.enum(['phone', 'mobile', 'video', 'mail']),
        number: z.string().trim().max(50),
        fromAt: instantInput,
        untilAt: instantInput.nullable(),
        note: prose(1000),
        assigneeId: idInput.nullable(),
      })
      .partial(),
  },
  'POST /api/call-backs/:id/result': {
    summary: 'What came of calling back: reached, not reached (tried again later), or no longer wanted.',
    who: 'ticket.work',
    idempotent: true,
    returns: callBack,
    body: z.strictObject({
      result: z.enum(['reached', 'not-reached', 'dropped']),
      againAt: instantInput.optional().meta({ description: 'When to try again; an hour later unless told.' }),
    }),
  },
  'GET /api/me/extension': { summary: 'My extension.', who: 'ticket.work', returns: z.object({ number: z.string() }) },
  'PUT /api/me/extension': {
    summary: 'Sets it: calls to it pop up for me.',
    who: 'ticket.work',
    returns: z.object({ number: z.string() }),
    body: z.strictObject({ number: z.string().trim().max(30) }),
  },
  'GET /api/phone-systems': { summary: 'Telephone systems.', who: 'setting.edit', returns: z.object({ items: z.array(phoneSystem) }) },
  'POST /api/phone-systems': {
    summary: 'Adds one; its address with the secret key is told this once.',
    who: 'setting.edit',
    status: 201,
    returns: withKey,
    body: z.strictObject({ name: line(100) }),
  },
  'POST /api/phone-systems/:id/rotate': { summary: 'Gives it a new key; the old one ends.', who: 'setting.edit', returns: withKey },
  'DELETE /api/phone-systems/:id': { summary: 'Ends its key; its calls stay.', who: 'setting.edit' },
  'POST /api/cti/:key': {
    summary: 'A telephone system tells of a call: newCall, answer, hangup (JSON or form).',
    who: 'anyone',
    returns: z.object({}),
    body: ctiEvent,
    form: true,
  },
})
export type Call = z.infer<typeof call>
export type CallBack = z.infer<typeof callBack>
export type Caller = z.infer<typeof caller>
export type CtiEvent = z.infer<typeof ctiEvent>
