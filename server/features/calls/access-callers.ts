import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Caller } from '../../../contract/calls.ts'
import type { Context } from '../../kernel/context.ts'
import { visiblePeople } from '../people/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'

/** Who calls: by the number however it is written, by an address, or by a name; best first, with what one must know of them. */
type Condition = RawBuilder<SqlBool>
const looksLikeNumber = (q: string) => /^[+\d][\d\s()/.-]*$/.test(q) && q.replace(/\D/g, '').length >= 2

export async function numberOf(context: Context, raw: string): Promise<string | null> {
  if (raw.trim() === '') return null
  const found = await sql<{ n: string | null }>`select firstline.e164(${raw}, firstline.dial_plan()) as n`.execute(context.db)
  return found.rows[0]?.n ?? null
}

export async function findCallers(context: Context, asked: string): Promise<{ number: string | null; items: Caller[] }> {
  const q = asked.trim()
  if (q.length < 2) return { number: null, items: [] }
  if (looksLikeNumber(q)) {
    const number = await numberOf(context, q)
    const items =
      number === null
        ? []
        : await callers(
            context,
            'number',
            sql`p.id in (select c.person_id from contact_point c where c.value = ${number} and c.kind <> 'mail')`,
          )
    return { number, items }
  }
  const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`
  if (q.includes('@')) return { number: null, items: await callers(context, 'mail', sql`p.email::text ilike ${pattern}`) }
  const words = q.split(/\s+/).slice(0, 6)
  const each = words.map(
    (word) => sql<SqlBool>`firstline.plain(p.name) like firstline.plain(${`%${word.replace(/[\\%_]/g, '\\$&')}%`}::text)`,
  )
  return { number: null, items: await callers(context, 'name', sql`(${sql.join(each, sql` and `)})`) }
}

const callers = async (context: Context, match: Caller['match'], which: Condition): Promise<Caller[]> => {
  const found =
    await sql<Caller>`with found as materialized (select p.id from person p where p.archived_at is null and ${visiblePeople(context.actor)} and ${which}
      order by p.name, p.id limit 8)
    select p.id, p.name, p.email::text as email, case when o.id is null then null else json_build_object('id', o.id::text, 'name', o.name) end as organisation,
      p.department, p.phones, p.special_handling as "specialHandling", coalesce(o.special_handling, '') as "organisationHandling", ${match} as match,
      coalesce((select json_agg(json_build_object('id', x.id::text, 'number', x.id, 'subject', x.subject, 'meaning', x.meaning, 'createdAt', x.at) order by x.id desc)
        from (select t.id, t.subject, t.meaning, ${wireTime('t.created_at')} as at from ticket t where t.requester_id = p.id and t.deleted_at is null and t.merged_into_id is null
          and t.meaning not in ('closed', 'cancelled', 'resolved') and ${visibleAsStaff(context.actor)} order by t.id desc limit 10) x), '[]') as "openTickets"
    from found join person p on p.id = found.id left join organisation o on o.id = p.organisation_id order by p.name, p.id`.execute(
      context.db,
    )
  return found.rows
}
