import type { z } from 'zod'
import type { Content, readymades } from '../../../contract/readymade.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid } from '../../kernel/problem.ts'
import { addTasksFromTemplate } from '../tasks/actions-templates.ts'
import { accessTicket } from '../tickets/access.ts'
import { createTicket, personById } from '../tickets/actions-create.ts'
import type { ReadymadeFacts } from './access.ts'
import { targetName } from './access-names.ts'
import { valuesOfRequester } from './access-values.ts'
import { countUse } from './actions.ts'
import { fill, inLanguage } from './rules-variables.ts'

/** Templates and models of new tickets: the form is filled in by the server, once; what its writer then types is text. */
type Usable = Granted<ReadymadeFacts, 'readymade.use'>
type Template = Extract<Content, { kind: 'template' | 'model' }>
type Prefill = z.infer<(typeof readymades)['GET /api/readymade/:id/prefill']['returns']>
type NewTicket = z.output<(typeof readymades)['POST /api/readymade/:id/tickets']['body']>

function templateOf(row: ReadymadeFacts): Template {
  if (row.content.kind !== 'template' && row.content.kind !== 'model')
    throw invalid('readymadeId', 'kind', 'This is no template of a ticket. Choose another.')
  return row.content
}

export async function prefillFrom(context: Context, row: Usable, requesterId: string | null): Promise<Prefill> {
  const template = templateOf(row)
  const language = requesterId === null ? context.actor.language : (await personById(context, requesterId, 'requesterId')).language
  const values = await valuesOfRequester(context, requesterId, language)
  const subject = fill(inLanguage(template.subject, language), values, 'everyone')
  const body = fill(inLanguage(template.body, language), values, 'everyone')
  const tasks = template.taskTemplateId
  return {
    subject: subject.text,
    body: body.text,
    kind: template.ticketKind,
    categoryId: template.categoryId,
    impact: template.impact,
    urgency: template.urgency,
    teamId: template.teamId,
    tags: template.tags,
    tasks: tasks === null ? null : { id: tasks, name: await targetName(context, 'task-template', tasks) },
    missing: [...new Set([...subject.missing, ...body.missing])],
  }
}

export async function openFromTemplate(context: Context, row: Usable, input: NewTicket): Promise<string> {
  const { taskTemplateId } = templateOf(row)
  const { resolve, ...begun } = input
  // Resolved in the same step, a ticket gets no tasks: there is nothing left to do.
  const id = await createTicket(context, resolve ? input : begun, 'all')
  if (taskTemplateId !== null && !resolve)
    await addTasksFromTemplate(context, await accessTicket(context, id, 'ticket.edit'), taskTemplateId)
  await countUse(context, row)
  return id
}
