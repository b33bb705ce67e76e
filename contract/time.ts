import { z } from 'zod'
import { contract, flag, id, idInput, instant, line, named, page, paging, personRef } from './endpoint.ts'

/** Time spent on tickets: entries, the clock that makes them, and how they are counted. Staff only. */
const timeSettings = z.object({
  unit: z.union([z.literal(1), z.literal(5), z.literal(6), z.literal(10), z.literal(15)]).meta({ description: 'Minutes.' }),
  rounding: z.enum(['up', 'nearest', 'none']),
  show: z.enum(['minutes', 'units']),
  billable: z.boolean().meta({ description: 'What a new entry is unless told.' }),
})
const minutes = z.number().int().min(1).max(1440)
const date = z.iso.date()

export const timeEntry = z.object({
  id,
  version: z.number(),
  ticket: z.object({ id, number: z.number(), subject: z.string().meta({ description: 'Empty where I no longer see the ticket.' }) }),
  organisation: named.nullable(),
  task: z.object({ id, title: z.string() }).nullable(),
  person: personRef,
  workDate: z.string(),
  minutes: z.number(),
  counted: z.number().meta({ description: 'Minutes, rounded to the unit that held when it was written.' }),
  billable: z.boolean(),
  note: z.string(),
  changedAt: instant,
  can: z.object({ edit: z.boolean() }),
})
const totals = z.object({ minutes: z.number(), counted: z.number(), billable: z.number().meta({ description: 'Of `counted`.' }) })
const entryFields = z.strictObject({
  minutes,
  workDate: date,
  billable: z.boolean(),
  note: z.union([line(500), z.literal('')]),
  taskId: idInput.nullable(),
})
const timer = z.object({
  ticket: z.object({ id, number: z.number(), subject: z.string() }),
  task: z.object({ id, title: z.string() }).nullable(),
  seconds: z.number().meta({ description: 'Measured up to `at`.' }),
  at: instant,
  running: z.boolean(),
  startedAt: instant,
})
const timers = z.object({ items: z.array(timer) })
const filter = {
  from: date.optional(),
  to: date.optional().meta({ description: 'This day too.' }),
  person: z.union([z.literal('me'), id]).optional(),
  organisation: id.optional(),
  billable: flag.optional(),
}

export const time = contract({
  'GET /api/time': {
    summary:
      'Time spent, newest day first: my own, and that of others with the right time.see. Keyset pages, with the totals of all pages.',
    who: 'ticket.work',
    returns: page(timeEntry).extend({ totals }),
    query: z.object({ ...paging, ...filter }),
  },
  'GET /api/time/csv': {
    summary: 'The same as CSV (UTF-8, at most 50,000 rows).',
    who: 'ticket.work',
    wire: 'file',
    query: z.object(filter),
  },
  'GET /api/time/settings': { summary: 'How time is counted.', who: 'ticket.work', returns: timeSettings },
  'PATCH /api/time/settings': {
    summary: 'Changes how time is counted from now on.',
    who: 'setting.edit',
    returns: timeSettings,
    body: z.strictObject(timeSettings.shape).partial(),
  },
  'PATCH /api/time/:id': {
    summary: 'Changes an entry of mine.',
    who: 'ticket.work',
    ifMatch: true,
    returns: timeEntry,
    body: entryFields.partial(),
  },
  'DELETE /api/time/:id': { summary: 'Removes an entry of mine; its history stays.', who: 'ticket.work' },
  'GET /api/time/:id/history': {
    summary: 'What an entry was before, oldest first; also of a removed one.',
    who: 'ticket.work',
    returns: z.object({
      items: z.array(
        z.object({
          at: instant,
          by: personRef.nullable(),
          what: z.enum(['added', 'changed', 'removed']),
          minutes: z.number(),
          counted: z.number(),
          workDate: z.string(),
          billable: z.boolean(),
        }),
      ),
    }),
  },
  'GET /api/tickets/:id/time': {
    summary: 'Time spent on a ticket (the newest 200) with totals: my own, and that of others with the right time.see.',
    who: 'ticket.work',
    returns: z.object({
      items: z.array(timeEntry),
      totals: totals.meta({ description: 'Of what I see.' }),
      people: z.array(z.object({ person: personRef, minutes: z.number(), counted: z.number() })),
      everybody: z.boolean().meta({ description: 'False: only my own is shown and counted.' }),
      can: z.object({ add: z.boolean() }),
    }),
  },
  'POST /api/tickets/:id/time': {
    summary: 'Writes down time spent.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: timeEntry,
    body: entryFields.partial().required({ minutes: true }),
  },
  'GET /api/timers': { summary: 'My clocks: one runs at most.', who: 'ticket.work', returns: timers },
  'POST /api/tickets/:id/timer/start': {
    summary: 'Starts my clock on this ticket, or lets it run on; another that runs is paused.',
    who: 'ticket.work',
    returns: timers,
    body: z.strictObject({ taskId: idInput.nullable().default(null) }),
  },
  'POST /api/tickets/:id/timer/pause': { summary: 'Pauses my clock on this ticket.', who: 'ticket.work', returns: timers },
  'POST /api/tickets/:id/timer/stop': {
    summary: 'Stops my clock and writes its time down, as measured unless told otherwise.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: timeEntry,
    body: entryFields.partial(),
  },
  'DELETE /api/tickets/:id/timer': { summary: 'Throws my clock on this ticket away without writing anything down.', who: 'ticket.work' },
})
export type TimeEntry = z.infer<typeof timeEntry>
export type Timer = z.infer<typeof timer>
export type TimeSettings = z.infer<typeof timeSettings>
