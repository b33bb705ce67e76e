import { z } from 'zod'
import { contract, flag, id, idInput, instantInput, line } from './endpoint.ts'
import { ticketField } from './fields.ts'
import { meanings, status } from './tickets.ts'

/** Own statuses on the fixed meanings and who may move a ticket where; what a ticket's own fields hold; snoozing. */
const words = z.strictObject({ en: line(50), de: line(50) })
export const leastRoles = ['agent', 'lead', 'manager', 'administrator'] as const
const move = z.strictObject({
  fromId: idInput,
  toId: idInput,
  leastRole: z.enum(leastRoles).meta({ description: 'This role and those above it may.' }),
})
const moves = z.array(move).nullable().meta({ description: 'Null: all moves that make sense are allowed to everybody of the staff.' })
const statusList = z.object({ items: z.array(status) })

export const statuses = contract({
  'GET /api/statuses': {
    summary: 'All statuses in order; `archived`: those out of use.',
    who: 'person',
    query: z.object({ archived: flag.optional() }),
    returns: statusList,
  },
  'POST /api/statuses': {
    summary: 'Adds a status, the last of its meaning.',
    who: 'category.edit',
    status: 201,
    idempotent: true,
    returns: status,
    body: z.strictObject({ meaning: z.enum(meanings), name: words }),
  },
  'PATCH /api/statuses/:id': {
    summary: 'Renames a status; its meaning stays.',
    who: 'category.edit',
    ifMatch: true,
    returns: status,
    body: z.strictObject({ name: words }),
  },
  'PUT /api/statuses/order': {
    summary: 'Sets the order. The first of a meaning is the one that the program itself sets.',
    who: 'category.edit',
    returns: statusList,
    body: z.strictObject({ ids: z.array(idInput).max(100) }),
  },
  'GET /api/statuses/:id/use': {
    summary: 'How many tickets have it (at most 10,000, then `more`), and what may stand in for it.',
    who: 'category.edit',
    returns: z.object({ tickets: z.number(), more: z.boolean(), replacements: z.array(id), needed: z.boolean() }),
  },
  'POST /api/statuses/:id/archive': {
    summary: 'Takes a status out of use; a job gives its tickets the other one, each with its line in the history.',
    who: 'category.edit',
    returns: statusList,
    body: z.strictObject({ replacementId: idInput.nullable().default(null) }),
  },
  'POST /api/statuses/:id/restore': {
    summary: 'Brings a status back into use, as the last of its meaning. Tickets that got another one meanwhile keep that.',
    who: 'category.edit',
    returns: statusList,
  },
  'GET /api/status-moves': { summary: 'Which moves by hand are allowed, and to whom.', who: 'ticket.work', returns: z.object({ moves }) },
  'PUT /api/status-moves': {
    summary: 'Sets them all.',
    who: 'category.edit',
    returns: z.object({ moves }),
    body: z.strictObject({ moves: z.array(move).max(2000).nullable() }),
  },
  'GET /api/tickets/:id/fields': {
    summary: 'The own fields of this ticket, with their values in words.',
    who: 'person',
    returns: z.object({ items: z.array(ticketField) }),
  },
  'PUT /api/tickets/:id/snooze': {
    summary: 'Hides the ticket from my views until then, or (null) no longer. For me alone; no clock stops.',
    who: 'ticket.work',
    body: z.strictObject({ until: instantInput.nullable() }),
  },
})
