import { sql } from 'kysely'
import type { CtiEvent } from '../../../contract/calls.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { take } from '../../kernel/limits.ts'
import { notFound } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { openTicket, personById } from '../tickets/actions-create.ts'
import { keptTelephone } from '../verification/access-telephone.ts'
import { numberOf } from './access-callers.ts'
import { systemByKey } from './access-systems.ts'
import { type CallState, type CallTold, callTold, stateAfter } from './rules.ts'
import './events.ts'

/**
 * What a telephone system tells, once: the call id makes it idempotent. The row is locked for each event, so that two
 * nodes that hear `answer` and `hangup` at once agree on one end.
 */
type Kept = { id: string; state: CallState; number: string | null; person_id: string | null; agent_id: string | null; answered: boolean }

export async function hearCti(kernel: Kernel, key: string, event: CtiEvent, address: string): Promise<void> {
  const system = await kernel.asSystem(({ db }) => systemByKey(db, key))
  if (!system) {
    await take(kernel, `cti-key:${address}`, 30, 3600)
    throw notFound()
  }
  await take(kernel, `cti:${system.id}`, 1200, 60)
  await kernel.asSystem((context) => hear(context, system.id, callTold(event)))
}

async function hear(context: Context, systemId: string, told: CallTold): Promise<void> {
  const at = context.now.toString()
  await sql`update phone_system set heard_at = ${at} where id = ${systemId}`.execute(context.db)
  const [number, agentId] = [await numberOf(context, told.number), await agentAt(context, told.own)]
  const personId = number === null ? null : await callerAt(context, number)
  const added =
    await sql`insert into call (phone_system_id, external_id, direction, state, number, dialled, queue, person_id, agent_id, started_at)
    values (${systemId}, ${told.callId}, ${told.direction}, 'ringing', ${number}, ${told.own.join(', ').slice(0, 200)}, ${told.queue}, ${personId}, ${agentId}, ${at})
    on conflict (phone_system_id, external_id) do nothing`.execute(context.db)
  const found = await sql<Kept>`select id, state, number, person_id, agent_id, answered_at is not null as answered from call
    where phone_system_id = ${systemId} and external_id = ${told.callId} for update`.execute(context.db)
  const call = found.rows[0]!
  const fresh = Number(added.numAffectedRows ?? 0) > 0
  const state = stateAfter(fresh ? null : call.state, told.what, told.direction, call.answered)
  if (!fresh && state === call.state) return
  const over = state === 'ended' || state === 'missed'
  // Whoever took it is asked for more than whoever it rang for.
  await sql`update call set state = ${state}, cause = case when ${told.cause} <> '' then ${told.cause} else cause end,
    agent_id = case when ${told.what === 'answered'} then coalesce(${agentId}::bigint, agent_id) else coalesce(agent_id, ${agentId}::bigint) end,
    answered_at = case when ${told.what === 'answered'} then coalesce(answered_at, ${at}::timestamptz) else answered_at end,
    ended_at = case when ${over} then coalesce(ended_at, ${at}::timestamptz) else ended_at end where id = ${call.id}`.execute(context.db)
  await tell(context, call, state, agentId ?? call.agent_id, told)
  if (state === 'missed' && call.state !== 'missed') await openForMissed(context, call)
}

async function tell(context: Context, call: Kept, state: CallState, agentId: string | null, told: CallTold): Promise<void> {
  const subject = { kind: 'call', id: call.id }
  const pops = agentId !== null && told.direction === 'in' && (state === 'ringing' || state === 'answered')
  if (pops) await context.record({ type: 'call.ringing', subject, audience: 'staff', data: { personId: agentId, callId: call.id } })
  await context.record({ type: 'call.changed', subject, audience: 'staff', data: { state } })
}

/** Whose extension, number, address or name it is. */
async function agentAt(context: Context, own: readonly string[]): Promise<string | null> {
  if (own.length === 0) return null
  const found = await sql<{ id: string }>`with told as (select x.one, x.nth, firstline.e164(x.one, firstline.dial_plan()) as number,
      case when x.one ~ '^[1-9][0-9]{6,14}$' then '+' || x.one end as whole from unnest(${[...own]}::text[]) with ordinality x (one, nth))
    select p.id from told join person p on p.archived_at is null and (
        p.id in (select e.person_id from extension e where e.number in (told.number, told.whole))
        or (told.one like '%@%' and p.email = told.one::citext))
      and exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))
    order by told.nth, p.id limit 1`.execute(context.db)
  return found.rows[0]?.id ?? null
}

/** The one whose number it is; a shared line (a reception) is nobody's. */
async function callerAt(context: Context, number: string): Promise<string | null> {
  const found = await sql<{
    id: string
  }>`select distinct c.person_id as id from contact_point c join person p on p.id = c.person_id and p.archived_at is null
    where c.value = ${number} and c.kind <> 'mail' limit 2`.execute(context.db)
  return found.rows.length === 1 ? found.rows[0]!.id : null
}

/** Where it is set so: one ticket for each known caller and day; who withheld the number, or is unknown, stays in the list. */
async function openForMissed(context: Context, call: Kept): Promise<void> {
  const kept = await keptTelephone(context.db)
  if (kept.missed !== 'ticket' || call.person_id === null) return
  await sql`select 1 from person where id = ${call.person_id} for no key update`.execute(context.db)
  const since = context.now.subtract({ hours: 24 }).toString()
  const before = await sql<{ ticket_id: string }>`select c.ticket_id from call c join ticket t on t.id = c.ticket_id
    where c.person_id = ${call.person_id} and c.state = 'missed' and c.started_at > ${since} and t.meaning not in ('resolved', 'closed', 'cancelled')
      and t.deleted_at is null and t.merged_into_id is null order by c.id desc limit 1`.execute(context.db)
  const ticketId = before.rows[0]?.ticket_id ?? (await newTicket(context, call.person_id, call.number ?? '', kept.missedTeamId ?? null))
  await sql`update call set ticket_id = ${ticketId} where id = ${call.id}`.execute(context.db)
}

async function newTicket(context: Context, personId: string, number: string, teamId: string | null): Promise<string> {
  const asker = await personById(context, personId, 'personId')
  const { language } = await companySettings(context.db)
  const [subject, body] =
    language === 'de' ? ['Verpasster Anruf', `Verpasster Anruf von ${number}.`] : ['Missed call', `Missed call from ${number}.`]
  const made = await openTicket(
    context,
    {
      kind: 'request',
      subject,
      impact: 3,
      urgency: 2,
      categoryId: null,
      channel: 'phone',
      requesterId: asker.id,
      onBehalfOfId: null,
      organisationId: asker.organisationId,
      siteId: asker.siteId,
      teamId,
      assigneeId: null,
      mailboxId: null,
      language: asker.language,
      tags: [],
      acknowledge: false,
    },
    {
      kind: 'phone',
      direction: 'in',
      audience: 'everyone',
      authorId: asker.id,
      from: { name: asker.name, email: asker.email ?? '' },
      body,
    },
  )
  return made.id
}
