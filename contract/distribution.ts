import { z } from 'zod'
import { contract, id, idInput, instant, named, personRef } from './endpoint.ts'

/** How a team's tickets reach its people, the queue, and who had a ticket for how long. */
export const ways = ['pull', 'turn', 'load', 'skill'] as const
export const availabilities = ['available', 'here', 'any'] as const
export const whyNots = [
  'no-right',
  'absent',
  'not-available',
  'had-it',
  'full',
  'no-skill',
  'not-last-owner',
  'more-to-do',
  'later-in-turn',
] as const
export const becauses = ['last-owner', 'skill', 'load', 'turn'] as const

const minutes = z.number().int().min(5).max(20_160)
const fields = z.strictObject({
  way: z.enum(ways).meta({ description: 'pull: nobody is given any, people take them.' }),
  availability: z.enum(availabilities).meta({ description: 'Who is given tickets: only who is available; who is not away; everybody.' }),
  cap: z.number().int().min(1).max(500).nullable().meta({ description: 'So many at once for one person.' }),
  waitingWeight: z.number().min(0).max(1).multipleOf(0.05).meta({ description: 'How much a waiting ticket counts.' }),
  stickyDays: z.number().int().min(1).max(365).nullable(),
  timeoutMinutes: minutes.nullable().meta({ description: 'Given and untouched for so long, it goes to somebody else.' }),
  timeoutTimes: z.number().int().min(1).max(10).meta({ description: 'So often at most; then it stays with the team.' }),
  unclaimedMinutes: minutes.nullable().meta({ description: 'With nobody for so long, the leads of the team are told.' }),
})
export const distribution = fields.extend({ version: z.number() })

const choice = z.object({
  person: personRef.nullable(),
  because: z.enum(becauses).nullable(),
  load: z.number().nullable(),
  skills: z.array(named),
  others: z.array(z.object({ person: personRef, why: z.enum(whyNots) })),
})
const queuePerson = z.object({
  person: personRef,
  lead: z.boolean(),
  state: z.enum(['available', 'busy', 'away']),
  absentUntil: z.string().nullable(),
  skills: z.array(z.string()),
  open: z.number(),
  waiting: z.number(),
  load: z.number(),
  full: z.boolean(),
})
const queue = z.object({
  team: named,
  way: z.enum(ways),
  cap: z.number().nullable(),
  open: z.number().meta({ description: 'At most 1,000 are counted.' }),
  unassigned: z.number(),
  oldestAt: instant.nullable().meta({ description: 'Since when the oldest that nobody has is there.' }),
  people: z.array(queuePerson),
  can: z.object({ take: z.boolean(), edit: z.boolean() }),
})
const holding = z.object({
  team: named.nullable(),
  assignee: personRef.nullable(),
  from: instant,
  to: instant.nullable(),
  seconds: z.number(),
  rule: z.string().nullable(),
  given: choice.nullable().meta({ description: 'Why the program chose this person; null where a person did.' }),
})

export const distributions = contract({
  'GET /api/teams/:id/distribution': { summary: 'How the tickets of a team are given out.', who: 'ticket.work', returns: distribution },
  'PUT /api/teams/:id/distribution': {
    summary: 'Changes it.',
    who: 'routing.edit',
    ifMatch: true,
    returns: distribution,
    body: fields,
  },
  'POST /api/teams/:id/distribution/try': {
    summary: 'Who would be given a ticket like this now, and why nobody else. Nothing is changed.',
    who: 'routing.edit',
    returns: choice,
    body: z.strictObject({
      categoryId: idInput.nullable().default(null),
      requesterId: idInput.nullable().default(null),
      settings: fields.optional().meta({ description: 'Settings that are not saved yet.' }),
    }),
  },
  'GET /api/category-skills': {
    summary: 'What tickets of a category ask of whoever takes them.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(z.object({ categoryId: id, skillIds: z.array(id) })) }),
  },
  'PUT /api/categories/:id/skills': {
    summary: 'Sets the skills that a category asks for; below it they hold, too, unless that says others.',
    who: 'category.edit',
    body: z.strictObject({ skillIds: z.array(idInput).max(20) }),
  },
  'GET /api/queues': {
    summary: 'The queues of my teams, or of all teams for whoever edits routing.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(queue) }),
  },
  'POST /api/next-ticket': {
    summary: 'Gives me the most urgent ticket of my teams that nobody has; two at once never get the same.',
    who: 'ticket.work',
    idempotent: true,
    returns: z.object({ id: id.nullable() }),
    body: z.strictObject({ teamId: idInput.optional() }),
  },
  'GET /api/tickets/:id/holdings': {
    summary: 'Which team and person had this ticket from when to when, and how long in all.',
    who: 'ticket.work',
    returns: z.object({
      items: z.array(holding),
      passed: z.number(),
      teams: z.array(z.object({ team: named, seconds: z.number() })),
      people: z.array(z.object({ person: personRef, seconds: z.number() })),
    }),
  },
})
export type Distribution = z.infer<typeof distribution>
export type Choice = z.infer<typeof choice>
export type Queue = z.infer<typeof queue>
export type Holding = z.infer<typeof holding>
