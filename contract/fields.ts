import { z } from 'zod'
import { contract, flag, id, idInput, line, named } from './endpoint.ts'
import { fieldKey, fieldTypes, fieldValue } from './field-values.ts'
import { kinds, meanings } from './tickets.ts'

/** Own fields: what a company wants to know of its tickets beyond what every desk does. */
export const fieldAudiences = ['staff', 'requester', 'portal'] as const
const words = z.strictObject({ en: line(100), de: line(100) })
const help = z.strictObject({ en: z.string().trim().max(300), de: z.string().trim().max(300) })
export const choice = z.strictObject({
  key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'small letters, digits and hyphens'),
  label: words,
  archived: z.boolean().default(false).meta({ description: 'Stays readable where a ticket has it; is offered no more.' }),
})
export const field = z.object({
  id,
  version: z.number(),
  key: z.string(),
  label: words,
  help,
  type: z.enum(fieldTypes),
  choices: z.array(choice),
  kinds: z.array(z.enum(kinds)),
  categories: z.array(named).meta({ description: 'Asked in these and all below them; none: in all.' }),
  categoryIds: z.array(id).nullable().meta({ description: 'The same with all below them; null: in all.' }),
  audience: z.enum(fieldAudiences),
  mandatoryIn: z.array(z.enum(meanings)),
  position: z.number(),
  archived: z.boolean(),
})
const changeable = z.strictObject({
  label: words,
  help,
  type: z.enum(fieldTypes),
  choices: z.array(choice).max(200),
  kinds: z
    .array(z.enum(['incident', 'request']))
    .min(1)
    .max(2),
  categoryIds: z.array(idInput).max(50),
  audience: z
    .enum(fieldAudiences)
    .meta({ description: 'staff: only staff see it; requester: the requester sees it too; portal: the portal asks for it.' }),
  mandatoryIn: z
    .array(z.enum(meanings))
    .max(10)
    .meta({ description: 'It must be filled before a ticket enters a status of these meanings.' }),
})

/** A field as one ticket has it. */
export const ticketField = z.object({
  id,
  key: z.string(),
  label: z.string(),
  help: z.string(),
  type: z.enum(fieldTypes),
  choices: z.array(z.object({ key: z.string(), label: z.string() })),
  asked: z.boolean().meta({ description: 'False: it holds something from before, and is not asked of such a ticket any more.' }),
  mandatoryIn: z.array(z.enum(meanings)),
  value: fieldValue,
  shown: z.string().nullable().meta({ description: 'The value in words: the name of a choice, person or organisation.' }),
})

export const fields = contract({
  'GET /api/fields': {
    summary: 'The own fields of this desk in order; to requesters those that they may see.',
    who: 'person',
    returns: z.object({ items: z.array(field) }),
    query: z.object({ archived: flag.optional() }),
  },
  'POST /api/fields': {
    summary: 'Adds a field.',
    who: 'category.edit',
    status: 201,
    idempotent: true,
    returns: field,
    body: changeable.partial().required({ label: true, type: true }).extend({ key: fieldKey }),
  },
  'PATCH /api/fields/:id': {
    summary: 'Changes or archives a field. Its key stays, its type too once tickets hold something in it.',
    who: 'category.edit',
    ifMatch: true,
    returns: field,
    body: changeable.extend({ archived: z.boolean() }).partial(),
  },
  'PUT /api/fields/order': {
    summary: 'Sets the order.',
    who: 'category.edit',
    returns: z.object({ items: z.array(field) }),
    body: z.strictObject({ ids: z.array(idInput).max(500) }),
  },
  'GET /api/fields/:id/use': {
    summary: 'How many tickets hold something in it, and how many each choice (at most 1,000, then `more`).',
    who: 'category.edit',
    returns: z.object({
      tickets: z.number(),
      more: z.boolean(),
      choices: z.array(z.object({ key: z.string(), tickets: z.number(), more: z.boolean() })),
    }),
  },
})
export type Field = z.infer<typeof field>
export type TicketField = z.infer<typeof ticketField>
