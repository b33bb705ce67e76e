import { z } from 'zod'
import { contract, id, idInput, instant, named, personRef, prose } from './endpoint.ts'
import { handoffParts } from './handoff.ts'
import { kinds } from './tickets.ts'

/** Tiers and departments as data: what a team settles, takes and asks for; and whenever a ticket went up. */
const duties = z.strictObject({
  settles: z.array(idInput).max(200).meta({
    description: 'Categories, with all below them, that the team may resolve itself. Empty: all.',
  }),
  kinds: z.array(z.enum(kinds)).max(kinds.length).meta({ description: 'Kinds that it may resolve itself. Empty: all.' }),
  takes: z.array(idInput).max(200).meta({ description: 'Categories whose tickets a lower tier passes to this team.' }),
  asksFor: z.array(z.enum(handoffParts)).max(handoffParts.length).meta({
    description: 'The parts of the note without which nobody hands a ticket to it. Empty: no part in particular.',
  }),
})
const storedDuties = z.object({
  version: z.number(),
  settles: z.array(id),
  kinds: z.array(z.enum(kinds)),
  takes: z.array(id),
  asksFor: z.array(z.enum(handoffParts)),
})

const nextTeam = z.object({
  team: named.extend({ tier: z.number().nullable() }),
  why: z.enum(['takes', 'next-tier']).meta({ description: 'takes: it takes this category; next-tier: the next tier above has no other.' }),
  category: named.nullable().meta({ description: 'The category by which it takes it: that of the ticket, or one above.' }),
})

const escalation = z.object({
  id,
  at: instant,
  kind: z.enum(['functional', 'hierarchical']),
  from: named.nullable(),
  to: named.nullable().meta({ description: 'The team of the higher tier; null where the manager was told.' }),
  by: personRef.nullable().meta({ description: 'Null: the program, by a rule.' }),
  why: z.string().nullable(),
  told: z.array(personRef),
  again: z.array(z.object({ at: instant, by: personRef.nullable(), why: z.string() })),
  settledAt: instant.nullable(),
  settledBy: personRef.nullable(),
  can: z.object({ settle: z.boolean() }),
})

export const tiers = contract({
  'GET /api/teams/:id/duties': {
    summary: 'What a team settles itself, what it takes from the tier below, and what it asks for when a ticket is handed to it.',
    who: 'ticket.work',
    returns: storedDuties,
  },
  'PUT /api/teams/:id/duties': { summary: 'Changes it.', who: 'team.edit', ifMatch: true, returns: storedDuties, body: duties },
  'GET /api/tickets/:id/next-teams': {
    summary: 'To which team a ticket goes next and why, the best first.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(nextTeam) }),
  },
  'GET /api/handoff-parts': {
    summary: 'Which teams ask for which parts of a hand-off note.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(z.object({ teamId: id, parts: z.array(z.enum(handoffParts)) })) }),
  },
  'GET /api/tickets/:id/escalations': {
    summary: 'Each time that a ticket went up to a higher tier, or that its manager was told.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(escalation) }),
  },
  'POST /api/tickets/:id/tell-manager': {
    summary: 'Tells the leads of its team why a ticket needs them, or the administrators where there are none. Told again, it is added.',
    who: 'ticket.work',
    idempotent: true,
    returns: escalation,
    body: z.strictObject({ why: prose(2000).refine((text) => text.trim() !== '', 'Say why the manager should know.') }),
  },
  'POST /api/escalations/:id/settle': {
    summary: 'It is dealt with: by somebody who was told, or no longer needed by whoever told.',
    who: 'ticket.work',
    returns: escalation,
  },
})
export type Duties = z.infer<typeof storedDuties>
export type NextTeam = z.infer<typeof nextTeam>
export type Escalation = z.infer<typeof escalation>
