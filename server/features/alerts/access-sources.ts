import { sql } from 'kysely'
import type { AlertMapping, AlertSource, Severity } from '../../../contract/alerts.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** Who may tell of alerts. Of a key only its hash is kept. */
export type SourceFacts = {
  id: string
  version: number
  name: string
  kind: AlertSource['kind']
  person_id: string
  team_id: string | null
  organisation_id: string | null
  site_id: string | null
  delay_seconds: number
  consecutive: number
  interval_minutes: number
  flap_after: number
  storm_after: number
  priorities: Record<Severity, number>
  resolves: 'yes' | 'no'
  heartbeat_minutes: number | null
  mapping: AlertMapping
  signing_secret: Buffer | null
  timestamp_header: string
}
/** Sources from before there were words of their own. */
const mappingOf = (row: string) => sql.raw(`'{"critical":"","error":"","warning":"","info":""}'::jsonb || ${row}mapping`)
const facts = sql`id, version, name, kind, person_id, team_id, organisation_id, site_id, delay_seconds, consecutive, interval_minutes, flap_after,
  storm_after, priorities, resolves, heartbeat_minutes, ${mappingOf('')} as mapping, signing_secret, timestamp_header`
const ref = (id: string, name: string) =>
  sql.raw(`case when ${id} is null then null else json_build_object('id', ${id}::text, 'name', coalesce(${name}, '')) end`)
const isSilent = (now: string) =>
  sql`(s.heartbeat_minutes is not null and s.heard_at is not null and s.heard_at < ${now}::timestamptz - make_interval(mins => s.heartbeat_minutes))`
const columns = ({ now }: Context) => sql`s.id, s.version, s.name, s.kind, ${ref('s.team_id', 't.name')} as team,
  ${ref('s.organisation_id', 'o.name')} as organisation, ${ref('s.site_id', 'x.name')} as site, s.delay_seconds as "delaySeconds", s.consecutive,
  s.interval_minutes as "intervalMinutes", s.flap_after as "flapAfter", s.storm_after as "stormAfter", s.priorities, s.resolves = 'yes' as resolves,
  s.heartbeat_minutes as "heartbeatMinutes", ${mappingOf('s.')} as mapping,
  case when b.id is null then null else json_build_object('id', b.id::text, 'address', b.address::text) end as mailbox, s.timestamp_header as "timestampHeader",
  s.signing_secret is not null as "hasSecret", s.key_hash is not null as "hasKey", ${wireTime('s.created_at')} as "createdAt",
  ${wireTime('s.heard_at')} as "heardAt", ${isSilent(now.toString())} as silent,
  (select count(*)::int from (select 1 from alert a where a.source_id = s.id and a.state <> 'cleared' limit 1000) z) as open`
const joins = sql`alert_source s left join team t on t.id = s.team_id left join organisation o on o.id = s.organisation_id left join site x on x.id = s.site_id
  left join mailbox b on b.id = s.mailbox_id`

export const listSources = async (context: Context): Promise<AlertSource[]> =>
  (
    await sql<AlertSource>`select ${columns(context)} from ${joins} where s.archived_at is null order by s.name, s.id limit 500`.execute(
      context.db,
    )
  ).rows

export async function readSource(context: Context, id: string): Promise<AlertSource> {
  const found = await sql<AlertSource>`select ${columns(context)} from ${joins} where s.id = ${id} and s.archived_at is null`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export async function accessSource({ db }: Context, id: string): Promise<Granted<SourceFacts, 'setting.edit'>> {
  const found = await sql<SourceFacts>`select ${facts} from alert_source where id = ${id} and archived_at is null for update`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<SourceFacts, 'setting.edit'>
}

/** Its key is its whole permission; what it says is only ever its own. */
export async function sourceByKey(db: Db, key: string): Promise<Granted<SourceFacts, 'alert.tell'> | undefined> {
  const found = await sql<SourceFacts>`select ${facts} from alert_source where key_hash = ${hashOf(key)} and archived_at is null`.execute(
    db,
  )
  return found.rows[0] as unknown as Granted<SourceFacts, 'alert.tell'> | undefined
}

/** For the job that folds; an archived one too, for nothing that was taken is dropped. */
export async function sourceToFold(db: Db, id: string): Promise<Granted<SourceFacts, 'alert.tell'> | undefined> {
  const found = await sql<SourceFacts>`select ${facts} from alert_source where id = ${id}`.execute(db)
  return found.rows[0] as unknown as Granted<SourceFacts, 'alert.tell'> | undefined
}
