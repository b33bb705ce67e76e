import { z } from 'zod'
import { contract, id, idInput, instant, line, named, personRef } from './endpoint.ts'

/** The emergency phone: the questions that say how grave it is, the lines at which a machine asks them, how one reaches the desk. */
const degree = z.number().int().min(1).max(3)
const inBoth = (max: number) => z.strictObject({ en: line(max), de: line(max) })
const answer = z.strictObject({
  digit: z.number().int().min(1).max(9).meta({ description: 'The key on the telephone.' }),
  text: inBoth(120),
  impact: degree.nullable().default(null),
  urgency: degree.nullable().default(null),
  leadsTo: z
    .enum(['page', 'wait'])
    .nullable()
    .default(null)
    .meta({ description: 'page: whoever is on call is woken. wait: the next working day is soon enough. What says page counts for more.' }),
})
const question = z.strictObject({
  text: inBoth(250),
  answers: z
    .array(answer)
    .min(2, 'A question needs at least two answers.')
    .max(9)
    .refine((all) => new Set(all.map((one) => one.digit)).size === all.length, 'Each answer needs a digit of its own.'),
})
const questions = z.array(question).max(6, 'Ask at most six questions: somebody is in need.')
const digits = z.array(z.number().int().min(1).max(9).nullable()).max(6)

/** What whoever takes a call sends with it. */
export const severityTold = z
  .strictObject({ setId: idInput, version: z.number().int(), digits })
  .meta({ description: 'The answers to the severity questions, in their order; null: not answered.' })

const emergencySet = z.object({
  id,
  version: z.number(),
  organisation: named.nullable().meta({ description: 'Null: the questions of the desk.' }),
  questions,
})
const greeting = z.strictObject({ en: z.string().trim().max(500).default(''), de: z.string().trim().max(500).default('') })
const voiceLine = z.object({
  id,
  version: z.number(),
  name: z.string(),
  number: z.string(),
  language: z.enum(['en', 'de']),
  team: named.nullable(),
  policy: named.nullable().meta({ description: 'Null: the paging policy of the team that has the ticket.' }),
  forwardTo: z.string(),
  greeting: z.object({ en: z.string(), de: z.string() }),
  maxSeconds: z.number(),
  pagesPerHour: z.number(),
  hasKey: z.boolean(),
  hasToken: z.boolean(),
  createdAt: instant,
  heardAt: instant.nullable(),
})
const withAddress = voiceLine.extend({ address: z.string().meta({ description: 'With its secret key: shown this once.' }) })
const phone = z.string().trim().max(50)
const lineFields = z.strictObject({
  name: line(100),
  number: phone.meta({ description: 'The number that people dial; empty: not told to anybody.' }),
  language: z.enum(['en', 'de']),
  teamId: idInput.nullable(),
  policyId: idInput.nullable(),
  forwardTo: phone.meta({ description: 'Who answers within the hours; empty: the questions are asked then, too.' }),
  greeting,
  maxSeconds: z.number().int().min(10).max(600).meta({ description: 'How long somebody may speak.' }),
  pagesPerHour: z.number().int().min(1).max(60),
  token: line(200).meta({ description: 'With what the provider signs its calls (Twilio: the auth token). Written only.' }),
})
const newLine = lineFields.extend({
  number: phone.default(''),
  language: z.enum(['en', 'de']).default('en'),
  teamId: idInput.nullable().default(null),
  policyId: idInput.nullable().default(null),
  forwardTo: phone.default(''),
  greeting: greeting.prefault({}),
  maxSeconds: lineFields.shape.maxSeconds.default(120),
  pagesPerHour: lineFields.shape.pagesPerHour.default(3),
})

const advice = z.strictObject({ en: z.string().trim().max(2000), de: z.string().trim().max(2000) })
const ownNumber = z.strictObject({ name: line(100), number: line(50) })
const shownAdvice = z.object({ en: z.string(), de: z.string() })
const reach = z.object({ numbers: z.array(ownNumber), advice: shownAdvice })
const reachable = reach.extend({
  numbers: z.array(ownNumber.extend({ dial: z.string().meta({ description: 'As a telephone takes it: in E.164 where it can be.' }) })),
})

const phones = z.array(z.object({ kind: z.string(), number: z.string() }))
const who = personRef.extend({ phones })
const card = z.object({
  at: instant,
  numbers: z.array(ownNumber),
  sentence: z.string().meta({ description: 'When the desk answers, in words.' }),
  onCall: z.array(z.object({ rota: named, team: named, person: who.nullable(), until: instant })).meta({ description: 'At this moment.' }),
  policies: z.array(z.object({ name: z.string(), hotline: z.string() })),
  administrators: z.array(who),
  organisation: z
    .object({
      id,
      name: z.string(),
      specialHandling: z.string(),
      contacts: z.array(who.extend({ roles: z.array(z.string()) })),
      sites: z.array(z.object({ name: z.string(), address: z.string(), opening: z.string() })),
      otherNumbers: z.array(z.object({ system: z.string(), number: z.string() })),
      documents: z.array(z.object({ title: z.string(), name: z.string() })).meta({ description: 'Of each the version in force.' }),
    })
    .nullable(),
})

/** What the provider sends: a form with names of its own. */
const form = z.record(z.string().max(100), z.union([z.string().max(20_000), z.array(z.string().max(20_000)).max(50)]))

export const emergency = contract({
  'GET /api/emergency/sets': {
    summary: 'The severity questions: those of the desk first, then those of single organisations.',
    who: 'setting.edit',
    returns: z.object({ items: z.array(emergencySet) }),
  },
  'POST /api/emergency/sets': {
    summary: 'Gives an organisation questions of its own, instead of those of the desk.',
    who: 'setting.edit',
    status: 201,
    idempotent: true,
    returns: emergencySet,
    body: z.strictObject({ organisationId: idInput, questions }),
  },
  'PATCH /api/emergency/sets/:id': {
    summary: 'Changes the questions and their order.',
    who: 'setting.edit',
    ifMatch: true,
    returns: emergencySet,
    body: z.strictObject({ questions }),
  },
  'DELETE /api/emergency/sets/:id': { summary: 'Takes an organisation’s own away; those of the desk hold again.', who: 'setting.edit' },
  'GET /api/emergency/questions': {
    summary: 'For whoever takes a call: whether it comes outside the hours of the caller’s calendar, and what is asked then.',
    who: 'ticket.work',
    query: z.object({ personId: id.optional().meta({ description: 'Absent: nobody known; the hours of the company count.' }) }),
    returns: z.object({ closed: z.boolean(), opens: instant.nullable(), set: emergencySet.nullable() }),
  },
  'GET /api/emergency/lines': {
    summary: 'Numbers at which a machine answers.',
    who: 'setting.edit',
    returns: z.object({ items: z.array(voiceLine) }),
  },
  'POST /api/emergency/lines': {
    summary: 'Adds one; the address for the provider is told this once.',
    who: 'setting.edit',
    status: 201,
    idempotent: true,
    returns: withAddress,
    body: newLine,
  },
  'PATCH /api/emergency/lines/:id': {
    summary: 'Changes a line.',
    who: 'setting.edit',
    ifMatch: true,
    returns: voiceLine,
    body: lineFields.partial(),
  },
  'POST /api/emergency/lines/:id/renew-key': {
    summary: 'Gives it a new address; the old one ends.',
    who: 'setting.edit',
    returns: withAddress,
  },
  'DELETE /api/emergency/lines/:id': { summary: 'Ends its address; its tickets stay.', who: 'setting.edit' },
  'GET /api/reach': {
    summary: 'How to reach the desk: its numbers, and what to do in an emergency.',
    who: 'person',
    returns: reachable,
  },
  'GET /api/emergency/reach': {
    summary: 'The same, as it is kept: without the numbers of the lines.',
    who: 'setting.edit',
    returns: reach,
  },
  'PATCH /api/emergency/reach': {
    summary: 'Changes the numbers and the advice that the portal shows.',
    who: 'setting.edit',
    returns: reach,
    body: z.strictObject({ numbers: z.array(ownNumber).max(20), advice }).partial(),
  },
  'GET /api/emergency/card': {
    summary: 'What one needs on paper when the platform itself is down; with an organisation: its people, sites and numbers, too.',
    who: 'ticket.work',
    query: z.object({ organisationId: id.optional() }),
    returns: card,
  },
  'POST /hooks/voice/:key': {
    summary: 'A telephone provider (the format of Twilio’s Voice webhooks) tells of a call; the answer is TwiML.',
    who: 'anyone',
    wire: 'file',
    form: true,
    body: form,
  },
  'POST /hooks/voice/:key/:step': {
    summary: 'What was pressed or said at a step of that call, or that it is over.',
    who: 'anyone',
    wire: 'file',
    form: true,
    body: form,
  },
})
export type EmergencySet = z.infer<typeof emergencySet>
export type EmergencyQuestion = EmergencySet['questions'][number]
export type VoiceLine = z.infer<typeof voiceLine>
export type NewVoiceLine = z.output<typeof newLine>
export type Reach = z.infer<typeof reach>
export type Reachable = z.infer<typeof reachable>
export type EmergencyCard = z.infer<typeof card>
export type SeverityTold = z.output<typeof severityTold>
