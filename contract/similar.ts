import { z } from 'zod'
import { contract, id, idInput, instant, named, personRef, prose } from './endpoint.ts'
import { meanings, resolutionCodes } from './tickets.ts'

/** What is like a ticket, or like what is being typed: open ones, and solved ones with how they were solved. For staff only. */
export const sameAs = ['requester', 'organisation', 'site', 'category'] as const
export const issueKinds = ['words', 'person', 'site'] as const

const near = z.object({
  id,
  number: z.number(),
  subject: z.string(),
  meaning: z.enum(meanings),
  requester: personRef,
  organisation: named.nullable(),
  createdAt: instant,
  resolutionCode: z.enum(resolutionCodes).nullable(),
  resolution: z.string().nullable(),
  words: z.array(z.string()).meta({ description: 'The words that both have, most telling first.' }),
  same: z.array(z.enum(sameAs)).meta({ description: 'What else they have in common.' }),
})
const repeated = z.object({
  id,
  kind: z.enum(issueKinds),
  words: z.array(z.string()),
  tickets: z.number().meta({ description: 'How many of it the reader sees.' }),
  burst: z.boolean().meta({ description: 'Many within an hour: probably one outage.' }),
  open: z.array(id).meta({ description: 'The other open ones, oldest first, at most 50.' }),
})
const lists = { open: z.array(near), solved: z.array(near) }

export const similar = contract({
  'GET /api/tickets/:id/similar': {
    summary: 'Similar tickets: open ones, solved ones with their resolution, and the repeated issues that the ticket belongs to.',
    who: 'ticket.work',
    returns: z.object({ ...lists, repeated: z.array(repeated) }),
  },
  'POST /api/similar': {
    summary: 'The same while a ticket is being written; nothing is kept.',
    who: 'ticket.work',
    returns: z.object(lists),
    body: z.strictObject({
      subject: z.string().max(250).default(''),
      body: prose(100_000).default(''),
      requesterId: idInput.nullable().default(null),
      categoryId: idInput.nullable().default(null),
    }),
  },
})
export type Near = z.infer<typeof near>
export type Repeated = z.infer<typeof repeated>
