import { sql } from 'kysely'
import type { VoiceLine } from '../../../contract/emergency.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** The numbers at which a machine answers. Of the key only its hash is kept; the provider's token is sealed. */
const columns = sql`l.id, l.version, l.name, l.number, l.language, case when t.id is null then null else json_build_object('id', t.id::text, 'name', t.name) end as team,
  case when p.id is null then null else json_build_object('id', p.id::text, 'name', p.name) end as policy, l.forward_to as "forwardTo", l.greeting,
  l.max_seconds as "maxSeconds", l.pages_per_hour as "pagesPerHour", l.key_hash is not null as "hasKey", l.secret is not null as "hasToken",
  ${wireTime('l.created_at')} as "createdAt", ${wireTime('l.heard_at')} as "heardAt"`
const joins = sql`voice_line l left join team t on t.id = l.team_id left join paging_policy p on p.id = l.policy_id`

export const listLines = async ({ db }: Context): Promise<VoiceLine[]> =>
  (await sql<VoiceLine>`select ${columns} from ${joins} where l.archived_at is null order by l.name, l.id limit 200`.execute(db)).rows

export async function readLine({ db }: Context, id: string): Promise<VoiceLine> {
  const found = await sql<VoiceLine>`select ${columns} from ${joins} where l.id = ${id} and l.archived_at is null`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export type LineFacts = {
  id: string
  version: number
  name: string
  language: 'en' | 'de'
  secret: Buffer | null
  person_id: string
  team_id: string | null
  policy_id: string | null
  forward_to: string
  greeting: { en: string; de: string }
  max_seconds: number
  pages_per_hour: number
}
/** Without a team that was archived since: what it would get is in nobody's list. */
const facts = sql`id, version, name, language, secret, person_id,
  (select t.id from team t where t.id = voice_line.team_id and t.archived_at is null) as team_id, policy_id, forward_to, greeting, max_seconds, pages_per_hour`

export async function accessLine({ db }: Context, id: string): Promise<Granted<LineFacts, 'setting.edit'>> {
  const found = await sql<LineFacts>`select ${facts} from voice_line where id = ${id} and archived_at is null for update`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<LineFacts, 'setting.edit'>
}

/** Its key is its whole permission, and what it tells is believed when the provider signed it. */
export async function lineByKey(db: Db, key: string): Promise<Granted<LineFacts, 'emergency.tell'> | undefined> {
  const found = await sql<LineFacts>`select ${facts} from voice_line where key_hash = ${hashOf(key)} and archived_at is null`.execute(db)
  return found.rows[0] as unknown as Granted<LineFacts, 'emergency.tell'> | undefined
}

/** Alone with the calls of this line: two that end at once count each other. An archived one too, for its calls end as well. */
export async function lineAlone(context: Context, id: string): Promise<Granted<LineFacts, 'emergency.tell'>> {
  const found = await sql<LineFacts>`select ${facts} from voice_line where id = ${id} for no key update`.execute(context.db)
  return found.rows[0]! as unknown as Granted<LineFacts, 'emergency.tell'>
}

export const tokenPlace = (id: string) => ({ table: 'voice_line', column: 'secret', row: id })
