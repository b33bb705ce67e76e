import { z } from 'zod'
import { id, instant, named, personRef } from './endpoint.ts'

/** One message of a ticket's conversation, by whatever channel. */
export const contact = z.object({ name: z.string(), email: z.string() })
export const attachment = z.object({ id, name: z.string(), size: z.number(), mediaType: z.string() })
export const messageAttachment = attachment.extend({ contentId: z.string().nullable(), inline: z.boolean() })
export const delivery = z.object({
  state: z.enum(['waiting', 'ready', 'sending', 'sent', 'partly', 'failed', 'uncertain', 'withdrawn', 'held']),
  undoUntil: instant.nullable(),
  answer: z.string(),
})
export const message = z.object({
  id,
  at: instant,
  kind: z.enum(['mail', 'note', 'phone', 'portal', 'api', 'counter', 'chat']),
  internal: z.boolean(),
  direction: z.enum(['in', 'out', 'inside']),
  author: personRef.nullable(),
  from: contact,
  to: z.array(contact),
  cc: z.array(contact),
  subject: z.string(),
  text: z.string().meta({ description: 'The whole body as text.' }),
  visibleText: z.string().meta({ description: 'What is shown, with quotes and signature folded away.' }),
  html: z.string().nullable().meta({ description: 'Sanitised; null where there is only text. Shown in a sandboxed frame.' }),
  attachments: z.array(messageAttachment),
  automatic: z
    .string()
    .nullable()
    .meta({ description: 'Why this is automatic mail: auto-submitted, vacation, list ... Null when a person wrote it.' }),
  bounce: z.object({ recipients: z.array(z.string()), hard: z.boolean(), status: z.string(), reason: z.string() }).nullable(),
  unverified: z.string().nullable().meta({ description: 'Why we are not sure that the named sender wrote it.' }),
  handoffTo: named.nullable(),
  journalId: id.nullable(),
  mergedFrom: id
    .nullable()
    .optional()
    .meta({ description: 'The ticket that it came with when that was merged into this one; staff only.' }),
  delivery: delivery.nullable(),
})
export type Message = z.infer<typeof message>
