import { z } from 'zod'
import { contract, id, idInput, instant, line, personRef, prose } from './endpoint.ts'
import { meanings, relations, resolutionCodes, ticket } from './tickets.ts'

/** How tickets hang together: links, parents and children, merging and its undoing, splitting, another kind. Staff only. */
const other = z.object({
  id,
  number: z.number(),
  subject: z.string(),
  meaning: z.enum(meanings),
  status: z.string(),
  requester: personRef,
  assignee: personRef.nullable(),
})
export const linked = z.object({
  id: id.meta({ description: 'Of the link; removes it.' }),
  relation: z.enum(relations).meta({ description: 'What this ticket is to the other.' }),
  ticket: other,
})
export const mergedPart = z.object({
  mergeId: id,
  ticket: z.object({ id, number: z.number(), subject: z.string() }),
  at: instant,
  by: personRef.nullable(),
  messages: z.number(),
  undoUntil: instant.nullable().meta({ description: 'Null: its time is over.' }),
})
export const ticketLinks = z.object({
  links: z.array(linked).meta({ description: 'All but the children, oldest first; the first 100.' }),
  children: z.array(linked).meta({ description: 'The first 200.' }),
  childrenOpen: z.number(),
  childrenTotal: z.number(),
  merged: z.array(mergedPart),
  can: z.object({ edit: z.boolean() }),
})
const reportRow = z.object({
  ticket: z.object({ id, number: z.number(), subject: z.string() }),
  done: z.boolean(),
  code: z.string().nullable().meta({ description: 'Why not: a problem code, or `finished`, `no-address`, `same-already`.' }),
  message: z.string().nullable(),
})
const report = z.object({ items: z.array(reportRow), done: z.number(), left: z.number() })
const side = z.object({
  id,
  number: z.number(),
  subject: z.string(),
  meaning: z.enum(meanings),
  status: z.string(),
  requester: personRef,
  organisation: z.object({ id, name: z.string() }).nullable(),
  team: z.object({ id, name: z.string() }).nullable(),
  assignee: personRef.nullable(),
  createdAt: instant,
  messages: z.number(),
})

const linkInput = z.strictObject({ relation: z.enum(relations), ticketId: idInput })

export const ticketRelations = contract({
  'GET /api/tickets/:id/links': {
    summary: 'Links, children and merged tickets, as far as I may see them; what I may not see is not counted.',
    who: 'ticket.work',
    returns: ticketLinks,
  },
  'POST /api/tickets/:id/links': {
    summary: 'Links two tickets that I see.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: ticketLinks,
    body: linkInput,
  },
  'DELETE /api/tickets/:id/links/:linkId': { summary: 'Takes a link away.', who: 'ticket.work', returns: ticketLinks },
  'POST /api/tickets/:id/linked-tickets': {
    summary: 'Opens a ticket for the same requester that is linked to this one.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: ticket,
    body: z.strictObject({
      kind: z.enum(['incident', 'request']),
      relation: z.enum(relations).default('related'),
      subject: line(250),
      body: prose(500_000).default(''),
    }),
  },
  'POST /api/tickets/:id/children': {
    summary: 'Makes several tickets children of this one; says for each whether it became one.',
    who: 'ticket.work',
    returns: report,
    body: z.strictObject({ ticketIds: z.array(idInput).min(1).max(100) }),
  },
  'POST /api/tickets/:id/children/answer': {
    summary: 'One answer to each open child, as a mail of its own; {{name}}, {{number}} and {{subject}} are filled for each.',
    who: 'ticket.work',
    idempotent: true,
    returns: report,
    body: z.strictObject({ text: prose(500_000).refine((text) => text.trim() !== '', 'Write something.') }),
  },
  'POST /api/tickets/:id/children/resolve': {
    summary: 'Resolves each open child with this text.',
    who: 'ticket.work',
    returns: report,
    body: z.strictObject({ code: z.enum(resolutionCodes), text: prose(20_000).default(''), tell: z.boolean().default(true) }),
  },
  'POST /api/tickets/:id/children/status': {
    summary: 'Gives each open child the status of this ticket: in work or waiting, never waiting for the requester, closed or cancelled.',
    who: 'ticket.work',
    returns: report,
  },
  'GET /api/tickets/:id/merge-preview': {
    summary: 'What merging this ticket into another would do.',
    who: 'ticket.work',
    query: z.object({ intoId: id }),
    returns: z.object({
      from: side,
      into: side,
      sameRequester: z.boolean(),
      acrossOrganisations: z.boolean(),
      refused: z
        .enum(['same-ticket', 'restricted', 'across-organisations', 'parent-and-child'])
        .nullable()
        .meta({ description: 'Why it cannot be done; `across-organisations` can, by who has the right and says so.' }),
      gainsCopies: z.array(personRef).meta({ description: 'Who will get copies of the other ticket, and reads it.' }),
      losesSight: z.array(personRef).meta({ description: 'Who reads their ticket now and will not any more.' }),
    }),
  },
  'POST /api/tickets/:id/merge': {
    summary: 'Merges this ticket into another; its number leads there for ever.',
    who: 'ticket.work',
    idempotent: true,
    returns: z.object({ mergeId: id, ticket }),
    body: z.strictObject({
      intoId: idInput,
      tell: z.boolean().default(true).meta({ description: 'Tells the requester of this ticket the number of the other.' }),
      acrossOrganisations: z.boolean().default(false).meta({ description: 'Yes, although they belong to different organisations.' }),
    }),
  },
  'POST /api/merges/:id/undo': {
    summary: 'Undoes a merge within 30 days: each message goes back, later ones of its thread too.',
    who: 'ticket.work',
    returns: ticket,
  },
  'POST /api/tickets/:id/split': {
    summary: 'Makes a new ticket of some messages; it continues this one, and answers to them land there.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: ticket,
    body: z.strictObject({
      messageIds: z.array(idInput).min(1).max(100),
      how: z.enum(['move', 'copy']).default('move'),
      subject: line(250).optional(),
    }),
  },
  'POST /api/tickets/:id/convert': {
    summary: 'Makes an incident of a request, or a request of an incident.',
    who: 'ticket.work',
    ifMatch: true,
    returns: ticket,
    body: z.strictObject({ kind: z.enum(['incident', 'request']), reason: prose(500).default('') }),
  },
})
export type TicketLinks = z.infer<typeof ticketLinks>
export type Linked = z.infer<typeof linked>
export type ReportRow = z.infer<typeof reportRow>
