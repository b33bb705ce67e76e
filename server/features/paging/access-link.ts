import { sql } from 'kysely'
import type { LinkedPages } from '../../../contract/paging.ts'
import type { Context } from '../../kernel/context.ts'
import { onCallAt } from '../oncall/access-now.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** What the link of a message shows to whoever was rung by it, without sign-in. */
export type LinkFacts = {
  id: string
  person_id: string
  name: string
  language: 'en' | 'de'
  company: string
  used: string[]
  pageIds: string[]
  count: number
}

/** Locks the message, so that two clicks are one after the other. Whoever left, or no longer sees the ticket, is shown nothing. */
export async function linkFacts({ db, now }: Context, tokenHash: Buffer): Promise<LinkFacts | undefined> {
  const found =
    await sql<LinkFacts>`select m.id, m.person_id, q.name, case when q.language = 'de' then 'de' else 'en' end as language, m.used,
      coalesce((select value ->> 'name' from setting where name = 'company'), 'Firstline') as company, m.pages as count,
      array(select distinct a.page_id::text from page_attempt a join page p on p.id = a.page_id join ticket t on t.id = p.ticket_id
        where a.message_id = m.id and firstline.staff_sees(m.person_id, t) order by 1) as "pageIds"
    from page_message m join person q on q.id = m.person_id
    where m.token_hash = ${tokenHash} and m.expires_at > ${now.toString()}::timestamptz and q.archived_at is null for update of m`.execute(
      db,
    )
  const link = found.rows[0]
  return link && link.pageIds.length > 0 ? link : undefined
}

type Shown = LinkedPages['pages'][number]
/** Of an acknowledged one: whether by whoever holds this link. */
type Row = Shown & { mine: boolean }

export async function linkedPages(context: Context, link: LinkFacts): Promise<LinkedPages> {
  const shown =
    await sql<Row>`select t.id as number, t.subject, t.priority, o.name as organisation, s.name as site, ${wireTime('t.created_at')} as since, p.state, p.note,
      firstline.name_of(p.acknowledged_by_id) as "acknowledgedBy", coalesce(p.acknowledged_by_id = ${link.person_id}::bigint, false) as mine, coalesce(y.runbook, '') as runbook, coalesce(y.hotline, '') as hotline,
      (select count(*)::int from (select 1 from ticket x where x.organisation_id = t.organisation_id and x.category_id = t.category_id and x.id <> t.id
        and x.meaning not in ('resolved', 'closed', 'cancelled') and x.deleted_at is null and x.restricted_at is null
        and firstline.staff_sees(${link.person_id}::bigint, x) limit 100) c) as alike,
      coalesce((select json_agg(json_build_object('number', h.id, 'subject', h.subject, 'resolution', left(coalesce(h.resolution, ''), 300)))
        from (select x.id, x.subject, x.resolution from ticket x where x.organisation_id = t.organisation_id and x.category_id = t.category_id and x.id <> t.id
          and x.meaning in ('resolved', 'closed') and x.resolution <> '' and x.deleted_at is null and x.restricted_at is null
          and firstline.staff_sees(${link.person_id}::bigint, x) order by x.id desc limit 3) h), '[]') as helped
    from page p join ticket t on t.id = p.ticket_id left join organisation o on o.id = t.organisation_id left join site s on s.id = t.site_id
    left join paging_policy y on y.id = p.policy_id
    where p.id = any(${link.pageIds}::bigint[]) order by p.state <> 'ringing', t.priority, t.id limit 20`.execute(context.db)
  const ringing = shown.rows.some((one) => one.state !== 'ended')
  const can = {
    acknowledge: shown.rows.some((one) => one.state === 'ringing'),
    'pass-on': shown.rows.some((one) => one.state === 'ringing' || (one.state === 'acknowledged' && one.mine)),
    help: ringing,
  }
  const open = (['acknowledge', 'pass-on', 'help'] as const).filter((act) => can[act] && !link.used.includes(act))
  const helpers = await sql<{
    id: string
    name: string
  }>`select id, name from paging_policy where archived_at is null order by name limit 20`.execute(context.db)
  const pages = shown.rows.map(({ mine: _mine, ...one }) => ({
    ...one,
    number: Number(one.number),
    helped: one.helped.map((h) => ({ ...h, number: Number(h.number) })),
  }))
  const { company, language, name, count } = link
  return { company, language, name, count, pages, awake: await awake(context, link.person_id), helpers: helpers.rows, open }
}

/** Who else is on call at this moment, in any rota that a policy names, and by which number. */
async function awake(context: Context, butNot: string): Promise<LinkedPages['awake']> {
  const rotas = await sql<{
    id: string
  }>`select distinct x.value ->> 'id' as id from paging_policy p, jsonb_array_elements(p.steps) s, jsonb_array_elements(s.value -> 'targets') x
    where p.archived_at is null and x.value ->> 'kind' = 'rota' limit 50`.execute(context.db)
  if (rotas.rows.length === 0) return []
  const onCall = [
    ...(
      await onCallAt(
        context,
        rotas.rows.map((row) => row.id),
        context.now,
      )
    ).values(),
  ].flatMap((one) => one ?? [])
  const until = new Map(
    onCall.filter((one) => one.personId !== butNot).map((one) => [one.personId, one.to.toString({ fractionalSecondDigits: 3 })]),
  )
  const people = await sql<{
    id: string
    name: string
    phone: string | null
  }>`select id, name, (select x ->> 'number' from jsonb_array_elements(phones) x
      order by x ->> 'kind' = 'mobile' desc limit 1) as phone from person where id = any(${[...until.keys()]}::bigint[]) and archived_at is null order by name`.execute(
    context.db,
  )
  return people.rows.map(({ id, name, phone }) => ({ name, phone, until: until.get(id) ?? '' }))
}
