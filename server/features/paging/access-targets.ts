import { sql } from 'kysely'
import type { PolicyStep } from '../../../contract/paging.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { onCallAt } from '../oncall/access-now.ts'
import { orderedWays, type WayAfter } from './rules.ts'

/** For whom a step's targets stand at this moment, and by which ways each is reached. */
type NobodyWhy = 'nobody-on-call' | 'gone' | 'no-channel' | 'no-lead'
export type Called = { target: string; personId: string | null; nobodyWhy: NobodyWhy | null }
type Target = PolicyStep['targets'][number]

export async function calledBy(context: Context, ticketId: string, targets: readonly Target[]): Promise<Called[]> {
  const rotas = targets.filter((one) => one.kind === 'rota').map((one) => one.id)
  const onCall = rotas.length > 0 ? await onCallAt(context, rotas, context.now) : new Map<string, { personId: string } | null>()
  const teams = targets.filter((one) => one.kind === 'leads').map((one) => one.id)
  const leads = await sql<{ team_id: string; person_id: string }>`select m.team_id, m.person_id from team_member m
    where m.team_id = any(${teams}::bigint[]) and m.is_lead = 'yes' order by m.team_id, m.person_id`.execute(context.db)
  const called = targets.flatMap((one): Called[] => {
    if (one.kind === 'person') return [{ target: 'person', personId: one.id, nobodyWhy: null }]
    if (one.kind === 'rota') {
      const personId = onCall.get(one.id)?.personId ?? null
      return [{ target: 'rota', personId, nobodyWhy: personId === null ? 'nobody-on-call' : null }]
    }
    const ids = leads.rows.filter((row) => row.team_id === one.id).map((row) => row.person_id)
    return ids.length > 0
      ? ids.map((personId) => ({ target: 'leads', personId, nobodyWhy: null }))
      : [{ target: 'leads', personId: null, nobodyWhy: 'no-lead' }]
  })
  return withoutGone(context, ticketId, called)
}

/** Who left, or may not see the ticket, is not told of it; nobody is rung twice by one step. */
async function withoutGone(context: Context, ticketId: string, called: Called[]): Promise<Called[]> {
  const ids = called.flatMap((one) => one.personId ?? [])
  const found = await sql<{ id: string }>`select p.id from person p join ticket t on t.id = ${ticketId}
    where p.id = any(${ids}::bigint[]) and p.archived_at is null and firstline.staff_sees(p.id, t)`.execute(context.db)
  const here = new Set(found.rows.map((row) => row.id))
  const seen = new Set<string>()
  return called.flatMap((one): Called[] => {
    if (one.personId === null) return [one]
    if (!here.has(one.personId)) return [{ ...one, personId: null, nobodyWhy: 'gone' }]
    if (seen.has(one.personId)) return []
    seen.add(one.personId)
    return [one]
  })
}

/** Somebody of the staff who is here and sees the ticket: all others could not be told of it. */
export async function refuseUnseeing({ db }: Context, ticketId: string, personId: string): Promise<void> {
  const found = await sql`select 1 from person p join ticket t on t.id = ${ticketId}
    where p.id = ${personId} and p.archived_at is null and firstline.staff_sees(p.id, t)`.execute(db)
  if (found.rows.length === 0)
    throw invalid('personId', 'unknown', 'This is no colleague who may see the ticket. Choose another, or a policy.')
}

/** Whom the page falls to at the end: the person named, else all administrators. */
export async function catchAll(context: Context, ticketId: string, personId: string | null): Promise<Called[]> {
  const named = personId === null ? [] : await withoutGone(context, ticketId, [{ target: 'catch-all', personId, nobodyWhy: null }])
  if (named.some((one) => one.personId !== null)) return named
  const found = await sql<{ id: string }>`select p.id from person p join ticket t on t.id = ${ticketId}
    where p.archived_at is null and firstline.staff_sees(p.id, t)
      and exists (select 1 from role_grant g where g.person_id = p.id and g.role = 'administrator' and g.organisation_id is null and g.team_id is null)
    order by p.id limit 20`.execute(context.db)
  return [...named, ...found.rows.map((row) => ({ target: 'catch-all', personId: row.id, nobodyWhy: null }))]
}

type Chosen = { person_id: string; channel_id: string | null; kind: WayAfter['kind'] | null; after: number | null; has_mail: boolean }

/** Of each person the ways in the order of their use; an empty list: none at all. */
export async function waysOf(context: Context, personIds: readonly string[], urgency: 'high' | 'low'): Promise<Map<string, WayAfter[]>> {
  const after = urgency === 'high' ? sql`c.high_after` : sql`c.low_after`
  const found = await sql<Chosen>`select p.id as person_id, c.id as channel_id, c.kind, ${after} as after, p.email is not null as has_mail
    from person p left join paging_channel c on c.person_id = p.id and c.gone_at is null and ${after} is not null and (c.kind = 'mail' or c.address is not null)
      and (c.kind <> 'sms' or exists (select 1 from sms_gateway))
    where p.id = any(${[...personIds]}::bigint[])`.execute(context.db)
  return new Map(
    personIds.map((id) => {
      const rows = found.rows.filter((row) => row.person_id === id)
      const chosen = rows.flatMap(({ kind, channel_id, after: minutes }) =>
        kind === null ? [] : [{ kind, channelId: channel_id, after: minutes ?? 0 }],
      )
      return [id, orderedWays(chosen, rows[0]?.has_mail ?? false)]
    }),
  )
}
