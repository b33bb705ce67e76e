import { sql } from 'kysely'
import type { RuleAction, StepDone } from '../../../contract/automation.ts'
import type { Step } from '../../../contract/readymade.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { deskFacts, letterFacts } from '../mail/access-letters.ts'
import { enqueueMail, mayAnswer } from '../mail/actions-outbox.ts'
import { mostAnswers } from '../mail/rules.ts'
import { accessReadymade } from '../readymade/access.ts'
import { valuesOfTicket } from '../readymade/access-values.ts'
import { doStep } from '../readymade/actions-steps.ts'
import { fill, inLanguage } from '../readymade/rules-variables.ts'
import { addTask } from '../tasks/actions.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { sendByRule } from '../webhooks/actions-deliveries.ts'
import { staffWith } from './actions-checks.ts'
import { needsPerson } from './rules.ts'
import './events.ts'

/** The steps of a rule, each through the action that a person's click ends in. */
type Named = { id: string; name: string }
type Of<D extends RuleAction['do']> = Extract<RuleAction, { do: D }>
const done = (what: RuleAction['do'], value = ''): StepDone => ({ do: what, outcome: 'done', value })
const nothing = (what: RuleAction['do'], value = ''): StepDone => ({ do: what, outcome: 'nothing', value })

export async function doAction(context: Context, rule: Named, ticketId: string, action: RuleAction): Promise<StepDone[]> {
  if (needsPerson(action)) throw new Problem('not_allowed', 'This step needs a person, and a rule is nobody.')
  switch (action.do) {
    case 'reply':
      return [await mailRequester(context, ticketId, action)]
    case 'notify':
      return [await notify(context, rule, ticketId, action)]
    case 'mail-staff':
      return [await mailStaff(context, ticketId, action)]
    case 'task':
      return [await task(context, ticketId, action)]
    case 'webhook':
      return [(await sendByRule(context, action.webhookId, ticketId, rule)) ? done('webhook') : nothing('webhook')]
    case 'macro':
      return runMacro(context, rule, ticketId, action.readymadeId)
    case 'stop':
      return [done('stop')]
    default: {
      const { changed, value } = await doStep(context, ticketId, action, undefined)
      return [changed ? done(action.do, value) : nothing(action.do, value)]
    }
  }
}

async function runMacro(context: Context, rule: Named, ticketId: string, id: string): Promise<StepDone[]> {
  const { content } = await accessReadymade(context, id, 'readymade.use')
  const steps: Step[] = content.kind === 'macro' ? content.steps : []
  const all: StepDone[] = []
  for (const step of steps) all.push(...(await doAction(context, rule, ticketId, step)))
  return all
}

/**
 * A public mail that says it is automatic, counts as nobody's answer, and is not sent where a program asked or where so
 * many went within the hour: two desks that answer each other stop after a few.
 */
async function mailRequester(context: Context, ticketId: string, { text }: Of<'reply'>): Promise<StepDone> {
  const ticket = await accessTicket(context, ticketId, 'ticket.reply')
  const facts = await letterFacts(context.db, ticketId)
  if (!facts?.email || facts.automatic) return nothing('reply')
  const said = fill(inLanguage(text, ticket.language), await valuesOfTicket(context, ticketId, ticket.language), 'everyone')
  if (said.missing.length > 0)
    throw new Problem('validation_failed', `There is no value for ${said.missing.join(', ')}, and nobody to write it by hand.`)
  if (!(await mayAnswer(context, facts.email, mostAnswers(facts.verified))))
    throw new Problem('too_many_requests', 'This address was sent as many automatic mails as it gets within an hour.')
  await addMessage(context, ticket, {
    kind: 'mail',
    direction: 'out',
    audience: 'everyone',
    authorId: null,
    from: { name: facts.company, email: facts.address ?? '' },
    to: [{ name: facts.name, email: facts.email }],
    subject: ticket.subject,
    body: said.text,
    automatic: 'rule',
    delivery: 'waiting',
  })
  return done('reply', facts.email)
}

async function notify(context: Context, rule: Named, ticketId: string, { personIds, teamIds, assignee }: Of<'notify'>): Promise<StepDone> {
  await context.record({
    type: 'automation.notified',
    subject: { kind: 'automation', id: rule.id },
    audience: 'staff',
    data: { ticketId, personIds, teamIds, assignee },
  })
  return done('notify')
}

/** To people who work here and may see the ticket, each alone. */
async function mailStaff(context: Context, ticketId: string, action: Of<'mail-staff'>): Promise<StepDone> {
  const staff = await staffWith(context, action.to)
  const seeing = await sql<{
    id: string
  }>`select p.id from person p, ticket t where t.id = ${ticketId} and p.id = any(${staff.map((one) => one.id)}::bigint[])
    and firstline.staff_sees(p.id, t)`.execute(context.db)
  const may = new Set(seeing.rows.map((row) => row.id))
  const desk = await deskFacts(context)
  const address = `${context.kernel.settings.baseUrl}/tickets/${ticketId}`
  for (const one of staff.filter(({ id }) => may.has(id))) {
    const values = await valuesOfTicket(context, ticketId, one.language)
    const body = `${fill(inLanguage(action.text, one.language), values, 'staff').text}\n\n${address}\n`
    await enqueueMail(context, {
      kind: 'notice',
      ticketId: null,
      messageId: null,
      mailboxId: desk.mailboxId,
      sender: {
        name: desk.mailboxName ?? desk.company,
        address: desk.address ?? `firstline@${context.kernel.settings.mailDomain}`,
        plus: false,
      },
      subject: untagged(`#${ticketId} ${fill(action.subject, values, 'staff').text}`),
      text: body,
      html: `<p style="white-space:pre-wrap">${asHtml(body)}</p>`,
      recipients: [{ name: one.name, address: one.email, field: 'to', personId: one.id }],
    })
  }
  return may.size > 0 ? done('mail-staff', String(may.size)) : nothing('mail-staff')
}
/** Our tag in the subject would make a colleague's answer one to the requester. */
const untagged = (subject: string): string => subject.replace(/\[#(\d+)\]/g, '#$1')
const asHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

async function task(context: Context, ticketId: string, { title, teamId, dueHours }: Of<'task'>): Promise<StepDone> {
  const ticket = await accessTicket(context, ticketId, 'ticket.edit')
  const dueAt = dueHours === null ? null : context.now.add({ hours: dueHours }).toString()
  await addTask(context, ticket, { title, teamId, dueAt, items: [] })
  return done('task', title)
}
