import { z } from 'zod'
import { contract, flag, id, idInput, instant, instantInput, line, named, page, paging, personRef, prose } from './endpoint.ts'

/** Who is on call: rotas of layers, overrides, swaps, handover notes, and who is awake now. */
const known = (zone: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}
const zone = z.string().max(64).refine(known, 'This time zone is not known. Choose one such as Europe/Berlin.')
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day from 00:00 to 23:59, such as 09:00.')
const interval = z
  .tuple([clockTime, z.union([clockTime, z.literal('24:00')])], 'Hours are two times: ["09:00", "17:00"].')
  .refine(([from, to]) => from !== to, 'These hours have no length. For a whole day write 00:00 to 24:00.')
const hours = z.array(interval).max(12)
const week = z
  .strictObject({ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours })
  .partial()
  .refine(
    (days) => Object.values(days).some((one) => (one?.length ?? 0) > 0),
    'Give at least one day hours, or leave the layer open at all times.',
  )
const rotation = z.object({ unit: z.enum(['hours', 'days', 'weeks']), every: z.number().int().min(1).max(1000) })
const needed = z
  .enum(['always', 'within', 'outside'])
  .meta({ description: 'When a hole is a fault: at all times, within the hours of the calendar, or outside of them.' })
const weekday = z.number().int().min(1).max(7).meta({ description: '1 Monday to 7 Sunday; counts for weeks.' })

const layer = z.object({
  id,
  name: z.string(),
  timeZone: z.string(),
  rotation,
  handover: z.string().meta({ description: 'On the wall clock of the layer’s zone.' }),
  weekday,
  startsOn: z.string(),
  endsOn: z.string().nullable(),
  people: z.array(personRef),
  hours: z
    .record(z.string(), z.array(z.tuple([z.string(), z.string()])))
    .nullable()
    .meta({ description: 'Null: at all times.' }),
})
const layerInput = z.strictObject({
  id: idInput.optional().meta({ description: 'Of a layer that stays.' }),
  name: line(100),
  timeZone: zone,
  rotation,
  handover: clockTime,
  weekday: weekday.default(1),
  startsOn: z.iso.date('A day written as 2026-12-24.'),
  endsOn: z.iso.date('A day written as 2026-12-24.').nullable().default(null),
  peopleIds: z.array(idInput).min(1, 'Choose at least one person.').max(100),
  hours: week.nullable().default(null),
})
export const rota = z.object({
  id,
  version: z.number(),
  name: z.string(),
  team: named,
  timeZone: z.string(),
  calendar: named.nullable(),
  needed,
  archived: z.boolean(),
  layers: z.array(layer).meta({ description: 'The topmost first.' }),
  can: z.object({ edit: z.boolean() }),
})
const fields = z.strictObject({
  name: line(100),
  teamId: idInput,
  timeZone: zone,
  calendarId: idInput.nullable(),
  needed,
  layers: z.array(layerInput).min(1, 'A rota needs at least one layer.').max(20),
})
/** A new one begins with these; a change leaves alone what it does not name. */
const whole = fields.extend({ calendarId: fields.shape.calendarId.default(null), needed: needed.default('always') })
const shift = z.object({
  from: instant,
  to: instant,
  person: personRef.nullable(),
  why: z.enum(['layer', 'override', 'cover', 'gap', 'nobody', 'absent', 'left']),
  layerId: z.string().nullable(),
  overrideId: id.nullable(),
  insteadOf: personRef.nullable().meta({ description: 'Whose turn it would be.' }),
})
const problem = z.object({
  from: instant,
  to: instant,
  kind: z.enum(['gap', 'nobody', 'absent', 'left', 'blind', 'double']),
  rota: named,
  person: personRef.nullable(),
  otherRota: named.nullable(),
})
const override = z.object({
  id,
  from: instant,
  to: instant,
  person: personRef.nullable(),
  reason: z.string(),
  bySwap: z.boolean(),
  madeBy: personRef.nullable(),
})
const schedule = z.object({
  items: z.array(shift).meta({ description: 'The final schedule, without a hole: a stretch without a person says why.' }),
  layers: z.array(z.object({ layerId: z.string(), items: z.array(shift) })).meta({ description: 'Each layer as if it were alone.' }),
  overrides: z.array(override),
  problems: z.array(problem).meta({ description: 'Of the coming eight weeks.' }),
})
export const swap = z.object({
  id,
  rota: named,
  from: instant,
  to: instant,
  giver: personRef,
  taker: personRef.nullable().meta({ description: 'Null: anybody.' }),
  offeredBy: personRef,
  note: z.string(),
  state: z.enum(['open', 'accepted', 'declined', 'withdrawn']),
  offeredAt: instant,
  answeredBy: personRef.nullable(),
  can: z.object({ answer: z.boolean(), withdraw: z.boolean() }),
})
const handover = z.object({
  id,
  rota: named,
  writtenAt: instant,
  from: personRef,
  to: personRef.nullable(),
  text: z.string(),
  tickets: z
    .array(z.object({ id, number: z.number(), subject: z.string(), priority: z.number() }))
    .meta({ description: 'Those that I may see.' }),
  readAt: instant.nullable(),
  readBy: personRef.nullable(),
  can: z.object({ confirm: z.boolean() }),
})
const range = { from: instantInput, to: instantInput }
const staff = { who: 'ticket.work' } as const

export const oncall = contract({
  'GET /api/on-call': {
    summary: 'Who is on call now and next, rota by rota; and what waits for me: notes to confirm, swaps to answer.',
    ...staff,
    returns: z.object({
      items: z.array(z.object({ rota: named, team: named, timeZone: z.string(), now: shift, next: shift.nullable() })),
      handovers: z.array(handover),
      swaps: z.number(),
    }),
  },
  'GET /api/on-call/problems': {
    summary: 'Holes and double bookings of the coming eight weeks in all rotas, by time; at most 500.',
    ...staff,
    returns: z.object({ items: z.array(problem) }),
  },
  'GET /api/on-call/mine': {
    summary: 'My shifts of the coming eight weeks.',
    ...staff,
    returns: z.object({ items: z.array(shift.extend({ rota: named })) }),
  },
  'GET /api/on-call/awake': {
    summary:
      'Who is awake now: local time, state, whether it is working time there, shift, skills and open tickets; who has the most of the day before them first.',
    ...staff,
    query: z.object({ teamId: id.optional() }),
    returns: z.object({
      items: z.array(
        z.object({
          person: personRef,
          timeZone: z.string(),
          state: z.enum(['available', 'busy', 'away']),
          absent: z.boolean(),
          working: z.boolean(),
          until: instant.nullable().meta({ description: 'When the working time ends, or when it begins again.' }),
          onCall: z.array(named),
          teams: z.array(named),
          skills: z.array(z.string()),
          openTickets: z.number(),
        }),
      ),
    }),
  },
  'GET /api/rotas': {
    summary: 'Rotas by name.',
    ...staff,
    query: z.object({ archived: flag.default(false) }),
    returns: z.object({ items: z.array(rota), can: z.object({ add: z.boolean() }) }),
  },
  'POST /api/rotas': {
    summary: 'Adds a rota: leads of its team and whoever forms teams.',
    ...staff,
    status: 201,
    idempotent: true,
    body: whole,
    returns: rota,
  },
  'POST /api/rotas/preview': {
    summary: 'What a rota would give between two moments, at most 100 days; nothing is kept.',
    ...staff,
    body: z.strictObject({ ...range, rota: whole, rotaId: idInput.nullable().default(null) }),
    returns: schedule,
  },
  'GET /api/rotas/:id': { summary: 'One rota.', ...staff, returns: rota },
  'PATCH /api/rotas/:id': {
    summary: 'Changes a rota. Layers are given whole, the topmost first; one that is left out ends.',
    ...staff,
    ifMatch: true,
    body: fields.partial(),
    returns: rota,
  },
  'POST /api/rotas/:id/archive': { summary: 'Archives a rota: nobody is on call by it any more.', ...staff, returns: rota },
  'POST /api/rotas/:id/restore': { summary: 'Brings a rota back.', ...staff, returns: rota },
  'GET /api/rotas/:id/schedule': {
    summary: 'The final schedule and its layers between two moments, at most 100 days.',
    ...staff,
    query: z.object(range),
    returns: schedule,
  },
  'POST /api/rotas/:id/overrides': {
    summary: 'Somebody else, or nobody, between two moments. Everybody may take back what is theirs; leads put in anybody.',
    ...staff,
    status: 201,
    idempotent: true,
    body: z.strictObject({ ...range, personId: idInput.nullable(), reason: z.string().trim().max(500).default('') }),
    returns: override,
  },
  'DELETE /api/rota-overrides/:id': { summary: 'Takes an override back: the layers hold again.', ...staff },
  'GET /api/shift-swaps': {
    summary: 'Swaps that are open, and those answered in the last fourteen days, the newest first; at most 200.',
    ...staff,
    query: z.object({ rotaId: id.optional() }),
    returns: z.object({ items: z.array(swap) }),
  },
  'POST /api/rotas/:id/swaps': {
    summary: 'Offers my shift to a colleague or to anybody, or asks for a colleague’s; it changes hands when the other one agrees.',
    ...staff,
    status: 201,
    idempotent: true,
    body: z.strictObject({
      ...range,
      giverId: idInput.optional().meta({ description: 'Whose shift it is; I, unless told.' }),
      takerId: idInput.nullable().default(null).meta({ description: 'Null: anybody on this rota or in its team.' }),
      note: z.string().trim().max(500).default(''),
    }),
    returns: swap,
  },
  'POST /api/shift-swaps/:id/answer': {
    summary: 'Accepts or declines a swap; whoever offered it withdraws it.',
    ...staff,
    body: z.strictObject({ answer: z.enum(['accept', 'decline', 'withdraw']) }),
    returns: swap,
  },
  'GET /api/rotas/:id/handovers': {
    summary: 'Handover notes, the newest first.',
    ...staff,
    query: z.object(paging),
    returns: page(handover),
  },
  'GET /api/rotas/:id/handover-draft': {
    summary: 'What a handover note begins with: who comes next, and the open tickets of the team of high priority.',
    ...staff,
    returns: z.object({ to: personRef.nullable(), shiftEndsAt: instant.nullable(), tickets: handover.shape.tickets }),
  },
  'POST /api/rotas/:id/handovers': {
    summary: 'Writes a handover note for whoever comes next.',
    ...staff,
    status: 201,
    idempotent: true,
    body: z.strictObject({
      text: prose(10_000).refine((text) => text.trim() !== '', 'Write what is open, or that nothing is.'),
      ticketIds: z.array(idInput).max(100).default([]),
    }),
    returns: handover,
  },
  'POST /api/handover-notes/:id/read': {
    summary: 'Confirms having read a handover note: whoever it is for, or is on call now.',
    ...staff,
    returns: handover,
  },
  'GET /api/on-call-links': {
    summary: 'The private calendar addresses that I have made.',
    ...staff,
    returns: z.object({ items: z.array(z.object({ id, rota: named.nullable(), since: instant, usedAt: instant.nullable() })) }),
  },
  'POST /api/on-call-links': {
    summary: 'Makes a private calendar address, of my shifts or of a whole rota; one made before ends. It is shown this once.',
    ...staff,
    status: 201,
    body: z.strictObject({ rotaId: idInput.nullable() }),
    returns: z.object({ id, address: z.string() }),
  },
  'DELETE /api/on-call-links/:id': { summary: 'Ends a private calendar address.', ...staff },
  'GET /api/on-call-calendar/:name': {
    summary: 'Shifts as iCalendar (RFC 5545). Whoever has the address reads them.',
    who: 'anyone',
    wire: 'file',
  },
})
export type Rota = z.infer<typeof rota>
export type RotaInput = z.output<typeof fields>
export type Swap = z.infer<typeof swap>
export type Handover = z.infer<typeof handover>
export type OnCallShift = z.infer<typeof shift>
export type RotaProblem = z.infer<typeof problem>
export type Schedule = z.infer<typeof schedule>
