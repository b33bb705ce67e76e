import type { Step, StepReport } from '../../../contract/readymade.ts'
import type { Context } from '../../kernel/context.ts'
import { addTasksFromTemplate } from '../tasks/actions-templates.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { replyToTicket } from '../tickets/actions-converse.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import { resolveTicket } from '../tickets/actions-life.ts'
import { addTime } from '../timekeeping/actions.ts'
import { targetName } from './access-names.ts'
import { morningAfter, valuesOfTicket } from './access-values.ts'
import { type Audience, type Filled, fill, inLanguage } from './rules-variables.ts'

/**
 * The steps of a macro, each through the ticket's own action with the rights of whoever runs it: a macro can nothing
 * that its runner could not do by hand, one after the other.
 */
type Done = Pick<StepReport, 'value' | 'text' | 'missing'> & { changed: boolean; messageId?: string }
type Edit = Parameters<typeof editTicket>[2]
type Texts = { en: string; de: string }

export async function doStep(context: Context, ticketId: string, step: Step, seen: string | null | undefined): Promise<Done> {
  switch (step.do) {
    case 'status':
      return edit(context, ticketId, { statusId: step.statusId }, await targetName(context, 'status', step.statusId))
    case 'priority':
      return edit(context, ticketId, { priority: step.priority, priorityReason: step.reason }, String(step.priority))
    case 'category':
      return edit(context, ticketId, { categoryId: step.categoryId }, await targetName(context, 'category', step.categoryId))
    case 'team':
      return edit(context, ticketId, { teamId: step.teamId }, await targetName(context, 'team', step.teamId))
    case 'kind':
      return edit(context, ticketId, { kind: step.kind }, step.kind)
    case 'assignee': {
      const id = step.assigneeId === 'me' ? context.actor.id : step.assigneeId
      const name = id === null ? '' : id === context.actor.id ? context.actor.name : await targetName(context, 'person', id)
      return edit(context, ticketId, { assigneeId: id }, name)
    }
    case 'tags':
      return tag(context, ticketId, step)
    case 'wait':
      return edit(
        context,
        ticketId,
        {
          statusId: step.statusId,
          revisitAt: morningAfter(context, step.days).toString(),
          ...(step.reason ? { waitingReason: step.reason } : {}),
        },
        await targetName(context, 'status', step.statusId),
      )
    case 'reply':
      return write(context, ticketId, step.text, 'everyone', seen)
    case 'note':
      return write(context, ticketId, step.text, 'staff', undefined)
    case 'tasks': {
      const ids = await addTasksFromTemplate(context, await accessTicket(context, ticketId, 'ticket.edit'), step.templateId)
      return { ...plain(await targetName(context, 'task-template', step.templateId)), changed: ids.length > 0 }
    }
    case 'time':
      await addTime(context, await accessTicket(context, ticketId, 'ticket.note'), { minutes: step.minutes, note: step.note })
      return plain(String(step.minutes))
    case 'resolve': {
      const ticket = await accessTicket(context, ticketId, 'ticket.edit')
      const said = await rendered(context, ticket, step.text, 'everyone')
      await resolveTicket(context, ticket, { code: step.code, text: said.text, tell: step.tell })
      return { value: step.code, text: said.text, missing: said.missing, changed: true }
    }
  }
}

const plain = (value: string): Done => ({ value, text: null, missing: [], changed: true })

async function edit(context: Context, ticketId: string, change: Edit, value: string): Promise<Done> {
  const before = await accessTicket(context, ticketId, 'ticket.edit')
  await editTicket(context, before, change)
  const after = await accessTicket(context, ticketId, 'ticket.edit')
  return { ...plain(value), changed: after.version !== before.version }
}

async function tag(context: Context, ticketId: string, step: Extract<Step, { do: 'tags' }>): Promise<Done> {
  const { tags } = await accessTicket(context, ticketId, 'ticket.edit')
  const next = [...new Set([...tags, ...step.add])].filter((one) => !step.remove.includes(one))
  const value = [...step.add.map((one) => `+ ${one}`), ...step.remove.map((one) => `- ${one}`)].join(', ')
  return edit(context, ticketId, { tags: next }, value)
}

/** A reply speaks the ticket's language, a note that of whoever runs the macro. */
async function rendered(context: Context, ticket: TicketFacts, text: Texts, audience: Audience): Promise<Filled> {
  const language = audience === 'everyone' ? ticket.language : context.actor.language
  return fill(inLanguage(text, language), await valuesOfTicket(context, ticket.id, language), audience)
}

async function write(context: Context, ticketId: string, text: Texts, audience: Audience, seen: string | null | undefined): Promise<Done> {
  const internal = audience === 'staff'
  const ticket = await accessTicket(context, ticketId, internal ? 'ticket.note' : 'ticket.reply')
  const said = await rendered(context, ticket, text, audience)
  const { messageId } = await replyToTicket(context, ticketId, {
    body: said.text,
    internal,
    ...(seen === undefined ? {} : { seenMessageId: seen }),
  })
  return { value: '', text: said.text, missing: said.missing, changed: true, ...(internal ? {} : { messageId }) }
}
