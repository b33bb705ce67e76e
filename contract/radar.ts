import { z } from 'zod'
import { contract, id, instant, named, page, paging, personRef } from './endpoint.ts'
import { issueKinds } from './similar.ts'
import { ticketRow } from './tickets.ts'

/** What comes again and again, among the tickets of ninety days that the reader may see. */
export const issueStates = ['new', 'watching', 'explained', 'done'] as const
export const issueOrders = ['tickets', 'minutes', 'last'] as const
export const trends = ['rising', 'steady', 'falling'] as const

const issue = z.object({
  id,
  version: z.number(),
  kind: z.enum(issueKinds),
  words: z.array(z.string()),
  person: personRef.nullable(),
  site: named.nullable(),
  category: named.nullable(),
  state: z.enum(issueStates),
  why: z.string().meta({ description: 'Empty for those who see only some of its tickets.' }),
  setAt: instant.nullable(),
  setBy: personRef.nullable(),
  cameBack: z.boolean().meta({ description: 'It was done, and new tickets came.' }),
  burst: z.object({ at: instant, tickets: z.number() }).nullable().meta({ description: 'Many within an hour, in the last day.' }),
  tickets: z.number(),
  open: z.number(),
  people: z.number(),
  organisations: z.number(),
  firstAt: instant,
  lastAt: instant,
  minutes: z.number().meta({ description: 'What it cost: time written down, and for tickets without any an estimate.' }),
  estimated: z.number().meta({ description: 'How much of these minutes is estimated.' }),
  weeks: z.array(z.number()).meta({ description: 'Tickets of each of the last 13 weeks, the oldest first.' }),
  trend: z.enum(trends),
  subject: z.string().meta({ description: 'Of the newest ticket.' }),
  can: z.object({ settle: z.boolean() }),
})

export const radar = contract({
  'GET /api/radar': {
    summary: 'Repeated issues of the last 90 days.',
    who: 'figure.see',
    returns: page(issue).extend({ collectedAt: instant.nullable() }),
    query: z.object({
      ...paging,
      state: z.enum([...issueStates, 'all']).default('new'),
      kind: z.enum(issueKinds).optional(),
      order: z.enum(issueOrders).default('tickets'),
    }),
  },
  'GET /api/radar/:id': { summary: 'One of them.', who: 'figure.see', returns: issue },
  'GET /api/radar/:id/tickets': {
    summary: 'Its tickets, newest first.',
    who: 'figure.see',
    returns: page(ticketRow),
    query: z.object(paging),
  },
  'PATCH /api/radar/:id': {
    summary: 'Says what it is about: being watched, explained, done; and why.',
    who: 'figure.see',
    ifMatch: true,
    returns: issue,
    body: z.strictObject({ state: z.enum(issueStates), why: z.string().trim().max(1000).default('') }),
  },
})
export type Issue = z.infer<typeof issue>
export type IssueState = (typeof issueStates)[number]
