import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { collected, countIssues, groupByWho, keepClusters, leastSame } from './actions-issues.ts'
import { type Cluster, clusters } from './rules.ts'

/** The night's work: all tickets of ninety days, from nothing but themselves. */
const leastWords = 4
const mostPairs = 3000

export async function collectAll(context: Context): Promise<void> {
  await dropGone(context)
  await learnWords(context)
  await groupByWho(context)
  await keepClusters(context, clusters(await pairs(context)))
  await countIssues(context, null)
  await sql`delete from radar_issue i where i.state = 'new' and i.set_at is null
    and (select count(*) from radar_ticket r where r.issue_id = i.id) < ${sql.lit(leastSame)}`.execute(context.db)
  await sql`insert into setting (name, value, changed_at) values ('radar', jsonb_build_object('at', ${context.now.toString()}::text), ${context.now.toString()})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`.execute(context.db)
}

/** Too old by now, removed, merged, or restricted since. */
async function dropGone(context: Context): Promise<void> {
  await sql`delete from radar_ticket r using ticket t where t.id = r.ticket_id and not (${collected(context)})`.execute(context.db)
}

/** What is usual is learnt from the newest 20,000 tickets: more would say the same. */
async function learnWords(context: Context): Promise<void> {
  await sql`delete from radar_word`.execute(context.db)
  await sql`insert into radar_word (word, share)
    with newest as materialized (select t.id, t.subject from ticket t where ${collected(context)} order by t.id desc limit 20000),
    said as (select w.word from newest n cross join lateral unnest(firstline.telling_words(n.subject || ' ' || coalesce((select left(m.visible_body, 600) from message m
      where m.ticket_id = n.id and m.audience = 'everyone' order by m.id limit 1), ''))) w (word))
    select word, count(*)::float8 / (select count(*) from newest) from said group by word having count(*) >= 3`.execute(context.db)
}

/** Two words that stand together in the subjects of several tickets, neither a part of the other (sign and sign-in); words that stand in every fiftieth bring nobody together. */
async function pairs(context: Context): Promise<Cluster[]> {
  const found = await sql<{ one: string; two: string; ids: string[] }>`
    with said as materialized (select t.id, w.word from ticket t cross join lateral unnest(firstline.telling_words(t.subject)) w (word) where ${collected(context)}),
    often as materialized (select word, count(*) as n from said group by word having count(*) between ${sql.lit(leastWords)} and
      (select greatest(60, count(distinct id) / 50) from said)),
    telling as materialized (select s.id, s.word, row_number() over (partition by s.id order by o.n, o.word) as place from said s join often o on o.word = s.word)
    select a.word as one, b.word as two, (array_agg(a.id::text order by a.id desc))[1:500] as ids
    from telling a join telling b on b.id = a.id and b.word > a.word and b.place <= 6
      and strpos(a.word, b.word) = 0 and strpos(b.word, a.word) = 0 where a.place <= 6
    group by a.word, b.word having count(*) >= ${sql.lit(leastWords)} order by count(*) desc, a.word, b.word limit ${sql.lit(mostPairs)}`.execute(
    context.db,
  )
  return found.rows.map(({ one, two, ids }) => ({ stems: [one, two], ids }))
}
