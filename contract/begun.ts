import { z } from 'zod'
import { contract, id, idInput, instant, personRef } from './endpoint.ts'
import { attachment } from './messages.ts'
import { meanings } from './tickets.ts'

/** What is begun and not sent yet: uploads, drafts, and the tickets that one has open. */
export const begun = contract({
  'POST /api/uploads': {
    summary: 'Uploads files for a message to come (kept 24 h).',
    who: 'person',
    wire: 'upload',
    status: 201,
    returns: z.object({ items: z.array(attachment) }),
  },
  'GET /api/attachments/:id': { summary: 'The bytes of an attachment; images are shown in place.', who: 'person', wire: 'file' },
  'GET /api/drafts': {
    summary: 'My drafts and open tickets: the strip of begun work.',
    who: 'person',
    returns: z.object({
      drafts: z.array(
        z.object({
          id,
          ticketId: id.nullable(),
          kind: z.enum(['reply', 'note', 'phone', 'ticket']),
          content: z.record(z.string(), z.unknown()),
          changedAt: instant,
          title: z.string(),
        }),
      ),
      open: z.array(z.object({ ticketId: id, number: z.number(), subject: z.string(), meaning: z.enum(meanings) })),
    }),
  },
  'PUT /api/drafts': {
    summary: 'Keeps a draft; an empty content drops it.',
    who: 'person',
    body: z.strictObject({
      ticketId: idInput.nullable(),
      kind: z.enum(['reply', 'note', 'phone', 'ticket']),
      content: z.record(z.string(), z.unknown()).nullable(),
    }),
  },
  'GET /api/tickets/:id/drafts': {
    summary: 'Drafts on this ticket that are offered to colleagues, mine among them.',
    who: 'ticket.work',
    returns: z.object({
      items: z.array(
        z.object({
          id,
          kind: z.enum(['reply', 'note', 'phone']),
          writer: personRef,
          text: z.string(),
          files: z.number(),
          changedAt: instant,
          mine: z.boolean(),
        }),
      ),
    }),
  },
  'POST /api/tickets/:id/drafts/offer': {
    summary: 'Offers my draft to the colleagues who see the ticket, or takes the offer back.',
    who: 'ticket.work',
    body: z.strictObject({ kind: z.enum(['reply', 'note', 'phone']), offered: z.boolean() }),
  },
  'POST /api/drafts/:id/take': {
    summary: 'Takes over an offered draft: it is mine then, and I am who sends it. Refused while a draft of my own stands there.',
    who: 'ticket.work',
    returns: z.object({ ticketId: id, kind: z.enum(['reply', 'note', 'phone']), content: z.record(z.string(), z.unknown()) }),
  },
  'PUT /api/open-tickets': {
    summary: 'Sets the open tickets of the strip, in order.',
    who: 'ticket.work',
    body: z.strictObject({ ticketIds: z.array(idInput).max(30) }),
  },
})
