import { z } from 'zod'
import { contract, flag, id, idInput, instant, instantInput, line, named, page, paging, personRef, prose } from './endpoint.ts'

/** What is to be done for a ticket: tasks with check items, and the templates that they are made of. Staff only. */
export const taskStates = ['open', 'done', 'not-needed'] as const
export const taskItem = z.object({ id, title: z.string(), ticked: z.object({ at: instant, by: personRef.nullable() }).nullable() })
export const task = z.object({
  id,
  version: z.number(),
  ticket: z.object({ id, number: z.number(), subject: z.string() }),
  title: z.string(),
  text: z.string(),
  state: z.enum(taskStates),
  mandatory: z.boolean().meta({ description: 'The ticket is not resolved while this is open.' }),
  team: named.nullable(),
  assignee: personRef.nullable(),
  dueAt: instant.nullable(),
  after: z
    .object({ id, title: z.string(), open: z.boolean() })
    .nullable()
    .meta({ description: 'The task that comes first; while it is open, this one cannot be done.' }),
  items: z.array(taskItem),
  createdAt: instant,
  createdBy: personRef.nullable(),
  settledAt: instant.nullable(),
  settledBy: personRef.nullable(),
})

const itemTitles = z.array(line(200)).max(50)
const taskFields = z.strictObject({
  title: line(250),
  text: prose(20_000),
  teamId: idInput.nullable(),
  assigneeId: idInput.nullable(),
  dueAt: instantInput.nullable(),
  mandatory: z.boolean(),
  afterId: idInput.nullable(),
})
const tasksOfTicket = z.object({ items: z.array(task), settled: z.number(), total: z.number(), can: z.object({ edit: z.boolean() }) })

const wordsInput = z
  .strictObject({ en: z.string().trim().max(250).default(''), de: z.string().trim().max(250).default('') })
  .refine((words) => words.en !== '' || words.de !== '', 'Write it in one language at least.')
const words = z.object({ en: z.string(), de: z.string() })
export const taskTemplate = z.object({
  id,
  version: z.number(),
  name: words,
  tasks: z.array(
    z.object({
      title: words,
      text: z.string(),
      team: named.nullable(),
      dueHours: z.number().nullable(),
      mandatory: z.boolean(),
      after: z.number().nullable().meta({ description: 'Which task of this list comes first, counted from 0.' }),
      items: z.array(words),
    }),
  ),
})
const templateFields = z.strictObject({
  name: wordsInput,
  tasks: z
    .array(
      z.strictObject({
        title: wordsInput,
        text: prose(20_000).default(''),
        teamId: idInput.nullable().default(null),
        dueHours: z.number().int().min(0).max(8760).nullable().default(null),
        mandatory: z.boolean().default(false),
        after: z.number().int().min(0).max(49).nullable().default(null),
        items: z.array(wordsInput).max(50).default([]),
      }),
    )
    .min(1)
    .max(50),
})

export const tasks = contract({
  'GET /api/tasks': {
    summary: 'Tasks of tickets that I may see: open ones by due time, settled ones newest first; keyset pages.',
    who: 'ticket.work',
    returns: page(task),
    query: z.object({
      ...paging,
      assignee: z.union([z.literal('me'), id]).optional(),
      team: z
        .union([z.literal('mine'), id])
        .optional()
        .meta({ description: '`mine`: of any team that I am in.' }),
      open: flag.optional().meta({ description: 'Open ones unless told.' }),
    }),
  },
  'GET /api/tickets/:id/tasks': { summary: 'The tasks of a ticket, in order.', who: 'ticket.work', returns: tasksOfTicket },
  'POST /api/tickets/:id/tasks': {
    summary: 'Adds a task.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: task,
    body: taskFields
      .partial()
      .required({ title: true })
      .extend({ items: itemTitles.default([]) }),
  },
  'POST /api/tickets/:id/tasks/from-template': {
    summary: 'Adds all tasks of a template at once.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: tasksOfTicket,
    body: z.strictObject({ templateId: idInput }),
  },
  'PUT /api/tickets/:id/tasks/order': {
    summary: 'Sets the order of the tasks.',
    who: 'ticket.work',
    returns: tasksOfTicket,
    body: z.strictObject({ ids: z.array(idInput).max(500) }),
  },
  'PATCH /api/tasks/:id': {
    summary: 'Changes a task.',
    who: 'ticket.work',
    ifMatch: true,
    returns: task,
    body: taskFields.partial(),
  },
  'POST /api/tasks/:id/settle': {
    summary: 'Says that it is done, or not needed.',
    who: 'ticket.work',
    returns: task,
    body: z.strictObject({ state: z.enum(['done', 'not-needed']).default('done') }),
  },
  'POST /api/tasks/:id/reopen': { summary: 'Makes it open again.', who: 'ticket.work', returns: task },
  'DELETE /api/tasks/:id': { summary: 'Removes a task.', who: 'ticket.work' },
  'POST /api/tasks/:id/items': {
    summary: 'Adds a check item.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: task,
    body: z.strictObject({ title: line(200) }),
  },
  'PATCH /api/task-items/:id': {
    summary: 'Ticks a check item, takes the tick away, or rewords it.',
    who: 'ticket.work',
    returns: task,
    body: z.strictObject({ ticked: z.boolean(), title: line(200) }).partial(),
  },
  'DELETE /api/task-items/:id': { summary: 'Removes a check item.', who: 'ticket.work', returns: task },
  'GET /api/task-templates': {
    summary: 'Templates of tasks, by name.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(taskTemplate) }),
  },
  'POST /api/task-templates': {
    summary: 'Adds a template.',
    who: 'template.edit',
    status: 201,
    idempotent: true,
    returns: taskTemplate,
    body: templateFields,
  },
  'PATCH /api/task-templates/:id': {
    summary: 'Changes a template; tasks made of it before stay as they are.',
    who: 'template.edit',
    ifMatch: true,
    returns: taskTemplate,
    body: templateFields.partial(),
  },
  'DELETE /api/task-templates/:id': { summary: 'Removes a template; tasks made of it stay.', who: 'template.edit' },
})
export type Task = z.infer<typeof task>
export type TaskTemplate = z.infer<typeof taskTemplate>
