import { z } from 'zod'
import { contract, emailAddress, id, idInput, instant, instantInput, named, page, paging, personRef, prose } from './endpoint.ts'

/** What happens by itself at a time that somebody chose: a reply that goes out later, tickets that come back by calendar. */
const scheduledReply = z.object({
  id,
  version: z.number(),
  author: personRef,
  body: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()).nullable(),
  files: z.number(),
  sendAt: instant,
  createdAt: instant,
  can: z.object({ edit: z.boolean().meta({ description: 'Only the writer changes the words.' }), send: z.boolean() }),
})
const sendAt = instantInput

const hourMinute = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time such as 08:00.')
const weekday = z.number().int().min(1).max(7).meta({ description: '1 is Monday, 7 is Sunday.' })
const common = {
  at: hourMinute,
  weekends: z.enum(['keep', 'skip', 'before', 'after']).default('keep').meta({ description: 'What a Saturday or Sunday becomes.' }),
}
const onDay = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('day'), day: z.number().int().min(1).max(31).meta({ description: 'In a shorter month its last day.' }) }),
  z.strictObject({
    by: z.literal('weekday'),
    nth: z
      .number()
      .int()
      .min(-1)
      .max(4)
      .refine((n) => n !== 0, 'First to fourth, or the last (-1).'),
    weekday,
  }),
  z.strictObject({ by: z.literal('last-working-day') }),
])
export const calendar = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('day'), ...common }),
  z.strictObject({ every: z.literal('week'), days: z.array(weekday).min(1, 'Choose a day.').max(7), ...common }),
  z.strictObject({ every: z.literal('month'), on: onDay, ...common }),
  z.strictObject({ every: z.literal('year'), month: z.number().int().min(1).max(12), on: onDay, ...common }),
])
export type Calendar = z.output<typeof calendar>
const kept = z.unknown().meta({ description: 'As in POST /api/recurring-tickets.' }) as unknown as z.ZodType<Calendar, Calendar>
const timeZone = z.string().max(60)
const recurring = z.object({
  id,
  version: z.number(),
  template: named,
  requester: personRef,
  owner: personRef,
  calendar: kept,
  timeZone: z.string(),
  paused: z.boolean(),
  on: z.boolean().meta({ description: 'False: its template or somebody it needs is no longer there.' }),
  next: z.array(instant).meta({ description: 'The next five times.' }),
  made: z.number(),
  can: z.object({ edit: z.boolean() }),
})
const fields = z.strictObject({ templateId: idInput, requesterId: idInput, calendar, timeZone })

export const scheduled = contract({
  'GET /api/tickets/:id/scheduled-replies': {
    summary: 'Replies that wait for their time.',
    who: 'ticket.work',
    returns: z.object({
      items: z.array(scheduledReply),
      zones: z.object({ requester: z.string().nullable(), mine: z.string().nullable() }),
    }),
  },
  'POST /api/tickets/:id/scheduled-replies': {
    summary: 'Keeps a reply and sends it at that time, unless the requester writes before or the ticket is closed.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: scheduledReply,
    body: z.strictObject({
      body: prose(500_000).refine((b) => b.trim() !== '', 'Write something.'),
      to: z.array(emailAddress).max(20).optional(),
      cc: z.array(emailAddress).max(20).optional(),
      uploadIds: z.array(idInput).max(20).default([]),
      sendAt,
    }),
  },
  'PATCH /api/scheduled-replies/:id': {
    summary: 'Changes the text or the time.',
    who: 'ticket.work',
    ifMatch: true,
    returns: scheduledReply,
    body: z.strictObject({ body: prose(500_000).refine((b) => b.trim() !== '', 'Write something.'), sendAt }).partial(),
  },
  'POST /api/scheduled-replies/:id/send': {
    summary: 'Sends it now, in the name of its writer.',
    who: 'ticket.work',
    returns: z.object({ messageId: id }),
  },
  'POST /api/scheduled-replies/:id/cancel': {
    summary: 'Does not send it; the text goes back to its writer as a draft.',
    who: 'ticket.work',
    returns: z.object({ body: z.string() }),
  },
  'GET /api/recurring-tickets': {
    summary: 'Tickets that come by calendar, the next one first; keyset pages.',
    who: 'ticket.work',
    returns: page(recurring),
    query: z.object(paging),
  },
  'POST /api/recurring-tickets': {
    summary: 'Adds one: a template and a calendar.',
    who: 'template.edit',
    status: 201,
    idempotent: true,
    returns: recurring,
    body: fields,
  },
  'POST /api/recurring-tickets/dates': {
    summary: 'The next five times of a calendar that is not kept yet.',
    who: 'ticket.work',
    returns: z.object({ next: z.array(instant) }),
    body: z.strictObject({ calendar, timeZone }),
  },
  'PATCH /api/recurring-tickets/:id': {
    summary: 'Changes, pauses or resumes it.',
    who: 'template.edit',
    ifMatch: true,
    returns: recurring,
    body: fields.extend({ paused: z.boolean() }).partial(),
  },
  'DELETE /api/recurring-tickets/:id': { summary: 'Removes it; the tickets that it made stay.', who: 'template.edit' },
  'GET /api/recurring-tickets/:id/made': {
    summary: 'What it made, newest first (at most 200).',
    who: 'ticket.work',
    returns: z.object({
      items: z.array(
        z.object({
          date: z.string(),
          dueAt: instant,
          madeAt: instant,
          late: z.boolean(),
          ticket: z.object({ id, number: z.number() }).nullable().meta({ description: 'Null: missed while the program stood still.' }),
        }),
      ),
    }),
  },
})
export type ScheduledReply = z.infer<typeof scheduledReply>
export type Recurring = z.infer<typeof recurring>
