import { z } from 'zod'
import { contract, id, idInput, instant, named, page, paging, personRef, prose } from './endpoint.ts'

/** Help that is asked for without giving the ticket away: of a person, a team, or whoever has a skill. Staff only. */
export const helpStates = ['open', 'accepted', 'done', 'withdrawn'] as const
const helpBase = {
  id,
  ticket: z.object({ id, number: z.number(), subject: z.string() }),
  question: z.string(),
  state: z.enum(helpStates),
  person: personRef.nullable(),
  team: named.nullable(),
  skill: named.nullable(),
  askedAt: instant,
  askedBy: personRef.nullable(),
  helper: personRef.nullable(),
  acceptedAt: instant.nullable(),
  settledAt: instant.nullable(),
}
export const help = z.object({
  ...helpBase,
  notes: z.array(z.object({ id, at: instant, author: personRef.nullable(), text: z.string() })),
  can: z.object({ accept: z.boolean(), answer: z.boolean(), withdraw: z.boolean() }),
})
const candidate = z.object({
  id,
  name: z.string(),
  state: z.enum(['available', 'busy', 'away']),
  absentUntil: z.string().nullable(),
  openTickets: z.number().meta({ description: 'How much they have: at most 1,000 are counted.' }),
  helping: z.number(),
})
const words = prose(20_000).refine((text) => text.trim() !== '', 'Write something.')

export const helps = contract({
  'GET /api/help': {
    summary: 'Help that is asked for and not settled: of me, my teams or my skills, and what I help with; or what I asked for.',
    who: 'ticket.work',
    returns: page(help),
    query: z.object({ ...paging, of: z.enum(['me', 'mine']).default('me').meta({ description: '`mine`: what I asked for.' }) }),
  },
  'GET /api/tickets/:id/help': {
    summary: 'Help that was asked for on a ticket.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(help) }),
  },
  'GET /api/tickets/:id/help/candidates': {
    summary: 'Who of the staff that see the ticket could help: here first, then who has least to do. With a skill: who has it.',
    who: 'ticket.work',
    query: z.object({ skillId: id.optional(), q: z.string().max(100).optional() }),
    returns: z.object({ items: z.array(candidate) }),
  },
  'POST /api/tickets/:id/help': {
    summary: 'Asks for help. The ticket stays with who has it.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: help,
    body: z
      .strictObject({
        question: words,
        personId: idInput.nullable().default(null),
        teamId: idInput.nullable().default(null),
        skillId: idInput.nullable().default(null),
      })
      .refine((input) => [input.personId, input.teamId, input.skillId].filter((one) => one !== null).length === 1, {
        message: 'Ask one person, one team or one skill.',
        path: ['personId'],
      }),
  },
  'POST /api/help/:id/accept': { summary: 'I help. The first who says so does.', who: 'ticket.work', returns: help },
  'POST /api/help/:id/notes': {
    summary: 'Answers, or asks back, in the thread of the request.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: help,
    body: z.strictObject({ body: words }),
  },
  'POST /api/help/:id/done': { summary: 'The question is answered.', who: 'ticket.work', returns: help },
  'POST /api/help/:id/withdraw': { summary: 'Help is no longer needed.', who: 'ticket.work', returns: help },
})
export type Help = z.infer<typeof help>
export type Helper = z.infer<typeof candidate>
