import { sql } from 'kysely'
import type { Me } from '../../../contract/people.ts'
import type { Role } from '../../../contract/rights.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { notFound } from '../../kernel/problem.ts'
import type { Settings } from '../../kernel/settings.ts'

/** The sample company: the database says so, and only this machine can reach the server. */
export type DemoCard = { key: string; name: string; role: string; personId: string }
export async function demoCards(db: Db, settings: Settings): Promise<DemoCard[] | null> {
  if (!isLoopback(settings.HOST)) return null
  const found = await sql<{ cards: DemoCard[] | null }>`select value -> 'cards' as cards from setting where name = 'demo'`.execute(db)
  return found.rows[0] ? (found.rows[0].cards ?? []) : null
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)

/** What a person chose for their own screens; those who chose nothing have no row. */
export type OwnChoices = Partial<Pick<Me, 'undoSeconds' | 'keyboard'>>

export async function ownChoices({ db, actor }: Context): Promise<OwnChoices> {
  if (actor.id === null) return {}
  const found = await sql<{ value: OwnChoices }>`select value from person_choice where person_id = ${actor.id}`.execute(db)
  return found.rows[0]?.value ?? {}
}

/** How long the actor's answers can be taken back: their own choice, else the desk's. */
export const undoSecondsOf = async (context: Context): Promise<number> =>
  (await ownChoices(context)).undoSeconds ?? context.kernel.settings.UNDO_SECONDS

/** The bell's own rule (notices/access.ts) as the database has it: people know no tickets. A restricted ticket is not even counted. */
const mayStillSee = sql`(firstline.staff_sees(p.id, t) or (t.deleted_at is null and t.merged_into_id is null
  and (p.id in (t.requester_id, t.on_behalf_of_id) or exists (select 1 from ticket_person x where x.ticket_id = t.id and x.person_id = p.id and x.role = 'cc'))))`

type Row = Pick<
  Me,
  'id' | 'name' | 'email' | 'language' | 'timeZone' | 'phones' | 'state' | 'organisation' | 'site' | 'teams' | 'unreadNotices'
>

export async function readMe(context: Context): Promise<Me> {
  const { actor, db } = context
  const found = await sql<Row>`
    select p.id, p.name, p.email::text as email, p.language, p.time_zone as "timeZone", p.phones, p.state,
      (select json_build_object('id', o.id::text, 'name', o.name) from organisation o where o.id = p.organisation_id) as organisation,
      (select json_build_object('id', s.id::text, 'name', s.name) from site s where s.id = p.site_id) as site,
      coalesce((select json_agg(json_build_object('id', t.id::text, 'name', t.name) order by t.name) from team_member m join team t on t.id = m.team_id
        where m.person_id = p.id and t.archived_at is null), '[]') as teams,
      (select count(distinct coalesce(n.ticket_id, -n.id))::int from notice n left join ticket t on t.id = n.ticket_id where n.person_id = p.id and n.read_at is null and n.bell = 'rings'
        and (n.ticket_id is null or (t.id is not null and ${mayStillSee}))) as "unreadNotices"
    from person p where p.id = ${actor.id}`.execute(db)
  const row = found.rows[0]
  if (!row) throw notFound()
  const roles = new Set<Role>(actor.grants.length === 0 ? ['requester'] : actor.grants.map((grant) => grant.role))
  const demo = (await demoCards(db, context.kernel.settings)) !== null
  const { undoSeconds = null, keyboard = { letters: true, keys: {} } } = await ownChoices(context)
  return {
    ...row,
    undoSeconds,
    deskUndoSeconds: context.kernel.settings.UNDO_SECONDS,
    keyboard,
    staff: actor.staff,
    roles: [...roles],
    rights: [...actor.rights].sort(),
    demo,
  }
}
