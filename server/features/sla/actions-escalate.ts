import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { Problem } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { accessTicket } from '../tickets/access.ts'
import { editTicket, passTicket } from '../tickets/actions-edit.ts'
import { standingOf } from './access-seen.ts'
import { worldAt } from './access-world.ts'
import { dueOfTicket, keepClocks } from './actions-clocks.ts'
import { type ClockFacts, countedTo, isOver, settled } from './rules-clock.ts'
import { type Act, type Asked, passing, wayOf } from './rules-escalation.ts'
import { clockRow, written } from './rules-kept.ts'
import { byTermsOfNow } from './rules-recount.ts'
import { keyOf } from './rules-terms.ts'
import './events.ts'

/**
 * Clocks whose next threshold has come, each in a transaction of its own. The ticket's row is taken, so that of two nodes
 * one does it and the other finds it done; one that fails is tried again at the next look and keeps none waiting.
 */
const atOnce = 200

export async function lookAtClocks(kernel: Kernel): Promise<void> {
  const tried = new Set<string>()
  for (;;) {
    const due = (await kernel.asSystem((context) => dueClocks(context, [...tried]))).slice(0, atOnce)
    if (due.length === 0) return
    for (const id of due) {
      tried.add(id)
      await kernel
        .asSystem(async (context) => {
          await passThresholds(context, id)
          await failpoint('sla.before-threshold-commit')
        })
        .then(() => failpoint('sla.after-threshold-commit'))
        .catch((cause) => kernel.log.error('a clock could not be looked at', cause, { clock: id }))
    }
  }
}

async function dueClocks({ db, now }: Context, tried: readonly string[]): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from sla_clock where ended_at is null and next_at <= ${now.toString()}::timestamptz
    and id <> all(${[...tried]}::bigint[]) order by next_at, id limit ${sql.lit(atOnce)}`.execute(db)
  return found.rows.map((row) => row.id)
}

type Taken = { ticket_id: string; organisation_id: string | null; team_id: string | null; assignee_id: string | null; priority: number }
async function taken({ db, now }: Context, clockId: string): Promise<Taken | undefined> {
  const found =
    await sql<Taken>`select t.id as ticket_id, t.organisation_id, t.team_id, t.assignee_id, t.priority from sla_clock c join ticket t on t.id = c.ticket_id
    where c.id = ${clockId} and c.ended_at is null and c.next_at <= ${now.toString()}::timestamptz for no key update of t skip locked`.execute(
      db,
    )
  return found.rows[0]
}

async function passThresholds(context: Context, clockId: string): Promise<void> {
  const ticket = await taken(context, clockId)
  const standing = ticket && (await standingOf(context, ticket.ticket_id))
  if (!ticket || !standing) return
  const world = await worldAt(context, standing.edition)
  const now = context.now.epochMilliseconds
  const open = byTermsOfNow(world, standing.history, standing.open, now).filter((one) => !isOver(one))
  const old = open.find((one) => one.id === clockId)
  if (!old) return
  const ready = world.byKey.get(keyOf(old.agreementId, old.ruleKey))
  const last = standing.history.at(-1)
  // Its agreement is being taken out of force: the counting anew ends it.
  if (!ready || !last) return
  const clock = settled(world, ready, countedTo(world, old, now, last))
  const passed = passing(world, ready, clock, now)
  const next = passed?.clock ?? clock
  const others = open.map((one) => (one.id === clockId ? next : one))
  await keepClocks(context, { moments: [], clocks: [clockRow(next)], dues: [dueOfTicket(world, ticket.ticket_id, others)] })
  if (!passed) return
  if (passed.breached) await recordBreach(context, ticket, next)
  for (const asked of passed.asked) await escalate(context, ticket, next, asked)
}

const about = ({ ticket_id, organisation_id }: Taken) => ({
  subject: { kind: 'ticket', id: ticket_id },
  ticketId: ticket_id,
  organisationId: organisation_id,
  audience: 'staff' as const,
})

const recordBreach = (context: Context, ticket: Taken, { id, target, agreementId }: ClockFacts): Promise<void> =>
  context.record({
    type: 'sla.breached',
    ...about(ticket),
    data: { clockId: id!, target, agreementId, teamId: ticket.team_id, assigneeId: ticket.assignee_id },
  })

async function escalate(context: Context, ticket: Taken, clock: ClockFacts, { act, percent, minutesBefore }: Asked): Promise<void> {
  const { target, agreementId, dueAt } = clock
  const passed = { clockId: clock.id!, target, agreementId, percent, minutesBefore, dueAt: dueAt === null ? null : written(dueAt) }
  if (act.do === 'notify') {
    const personIds = await peopleOf(context, ticket, act)
    if (personIds.length > 0)
      await context.record({ type: 'sla.warned', ...about(ticket), data: { ...passed, way: wayOf(act) as 'notice', personIds } })
    return
  }
  if (act.do === 'page') {
    const data = { ...passed, way: 'functional' as const, teamId: act.teamId ?? ticket.team_id, priority: ticket.priority }
    return context.record({ type: 'sla.page-asked', ...about(ticket), data })
  }
  if (!(await did(context, ticket, act))) return
  const way = wayOf(act) === 'functional' ? ('functional' as const) : ('notice' as const)
  const data = {
    ...passed,
    way,
    did: act.do === 'pass' ? ('passed' as const) : ('raised-priority' as const),
    teamId: act.do === 'pass' ? act.teamId : null,
  }
  await context.record({ type: 'sla.escalated', ...about(ticket), data })
}

type Whom = Extract<Act, { do: 'notify' }>
/** Where nobody has the ticket, its team stands for the assignee; of leads and managers those whose grant holds here. */
async function peopleOf({ db }: Context, { team_id, organisation_id, assignee_id }: Taken, { whom, personIds }: Whom): Promise<string[]> {
  const has = (one: Whom['whom'][number]) => whom.includes(one)
  const members = has('team') || (has('assignee') && assignee_id === null)
  const roles = [...(has('leads') ? ['lead'] : []), ...(has('managers') ? ['manager'] : [])]
  const found = await sql<{ id: string }>`select distinct p.id from person p where p.archived_at is null and p.id in (
      select unnest(${[...personIds, ...(has('assignee') && assignee_id !== null ? [assignee_id] : [])]}::bigint[])
      union all select m.person_id from team_member m where ${members} and m.team_id = ${team_id}::bigint
      union all select g.person_id from role_grant g where g.role = any(${roles}::text[])
        and (g.team_id is null or g.team_id = ${team_id}::bigint) and (g.organisation_id is null or g.organisation_id = ${organisation_id}::bigint))
    order by p.id limit 200`.execute(db)
  return found.rows.map((row) => row.id)
}

const handOff = {
  en: 'The time for this ticket runs out: passed on by the service level.',
  de: 'Die Zeit für dieses Ticket läuft ab: durch das Servicelevel weitergegeben.',
}

const raised = {
  en: 'The time for this ticket runs out: priority raised by the service level.',
  de: 'Die Zeit für dieses Ticket läuft ab: Priorität durch das Servicelevel erhöht.',
}

/** As a person's click would; nothing where it is so already, or the ticket no longer takes it. */
async function did(context: Context, ticket: Taken, act: Exclude<Act, { do: 'notify' | 'page' }>): Promise<boolean> {
  try {
    const facts = await accessTicket(context, ticket.ticket_id, 'ticket.edit')
    if (act.do === 'pass') {
      if (facts.team_id === act.teamId) return false
      const { language } = await companySettings(context.db)
      await passTicket(context, facts, { teamId: act.teamId, assigneeId: null, note: handOff[language] })
      return true
    }
    if (facts.priority <= 1) return false
    const { language } = await companySettings(context.db)
    await editTicket(context, facts, { priority: facts.priority - 1, priorityReason: raised[language] })
    return true
  } catch (cause) {
    if (cause instanceof Problem) return false
    throw cause
  }
}
