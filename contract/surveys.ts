import { z } from 'zod'
import { contract, id, idInput, instant, line, named, page, paging, personRef, prose } from './endpoint.ts'

/** Satisfaction: a question from 1 to 5 after a ticket is closed, its answers, and what they say together. */
const score = z.number().int().min(1).max(5)
const shown = z.number().min(1).max(5)
const date = z.iso.date()
export const surveyChannels = ['mail', 'portal', 'phone', 'counter', 'chat', 'api', 'monitoring'] as const

const words = z.strictObject({
  subject: line(150),
  text: prose(2000).refine((t) => t.trim() !== '', 'Write what the mail says.'),
  question: line(200),
})
const settings = z.object({
  on: z.boolean(),
  when: z.enum(['closed', 'resolved']),
  afterHours: z.number().meta({ description: 'Hours after it was resolved, where `when` is `resolved`.' }),
  kinds: z.array(z.enum(['incident', 'request'])),
  channels: z.array(z.enum(surveyChannels)),
  organisations: z.array(named).nullable().meta({ description: 'Only tickets of these; null: of all.' }),
  everyDays: z.number().meta({ description: 'At most one survey to a person in so many days.' }),
  share: z.number().meta({ description: 'Per cent of the tickets about which is asked.' }),
  validDays: z.number(),
  lowScore: z.number().meta({ description: 'This score and below opens a follow-up; 0: never.' }),
  followUpTo: z.enum(['lead', 'person']).meta({ description: 'The lead of the team that had the ticket, or one person.' }),
  followUpPerson: personRef.nullable(),
  wording: z.object({ en: words, de: words }),
})

export const survey = z.object({
  id,
  ticket: z.object({ id, number: z.number(), subject: z.string() }),
  person: personRef,
  organisation: named.nullable(),
  team: named.nullable().meta({ description: 'Which had the ticket when it was asked.' }),
  askedAt: instant,
  expiresAt: instant,
  answeredAt: instant.nullable(),
  via: z.enum(['mail', 'portal']).nullable(),
  score: shown.nullable(),
  comment: z.string(),
  followUp: z.object({ id, number: z.number() }).nullable(),
  can: z.object({ erase: z.boolean() }),
})
const figures = z.object({
  asked: z.number(),
  answered: z.number(),
  good: z.number().meta({ description: 'Answers of 4 or 5.' }),
  average: z.number().nullable(),
  spread: z.array(z.number()).length(5).meta({ description: 'How many answered 1, 2, 3, 4, 5.' }),
})
const figuresOf = figures.extend({ of: named.nullable() })
const asked = z.object({
  company: z.string(),
  number: z.number(),
  subject: z.string(),
  language: z.enum(['en', 'de']),
  question: z.string(),
  state: z.enum(['open', 'answered']),
  score: shown.nullable(),
  comment: z.string(),
})
const mine = z.object({ survey: asked.omit({ company: true, language: true }).nullable() })
const token = z.string().regex(/^[\w-]{22}$/)
const given = { score, comment: prose(2000).default('') }
const filter = {
  from: date.optional(),
  to: date.optional().meta({ description: 'This day too.' }),
  team: id.optional(),
  organisation: id.optional(),
  which: z.enum(['low', 'middle', 'good', 'commented']).optional().meta({ description: 'low: 1 and 2, middle: 3, good: 4 and 5.' }),
}

export const surveys = contract({
  'GET /api/surveys': {
    summary: 'Answers, newest first: those about my teams’ tickets, and of all tickets that I see with the right survey.see.',
    who: 'ticket.work',
    returns: page(survey),
    query: z.object({ ...paging, ...filter }),
  },
  'GET /api/surveys/csv': {
    summary: 'The same as CSV (UTF-8, at most 50,000 rows).',
    who: 'ticket.work',
    wire: 'file',
    query: z.object(filter),
  },
  'GET /api/surveys/figures': {
    summary: 'Average, share of 4 and 5 and response rate of the surveys sent in that time, by month, team and organisation.',
    who: 'ticket.work',
    query: z.object({ from: date, to: date, team: id.optional(), organisation: id.optional() }),
    returns: z.object({
      total: figures,
      months: z.array(figures.extend({ month: z.string().meta({ description: 'Like 2026-03.' }) })),
      teams: z.array(figuresOf),
      organisations: z.array(figuresOf),
    }),
  },
  'GET /api/surveys/settings': { summary: 'Who is asked, when and how.', who: 'setting.edit', returns: settings },
  'PATCH /api/surveys/settings': {
    summary: 'Changes it.',
    who: 'setting.edit',
    returns: settings,
    body: z
      .strictObject({
        on: z.boolean(),
        when: z.enum(['closed', 'resolved']),
        afterHours: z.number().int().min(0).max(720),
        kinds: z.array(z.enum(['incident', 'request'])).min(1, 'choose at least one'),
        channels: z.array(z.enum(surveyChannels)).min(1, 'choose at least one'),
        organisationIds: z.array(idInput).max(500).nullable(),
        everyDays: z.number().int().min(0).max(365),
        share: z.number().int().min(1).max(100),
        validDays: z.number().int().min(1).max(90),
        lowScore: z.number().int().min(0).max(4),
        followUpTo: z.enum(['lead', 'person']),
        followUpPersonId: idInput.nullable(),
        wording: z.strictObject({ en: words, de: words }),
      })
      .partial(),
  },
  'DELETE /api/surveys/:id/comment': { summary: 'Erases what somebody wrote; the score stays.', who: 'survey.see' },
  'GET /api/tickets/:id/surveys': {
    summary: 'What the requester said of this ticket, and whether they were asked.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(survey) }),
  },
  'GET /api/tickets/:id/my-survey': { summary: 'The question to me about my ticket, if there is one.', who: 'person', returns: mine },
  'POST /api/tickets/:id/my-survey': {
    summary: 'Answers it; the score counts once, a comment may be added later while there is none.',
    who: 'person',
    returns: mine,
    body: z.strictObject(given),
  },
  'POST /api/surveys/look': {
    summary: 'What the link in a survey’s mail asks; changes nothing.',
    who: 'anyone',
    returns: asked,
    body: z.strictObject({ token }),
  },
  'POST /api/surveys/answer': {
    summary: 'The answer by that link; the score counts once, a comment may be added later while there is none.',
    who: 'anyone',
    returns: asked,
    body: z.strictObject({ token, ...given }),
  },
})
export type Survey = z.infer<typeof survey>
export type SurveyFigures = z.infer<typeof figures>
export type SurveySettings = z.infer<typeof settings>
export type AskedSurvey = z.infer<typeof asked>
