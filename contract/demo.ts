import { z } from 'zod'
import { contract, emailAddress, id, instant, line, page, paging, prose } from './endpoint.ts'

/**
 * The sample company: its scripted mails, five things to try, and the mailboxes of its people. Everything here answers
 * 403 demo_only in a database that `--demo` did not make, and when the server listens beyond loopback.
 */
export const thingKeys = ['answer', 'see-as-requester', 'find', 'journal', 'own-company'] as const
const words = z.object({ en: z.string(), de: z.string() })

export const demoScript = z.object({
  state: z.enum(['waiting', 'running', 'paused', 'over']).meta({ description: 'waiting: nobody has signed in through a card yet.' }),
  sent: z.number(),
  total: z.number(),
  nextAt: instant.nullable().meta({ description: 'When the next mail comes; null unless running.' }),
  mails: z
    .array(z.object({ key: z.string(), title: words, sent: z.boolean() }))
    .meta({ description: 'What each scripted mail shows, in order.' }),
})

/** What one can try: done as soon as its trace is there, or when the browser says so (find, journal, own-company). */
export const demoThing = z.object({
  key: z.enum(thingKeys),
  done: z.boolean(),
  ticketId: id.nullable().meta({ description: 'answer, see-as-requester: the ticket that it is about.' }),
  card: z.string().nullable().meta({ description: 'The card whose role it is best tried in.' }),
  query: z.string().nullable().meta({ description: 'find: a search that finds something.' }),
})

const contact = z.object({ name: z.string(), email: z.string() })
export const demoMailbox = z.object({
  address: z.string(),
  name: z.string(),
  personId: id.nullable(),
  unread: z.number(),
  total: z.number(),
  lastAt: instant.nullable(),
})
export const demoMailRow = z.object({ id, at: instant, address: z.string(), from: contact, subject: z.string(), read: z.boolean() })
export const demoMail = demoMailRow.extend({
  to: z.array(contact),
  cc: z.array(contact),
  text: z.string(),
  html: z.string().nullable().meta({ description: 'Sanitised; show it in a sandboxed frame.' }),
  attachments: z.array(z.object({ name: z.string(), size: z.number(), mediaType: z.string() })),
})

export const demo = contract({
  'GET /api/demo': {
    summary: 'Sample company: its name and story, the role cards, the script of mails, five things to try.',
    who: 'person',
    returns: z.object({
      name: z.string(),
      story: words,
      cards: z.array(z.object({ key: z.string(), name: z.string(), role: z.string(), personId: id })),
      card: z.string().nullable().meta({ description: 'The card of whoever asks.' }),
      deskAddress: z.string().meta({ description: 'Where the sample people write to.' }),
      script: demoScript,
      things: z.array(demoThing),
    }),
  },
  'POST /api/demo/pause': { summary: 'Sample company: holds the scripted mails.', who: 'person', returns: demoScript },
  'POST /api/demo/resume': { summary: 'Sample company: lets them come again, the next at once.', who: 'person', returns: demoScript },
  'POST /api/demo/things/:key': {
    summary: 'Sample company: notes that one of the five things was tried.',
    who: 'person',
    returns: z.object({ things: z.array(demoThing) }),
  },
  'GET /api/demo/mailboxes': {
    summary: "Sample company: the mailboxes that hold mail, newest first; `q` finds any sample person's, also an empty one.",
    who: 'person',
    returns: z.object({ items: z.array(demoMailbox) }),
    query: z.object({ q: z.string().max(100).optional() }),
  },
  'GET /api/demo/mailboxes/:address': {
    summary: 'Sample company: the mails in one mailbox, newest first.',
    who: 'person',
    returns: page(demoMailRow),
    query: z.object(paging),
  },
  'GET /api/demo/mails/:id': { summary: 'Sample company: one mail, read.', who: 'person', returns: demoMail },
  'POST /api/demo/mails/:id/reply': {
    summary: 'Sample company: answers a mail as the person whose mailbox it is in, through the real SMTP port.',
    who: 'person',
    status: 202,
    returns: z.object({ messageId: z.string() }),
    body: z.strictObject({ body: prose(50_000).refine((text) => text.trim() !== '', 'Write something.') }),
  },
  'POST /api/demo/mails': {
    summary: 'Sample company: writes a new mail to the desk as a sample person, through the real SMTP port.',
    who: 'person',
    status: 202,
    returns: z.object({ messageId: z.string() }),
    body: z.strictObject({
      from: emailAddress.meta({ description: 'Address of a sample person.' }),
      to: line(254).optional().meta({ description: 'A mailbox of the desk; default: support@localhost.' }),
      subject: line(250),
      body: prose(50_000),
    }),
  },
})
export type DemoScript = z.infer<typeof demoScript>
export type DemoThing = z.infer<typeof demoThing>
export type DemoMailbox = z.infer<typeof demoMailbox>
export type DemoMail = z.infer<typeof demoMail>
export type DemoMailRow = z.infer<typeof demoMailRow>
