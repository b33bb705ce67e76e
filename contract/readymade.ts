import { z } from 'zod'
import { changes, contract, flag, id, idInput, instant, line, named, page, paging, personRef, prose } from './endpoint.ts'
import { resolutionCodes, ticket, tickets } from './tickets.ts'

/**
 * Ready-made: what is written or put together once and used many times. Macros, snippets, templates for new tickets,
 * incident models (a template with tasks and a guide, offered by category) and guides (questions in order).
 */
export const readymadeKinds = ['macro', 'snippet', 'template', 'model', 'guide'] as const
export const scopes = ['private', 'team', 'everyone'] as const
export const stepKinds = [
  'status',
  'priority',
  'category',
  'team',
  'assignee',
  'kind',
  'tags',
  'reply',
  'note',
  'tasks',
  'time',
  'wait',
  'resolve',
] as const

const shown = z.object({ en: z.string(), de: z.string() })
const inOne = <T extends { en: string; de: string }>(words: T) => words.en.trim() !== '' || words.de.trim() !== ''
const oneLanguage = 'Write it in one language at least.'
const words = (max: number) =>
  z.strictObject({ en: z.string().trim().max(max).default(''), de: z.string().trim().max(max).default('') }).refine(inOne, oneLanguage)
const texts = z.strictObject({ en: prose(20_000).default(''), de: prose(20_000).default('') })
const text = texts.refine(inOne, oneLanguage)
const tag = line(50)
const level = z.number().int().min(1).max(3)

export const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('status'), statusId: idInput }),
  z.strictObject({ do: z.literal('priority'), priority: z.number().int().min(1).max(5), reason: line(500) }),
  z.strictObject({ do: z.literal('category'), categoryId: idInput }),
  z.strictObject({ do: z.literal('team'), teamId: idInput }),
  z.strictObject({
    do: z.literal('assignee'),
    assigneeId: z
      .union([z.literal('me'), idInput])
      .nullable()
      .meta({ description: '`me`: whoever runs it. Null: nobody.' }),
  }),
  z.strictObject({ do: z.literal('kind'), kind: z.enum(['incident', 'request']) }),
  z
    .strictObject({ do: z.literal('tags'), add: z.array(tag).max(20).default([]), remove: z.array(tag).max(20).default([]) })
    .refine((s) => s.add.length + s.remove.length > 0, { path: ['add'], message: 'Name a tag to add or to remove.' }),
  z.strictObject({ do: z.literal('reply'), text }),
  z.strictObject({ do: z.literal('note'), text }),
  z.strictObject({ do: z.literal('tasks'), templateId: idInput }),
  z.strictObject({ do: z.literal('time'), minutes: z.number().int().min(1).max(1440), note: z.string().trim().max(500).default('') }),
  z.strictObject({
    do: z.literal('wait'),
    statusId: idInput,
    days: z.number().int().min(1).max(365).meta({ description: 'Days until it comes back, at 8:00.' }),
    reason: z.string().trim().max(500).default(''),
  }),
  z.strictObject({ do: z.literal('resolve'), code: z.enum(resolutionCodes), text: texts, tell: z.boolean().default(false) }),
])
const template = {
  subject: words(250),
  body: texts.default({ en: '', de: '' }),
  ticketKind: z.enum(['incident', 'request']).default('incident'),
  categoryId: idInput.nullable().default(null),
  impact: level.default(1),
  urgency: level.default(1),
  teamId: idInput.nullable().default(null),
  tags: z.array(tag).max(20).default([]),
  taskTemplateId: idInput.nullable().default(null),
}
const question = z
  .strictObject({
    text: words(500),
    answer: z.enum(['text', 'yes-no', 'choice']).default('text'),
    choices: z.array(words(200)).max(20).default([]),
    required: z.boolean().default(false),
  })
  .refine((q) => q.answer !== 'choice' || q.choices.length >= 2, { path: ['choices'], message: 'Name two choices at least.' })
export const content = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('macro'), steps: z.array(step).min(1, 'Add a step.').max(20) }),
  z.strictObject({
    kind: z.literal('snippet'),
    text,
    words: z.string().trim().max(200).default('').meta({ description: 'Further words by which it is found.' }),
    audience: z.enum(['everyone', 'staff']).default('everyone').meta({ description: '`staff`: for notes only.' }),
  }),
  z.strictObject({ kind: z.literal('template'), ...template }),
  z.strictObject({ kind: z.literal('model'), ...template, guideId: idInput.nullable().default(null) }),
  z.strictObject({
    kind: z.literal('guide'),
    categoryId: idInput.nullable().default(null),
    questions: z.array(question).min(1, 'Add a question.').max(50),
  }),
])

export type Content = z.output<typeof content>
/** As it was given: what is taken is checked, what is kept need not be described a second time. */
const kept = z.unknown().meta({ description: 'As in POST /api/readymade.' }) as unknown as z.ZodType<Content, Content>

export const readymade = z.object({
  id,
  version: z.number(),
  kind: z.enum(readymadeKinds),
  scope: z.enum(scopes),
  team: named.nullable(),
  owner: personRef,
  name: shown,
  folder: z.string(),
  position: z.number(),
  used: z.number().meta({ description: 'How often it was used.' }),
  archived: z.boolean(),
  on: z.boolean(),
  broken: z.array(z.string()).meta({ description: 'What it refers to and is no longer there, as in `names`.' }),
  content: kept,
  names: z.record(z.string(), z.string()).meta({ description: 'Names of what the content refers to: {"team:3": "Field"}.' }),
  can: z.object({ edit: z.boolean() }),
})
const fields = z.strictObject({
  name: words(100),
  scope: z.enum(scopes),
  teamId: idInput.nullable().default(null),
  folder: z.string().trim().max(60).default(''),
  position: z.number().int().min(0).max(10_000).default(0),
  content,
})

export const stepReport = z.object({
  step: z.number(),
  do: z.enum(stepKinds),
  outcome: z.enum(['done', 'nothing', 'refused']),
  value: z.string().meta({ description: 'What is set, in words: a name, tags, minutes.' }),
  text: z.string().nullable().meta({ description: 'The text as it goes out, with its values.' }),
  missing: z.array(z.string()).meta({ description: 'Variables without a value here: ___ stands in the text.' }),
  problem: z.string().nullable(),
})
const preview = z.object({ steps: z.array(stepReport), possible: z.boolean() })
const run = z.object({
  id,
  steps: z.array(stepReport),
  undoUntil: instant,
  messageId: id.nullable(),
})
const guide = z.object({
  id,
  name: z.string(),
  suggested: z.boolean().meta({ description: 'It is meant for the category of this ticket.' }),
  questions: z.array(
    z.object({ text: z.string(), answer: z.enum(['text', 'yes-no', 'choice']), choices: z.array(z.string()), required: z.boolean() }),
  ),
})
const prefill = z.object({
  subject: z.string(),
  body: z.string(),
  kind: z.enum(['incident', 'request']),
  categoryId: id.nullable(),
  impact: level,
  urgency: level,
  teamId: id.nullable(),
  tags: z.array(z.string()),
  tasks: named.nullable(),
  missing: z.array(z.string()),
})
const newTicket = tickets['POST /api/tickets'].body

export const readymades = contract({
  'GET /api/readymade': {
    summary: 'What is ready-made and open to me, by folder and place; keyset pages.',
    who: 'ticket.work',
    returns: page(readymade),
    query: z.object({
      ...paging,
      kind: z.enum(readymadeKinds).optional(),
      archived: flag.optional(),
      on: flag.optional(),
      categoryId: id.optional().meta({ description: 'Of models: those that are meant for this category or one above it.' }),
    }),
  },
  'GET /api/readymade/variables': {
    summary: 'Variables that a text may name, and for whose eyes.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(z.object({ name: z.string(), audience: z.enum(['everyone', 'staff']) })) }),
  },
  'GET /api/readymade/:id': { summary: 'One of them.', who: 'ticket.work', returns: readymade },
  'POST /api/readymade': {
    summary: 'Adds one: for myself; for a team or everybody with the right template.edit, or as the lead of that team.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: readymade,
    body: fields,
  },
  'PATCH /api/readymade/:id': {
    summary: 'Changes, archives, or switches one on again.',
    who: 'ticket.work',
    ifMatch: true,
    returns: readymade,
    body: changes(fields.extend({ archived: z.boolean(), on: z.boolean() })),
  },
  'DELETE /api/readymade/:id': { summary: 'Removes one that was never used; what was used is archived.', who: 'ticket.work' },
  'POST /api/readymade/:id/used': { summary: 'Counts a use of a snippet.', who: 'ticket.work' },
  'GET /api/readymade/:id/prefill': {
    summary: 'A template or model with its values, to begin a ticket with.',
    who: 'ticket.work',
    returns: prefill,
    query: z.object({ requesterId: id.optional() }),
  },
  'POST /api/readymade/:id/tickets': {
    summary: 'Opens a ticket that was begun with this template, and gives it the template’s tasks.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: ticket,
    body: newTicket,
  },
  'GET /api/tickets/:id/snippets': {
    summary: 'Snippets for this ticket, in its language and with its values; most used first.',
    who: 'ticket.work',
    returns: z.object({
      items: z.array(
        z.object({
          id,
          name: z.string(),
          folder: z.string(),
          text: z.string(),
          missing: z.array(z.string()),
          audience: z.enum(['everyone', 'staff']),
        }),
      ),
    }),
    query: z.object({ q: z.string().max(100).default(''), audience: z.enum(['everyone', 'staff']).default('everyone') }),
  },
  'POST /api/tickets/:id/preview-run': {
    summary: 'What a macro or model would do on this ticket, step by step; nothing is changed.',
    who: 'ticket.work',
    returns: preview,
    body: z.strictObject({ readymadeId: idInput }),
  },
  'POST /api/tickets/:id/run': {
    summary: 'Runs a macro, or applies a model: all of its steps, or none.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: run,
    body: z.strictObject({
      readymadeId: idInput,
      anyway: z.boolean().default(false).meta({ description: 'Sends a text in which ___ stands for a missing value.' }),
      seenMessageId: idInput.nullable().optional().meta({ description: 'The newest message that I saw; a newer one answers 409.' }),
    }),
  },
  'POST /api/macro-runs/:id/undo': {
    summary: 'Takes a run of mine back within the undo time: its reply, and what it set and nobody changed since.',
    who: 'ticket.work',
    returns: z.object({ body: z.string().nullable(), kept: z.array(z.enum(stepKinds)).meta({ description: 'What stays.' }) }),
  },
  'GET /api/tickets/:id/guides': {
    summary: 'Guides for this ticket; those of its category first.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(guide) }),
  },
  'POST /api/tickets/:id/guide-answers': {
    summary: 'Keeps the answers to a guide as an internal note.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: z.object({ messageId: id }),
    body: z.strictObject({ guideId: idInput, answers: z.array(prose(2000)).max(50) }),
  },
})
export type Readymade = z.infer<typeof readymade>
export type Step = Extract<Content, { kind: 'macro' }>['steps'][number]
export type StepReport = z.infer<typeof stepReport>
export type Guide = z.infer<typeof guide>
