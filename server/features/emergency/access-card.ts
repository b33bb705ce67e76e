import { sql } from 'kysely'
import type { EmergencyCard, Reach, Reachable } from '../../../contract/emergency.ts'
import { onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { calendarOf, compiledCalendar } from '../calendars/access-compiled.ts'
import { sentenceOf } from '../calendars/rules-words.ts'
import { onCallNow } from '../oncall/access-on-call.ts'
import { accessOrganisation } from '../people/access-organisations.ts'

/** How one reaches the desk: for everybody in the portal, and with all that belongs to it on the card for the staff's wall. */
export async function keptReach(db: Db): Promise<Reach> {
  const found = await sql<{ value: Partial<Reach> }>`select value from setting where name = 'reach'`.execute(db)
  return { numbers: [], advice: { en: '', de: '' }, ...found.rows[0]?.value }
}

export async function reachDesk({ db }: Context): Promise<Reachable> {
  const kept = await keptReach(db)
  const found = await sql<Reachable['numbers'][number]>`select x.name, x.number,
      coalesce(firstline.e164(x.number, firstline.dial_plan()), regexp_replace(x.number, '[^0-9+]', '', 'g')) as dial
    from (select name, number, row_number() over () as nth from firstline.hotlines()
      union all select o.value ->> 'name', o.value ->> 'number', 1000 + o.ordinality from jsonb_array_elements(${JSON.stringify(kept.numbers)}::jsonb) with ordinality o) x
    order by x.nth`.execute(db)
  return { ...kept, numbers: found.rows }
}

type Organisation = NonNullable<EmergencyCard['organisation']>

export async function readCard(context: Context, organisationId: string | undefined): Promise<EmergencyCard> {
  const organisation = organisationId === undefined ? null : await customerOn(context, organisationId)
  const parties = organisationId === undefined ? {} : { organisationId }
  const calendar = await compiledCalendar(context, await calendarOf(context, parties))
  const { numbers } = await reachDesk(context)
  const { items } = await onCallNow(context)
  const phones = await phonesOf(
    context,
    items.flatMap(({ now }) => now.person?.id ?? []),
  )
  const desk = await sql<Pick<EmergencyCard, 'policies' | 'administrators'>>`select
    coalesce((select json_agg(json_build_object('name', p.name, 'hotline', p.hotline) order by p.name) from paging_policy p
      where p.archived_at is null and p.hotline <> ''), '[]') as policies,
    coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name, 'phones', p.phones) order by p.name) from person p
      where p.archived_at is null and exists (select 1 from role_grant g where g.person_id = p.id and g.role = 'administrator'
        and g.organisation_id is null and g.team_id is null)), '[]') as administrators`.execute(context.db)
  return {
    at: onWire(context.now),
    numbers: numbers.map(({ name, number }) => ({ name, number })),
    sentence: sentenceOf(calendar, context.now, context.actor.language),
    onCall: items.map(({ rota, team, now }) => ({
      rota,
      team,
      person: now.person && { ...now.person, phones: phones.get(now.person.id) ?? [] },
      until: now.to,
    })),
    ...desk.rows[0]!,
    organisation,
  }
}

async function phonesOf({ db }: Context, ids: readonly string[]): Promise<Map<string, { kind: string; number: string }[]>> {
  const found = await sql<{ id: string; phones: { kind: string; number: string }[] }>`select id, phones from person
    where id = any(${[...ids]}::bigint[])`.execute(db)
  return new Map(found.rows.map((row) => [row.id, row.phones]))
}

async function customerOn(context: Context, id: string): Promise<Organisation> {
  const { name } = await accessOrganisation(context, id, 'person.see')
  const found = await sql<Omit<Organisation, 'id' | 'name'>>`select coalesce(o.special_handling, '') as "specialHandling",
    coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name, 'phones', p.phones, 'roles', k.roles) order by p.name)
      from customer_contact k join person p on p.id = k.person_id and p.archived_at is null where k.organisation_id = o.id), '[]') as contacts,
    coalesce((select json_agg(json_build_object('name', s.name, 'address', s.address, 'opening', s.opening) order by s.name)
      from site s where s.organisation_id = o.id), '[]') as sites,
    coalesce((select json_agg(json_build_object('system', x ->> 'system', 'number', x ->> 'number'))
      from customer c, jsonb_array_elements(c.other_numbers) x where c.organisation_id = o.id), '[]') as "otherNumbers",
    coalesce((select json_agg(json_build_object('title', d.title, 'name', f.name) order by d.pinned desc, d.title, d.id)
      from (select id, title, pinned from document where organisation_id = o.id order by pinned desc, title, id limit 100) d
      cross join lateral (select name from document_file where document_id = d.id order by number desc limit 1) f), '[]') as documents
    from organisation o where o.id = ${id}`.execute(context.db)
  return { id, name, ...found.rows[0]! }
}
