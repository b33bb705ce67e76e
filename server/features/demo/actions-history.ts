import { sql } from 'kysely'
import { systemActor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessTicket } from '../tickets/access.ts'
import { restrictTicket, setCopies } from '../tickets/actions-care.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { createTicket, openTicket } from '../tickets/actions-create.ts'
import { editTicket, passTicket, takeTicket } from '../tickets/actions-edit.ts'
import { closeTicket, resolveTicket } from '../tickets/actions-life.ts'
import type { NewFile } from '../tickets/actions-writing.ts'
import type { House, Someone } from './actions-house.ts'
import { asInstant } from './office-hours.ts'
import type { Act, SampleFile, Step, TicketPlan } from './steps.ts'
import type { YearPlan } from './year-plan.ts'

/** Carries the plan out, all tickets woven together in the order of time, each act by the action that the screen would call. */
type Work = { actAs: ActAs; house: House; kernel: Kernel; now: Instant; files: Map<string, NewFile> }
type Woven = { plan: TicketPlan; step: Step }
/** A story of its own that has its place in the year, so that numbers follow time. */
export type Happening = { at: number; act: () => Promise<unknown> }

export async function carryOut(
  actAs: ActAs,
  house: House,
  year: YearPlan,
  kernel: Kernel,
  now: Instant,
  also: readonly Happening[],
  tell: (done: number, all: number) => void,
): Promise<void> {
  const woven: Woven[] = year.tickets.flatMap((plan) => plan.steps.map((step) => ({ plan, step }))).sort((a, b) => a.step.at - b.step.at)
  const work: Work = { actAs, house, kernel, now, files: await keepBytes(kernel, woven) }
  const stories = [...also]
  for (const [i, { plan, step }] of woven.entries()) {
    while (stories[0] && stories[0].at <= step.at) await stories.shift()?.act()
    await actOf(work, plan, step).catch((cause: Error) => {
      throw new Error(`${plan.key}, ${step.act.do} by ${step.by}: ${cause.message}`, { cause })
    })
    if ((i + 1) % 4000 === 0 || i + 1 === woven.length) tell(i + 1, woven.length)
  }
  for (const story of stories) await story.act()
}

async function keepBytes(kernel: Kernel, woven: Woven[]): Promise<Map<string, NewFile>> {
  const wanted = woven.flatMap(({ step }) => ('files' in step.act ? (step.act.files ?? []) : []))
  const kept = new Map<string, NewFile>()
  for (const { name, mediaType, bytes } of wanted)
    if (!kept.has(name)) kept.set(name, { name, mediaType, ...(await kernel.files.put(bytes())) })
  return kept
}

async function actOf(work: Work, plan: TicketPlan, { act, by, at }: Step): Promise<void> {
  const when = asInstant(at)
  const program = () => work.actAs(systemActor(work.kernel.allRights), when)
  if (act.do === 'open') return open(work, plan, act, by, when)
  const id = work.house.tickets.get(plan.key)
  if (id === undefined) throw new Error('This ticket is not open yet.')
  if (by === 'program') return closeByTime(program(), id)
  const who = work.house.person(by)
  if (act.do === 'write' && !(act.via === 'portal') && !who.staff) return hear(work, program(), id, who, act)
  const context = work.actAs(who.actor, when)
  await actInPerson(work, context, id, plan, who, act)
}

const filesOf = (work: Work, files: SampleFile[] | undefined): { files?: NewFile[] } =>
  files ? { files: files.map((file) => ({ ...work.files.get(file.name)! })) } : {}
const contact = ({ name, email }: Someone) => ({ name, email })

async function open(work: Work, plan: TicketPlan, act: Extract<Act, { do: 'open' }>, by: string, when: Instant): Promise<void> {
  const { house } = work
  const asker = house.person(plan.requester)
  const { kind, language, channel, impact, urgency } = plan
  if (channel === 'mail') {
    // A mail is opened by the program, as the mail feature does; the requester is its author.
    const mailbox = plan.mailbox === null ? null : house.mailboxes.get(plan.mailbox)!
    const made = await openTicket(
      work.actAs(systemActor(work.kernel.allRights), when),
      {
        kind,
        subject: act.subject,
        impact,
        urgency,
        categoryId: null,
        channel,
        requesterId: asker.id,
        onBehalfOfId: null,
        organisationId: asker.organisationId,
        siteId: asker.siteId,
        teamId: null,
        assigneeId: null,
        mailboxId: mailbox,
        language,
        tags: [],
        acknowledge: false,
      },
      {
        kind: 'mail',
        direction: 'in',
        audience: 'everyone',
        authorId: asker.id,
        from: contact(asker),
        to: [{ name: '', email: plan.mailbox ?? '' }],
        subject: act.subject,
        body: act.body,
        visibleBody: act.shown,
        ...filesOf(work, act.files),
      },
    )
    house.tickets.set(plan.key, made.id)
    return
  }
  const context = work.actAs(house.person(by).actor, when)
  const common = { subject: act.subject, body: act.body, kind }
  const canWork = (['yes', 'yes', 'with-difficulty', 'no'] as const)[urgency]!
  const byStaff = {
    requesterId: asker.id,
    channel: channel === 'counter' ? 'counter' : 'phone',
    impact,
    urgency,
    teamId: house.teams.get('desk')!,
    acknowledge: false,
  } as const
  const mine = { canWork, affected: impact > 1 ? 'others-too' : 'me' } as const
  house.tickets.set(plan.key, await createTicket(context, { ...common, ...(channel === 'portal' ? mine : byStaff) }))
}

/** Mail and calls of the requester's side come in through the program. */
async function hear(work: Work, context: Context, id: string, who: Someone, act: Extract<Act, { do: 'write' }>): Promise<void> {
  const ticket = await accessTicket(context, id, 'ticket.reply')
  const kind = act.via === 'phone' ? 'phone' : 'mail'
  await addMessage(context, ticket, {
    kind,
    direction: 'in',
    audience: 'everyone',
    authorId: who.id,
    from: contact(who),
    subject: ticket.subject,
    body: act.body,
    visibleBody: act.shown,
    ...filesOf(work, act.files),
  })
}

async function closeByTime(context: Context, id: string): Promise<void> {
  const ticket = await accessTicket(context, id, 'ticket.see')
  if (ticket.meaning === 'resolved') await closeTicket(context, ticket, 'time')
}

async function actInPerson(work: Work, context: Context, id: string, plan: TicketPlan, who: Someone, act: Act): Promise<void> {
  const { house } = work
  const editable = () => accessTicket(context, id, 'ticket.edit')
  switch (act.do) {
    case 'triage':
      return editTicket(context, await editable(), {
        categoryId: house.categories.get(act.category)!,
        teamId: house.teams.get(act.team)!,
        assigneeId: house.person(act.assignee).id,
        tags: act.tags,
        ...(act.impact ? { impact: act.impact } : {}),
        ...(act.urgency ? { urgency: act.urgency } : {}),
      })
    case 'take':
      return takeTicket(context, await editable())
    case 'pass':
      return passTicket(context, await editable(), {
        teamId: house.teams.get(act.team)!,
        assigneeId: act.assignee ? house.person(act.assignee).id : null,
        note: act.note,
      })
    case 'copies':
      return setCopies(context, await editable(), act.emails)
    case 'move':
      return editTicket(context, await editable(), { statusId: house.statuses.get(act.meaning)!, ...revisit(work, act.revisitDays) })
    case 'raise': {
      const ticket = await editable()
      return ticket.priority === act.priority
        ? undefined
        : editTicket(context, ticket, { priority: act.priority, priorityReason: act.reason })
    }
    case 'restrict':
      return restrictTicket(context, await accessTicket(context, id, 'ticket.restrict'), {
        teamIds: act.teams.map((key) => house.teams.get(key)!),
        personIds: act.people.map((key) => house.person(key).id),
      })
    case 'resolve':
      return resolveTicket(context, await editable(), { code: act.code, text: act.text, tell: true })
    case 'close': {
      const ticket = await accessTicket(context, id, 'ticket.see')
      return ticket.meaning === 'resolved' ? closeTicket(context, ticket, 'requester') : undefined
    }
    case 'open':
      return
    default:
      return say(work, context, id, plan, who, act)
  }
}

async function say(
  work: Work,
  context: Context,
  id: string,
  plan: TicketPlan,
  who: Someone,
  act: Extract<Act, { do: 'answer' | 'note' | 'write' }>,
): Promise<void> {
  const author = { authorId: who.id, from: contact(who) }
  if (act.do === 'note') {
    await addMessage(context, await accessTicket(context, id, 'ticket.note'), {
      kind: 'note',
      direction: 'inside',
      audience: 'staff',
      ...author,
      body: act.body,
      ...filesOf(work, act.files),
    })
    return
  }
  const ticket = await accessTicket(context, id, 'ticket.reply')
  const message = {
    audience: 'everyone' as const,
    ...author,
    subject: ticket.subject,
    body: act.body,
    visibleBody: act.shown,
    ...filesOf(work, act.files),
  }
  if (act.do === 'write') {
    await addMessage(context, ticket, { ...message, kind: act.via === 'phone' ? 'phone' : 'portal', direction: who.staff ? 'out' : 'in' })
    return
  }
  const more = act.meaning ? { statusId: work.house.statuses.get(act.meaning)! } : {}
  await addMessage(context, ticket, { ...message, kind: 'mail', direction: 'out', to: [contact(work.house.person(plan.requester))] }, more)
  if (act.revisitDays !== undefined)
    await editTicket(context, await accessTicket(context, id, 'ticket.edit'), revisit(work, act.revisitDays))
}

/** Set-aside tickets come back in the days after today, at half past seven. */
function revisit(work: Work, days: number | undefined): { revisitAt?: string } {
  if (days === undefined) return {}
  const day = work.now.toZonedDateTimeISO('Europe/Berlin').add({ days }).withPlainTime('07:30')
  return { revisitAt: day.toInstant().toString() }
}

/** What the staff have seen: all but the newest; and of the bell only what is fresh and still open stays unread, a handful of tickets each. */
export async function settleMarks(context: Context, _house: House): Promise<void> {
  const now = context.now.toString()
  await sql`insert into ticket_read (person_id, ticket_id, message_id, at)
    select distinct g.person_id, t.id, t.last_message_id, t.last_message_at from role_grant g, ticket t
    where g.role in ('agent', 'lead', 'manager', 'administrator') and t.last_message_id is not null
      and (t.meaning in ('resolved', 'closed', 'cancelled') or t.last_message_at < ${now}::timestamptz - interval '30 hours')
    on conflict (person_id, ticket_id) do update set message_id = greatest(ticket_read.message_id, excluded.message_id)`.execute(context.db)
  await sql`update notice n set read_at = least(n.at + interval '40 minutes', ${now}::timestamptz)
    from (select y.id, y.fresh, dense_rank() over (partition by y.person_id order by y.latest desc, y.ticket_id) as place
      from (select x.id, x.person_id, x.ticket_id, max(x.at) over (partition by x.person_id, x.ticket_id) as latest,
          t.meaning not in ('resolved', 'closed', 'cancelled') and x.at > ${now}::timestamptz - interval '4 days' as fresh
        from notice x join ticket t on t.id = x.ticket_id where x.read_at is null) y) r
    where n.id = r.id and (not r.fresh or r.place > 6)`.execute(context.db)
}
