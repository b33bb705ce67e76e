import { createHash } from 'node:crypto'
import pg from 'pg'
import { withoutSearchIndexes } from './data-indexes.ts'

/**
 * The data of the benchmark, made by SQL in about two minutes and the same each time: 100,000 tickets, 500,000
 * messages, 2,000 people, 50 agents. Subjects and bodies are drawn from a vocabulary with a long tail; `quartz` stands
 * in 1 % of the tickets and `zirconium` in eight.
 */
export type Amounts = { tickets: number; people: number; agents: number }
export const full: Amounts = { tickets: 100_000, people: 2_000, agents: 50 }

/** The token that the load generator signs in with: an agent who sees everything. */
export const benchToken = 'bench-token-0123456789abcdef'

/** @public pair.ts loads it from another version's folder. */
export async function fill(ownerUrl: string, amounts: Amounts, say: (line: string) => void): Promise<void> {
  const db = new pg.Client({ connectionString: ownerUrl })
  await db.connect()
  const step = async (name: string, sql: string, values: unknown[] = []) => {
    const began = performance.now()
    await db.query(sql, values)
    say(`  ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  }
  try {
    await db.query("select setseed(0.42), set_config('firstline.scope', 'all', false), set_config('firstline.staff', 'on', false)")
    await step('people', people(amounts), [createHash('sha256').update(benchToken).digest()])
    await step('vocabulary', vocabulary)
    await step('tickets', tickets(amounts))
    await step('messages', messages)
    await step('events', events)
    await withoutSearchIndexes(db, () => step('search', search))
    await step(
      'names',
      `select firstline.index_people(array(select id from person)), firstline.index_organisations(array(select id from organisation))`,
    )
    await db.query('vacuum (analyze)')
  } finally {
    await db.end()
  }
}

const people = ({ people, agents }: Amounts) => `
  with org as (insert into organisation (name, created_at) select 'Organisation ' || g, now() from generate_series(1, 40) g returning id),
  teams as (insert into team (name, tier, created_at) select 'Team ' || g, 1 + g % 2, now() from generate_series(1, 6) g returning id),
  made as (insert into person (name, email, organisation_id, created_at, verified_at)
    select 'Person ' || g, 'p' || g || '@bench.example', case when g > ${agents} then (select min(id) from org) + g % 40 end, now(), now()
    from generate_series(1, ${people}) g returning id, name),
  staff as (select id, row_number() over (order by id) as n from made order by id limit ${agents}),
  granted as (insert into role_grant (person_id, role, given_at) select id, 'agent', now() from staff),
  members as (insert into team_member (team_id, person_id, since) select (select min(id) from teams) + n % 6, id, now() from staff)
  insert into api_token (person_id, name, token_hash, scopes, created_at) select id, 'bench', $1, '{admin}', now() from staff where n = 1`

const vocabulary = `
  create temporary table word as select g as n, case when g <= 40 then
    (array['printer','network','mail','password','screen','laptop','account','server','drucker','passwort','netzwerk','bildschirm','fehler','error','update','folder',
     'cannot','since','today','after','open','slow','login','access','phone','meeting','room','file','save','print','vpn','wlan','outlook','teams','excel','license','monitor','dock','headset','keyboard'])[g]
    else 'w' || substr(md5(g::text), 1, 3 + g % 6) end as w from generate_series(1, 6000) g`

// A squared random number: the first words of the vocabulary stand in many texts, the last in few.
const sentence = (length: number, salt: string) =>
  `(select string_agg(w.w, ' ') from (select 1 + floor(power(random(), 2.2) * 5999)::int as n from generate_series(1, ${length} + 0 * ${salt})) r join word w on w.n = r.n)`

const tickets = ({ tickets, people, agents }: Amounts) => `
  create unique index on word (n);
  insert into ticket (kind, subject, status_id, meaning, impact, urgency, priority, initial_priority, channel, requester_id, organisation_id, team_id, assignee_id,
    created_at, changed_at, last_message_at, waiting_since, resolved_at, language)
  select case when g % 3 = 0 then 'request' else 'incident' end,
    left(${sentence(6, 'g')} || case when g % 100 = 7 then ' quartz' else '' end || case when g % ${Math.floor(tickets / 8)} = 11 then ' zirconium' else '' end, 240),
    s.id, s.meaning, 1 + g % 3, 1 + g % 3, 7 - 2 * (1 + g % 3), 7 - 2 * (1 + g % 3), 'mail', p.id, p.organisation_id,
    (select min(id) from team) + g % 6, (select min(id) from person) + g % ${agents},
    now() - (${tickets} - g) * interval '5 minutes', now() - (${tickets} - g) * interval '5 minutes', now() - (${tickets} - g) * interval '5 minutes',
    case when s.meaning = 'open' and g % 2 = 0 then now() - (${tickets} - g) * interval '5 minutes' end, case when s.meaning = 'closed' then now() end, 'en'
  from generate_series(1, ${tickets}) g
  join status s on s.meaning = case when g % 12 = 0 then 'open' else 'closed' end
  join person p on p.id = (select min(id) from person) + ${agents} + (g * 7919) % (${people} - ${agents})`

const messages = `
  insert into message (ticket_id, at, kind, direction, audience, author_id, from_name, from_address, recipients, subject, body, visible_body)
  select t.id, t.created_at + k * interval '20 minutes', case when k = 3 then 'note' else 'mail' end,
    case when k = 3 then 'inside' when k % 2 = 1 then 'in' else 'out' end, case when k = 3 then 'staff' else 'everyone' end,
    case when k % 2 = 1 and k <> 3 then t.requester_id else t.assignee_id end, 'Somebody', 'x@bench.example', '{"to": [], "cc": []}', t.subject, b.body, b.body
  from ticket t cross join generate_series(1, 5) k cross join lateral (select ${sentence(40, 't.id + 0 * k')} as body) b order by t.id, k;
  update ticket t set last_message_id = m.id from (select ticket_id, max(id) as id from message group by 1) m where m.ticket_id = t.id`

const events = `
  insert into event (at, type, subject_kind, subject_id, ticket_id, organisation_id, actor_id, request_id, audience, data)
  select created_at, 'ticket.created', 'ticket', id, id, organisation_id, requester_id, 'bench', 'everyone', '{}' from ticket`

// As server/migrations/0007_search.sql writes it: the first public message is part of its ticket's row.
const search = `
  create temporary table first_message as select distinct on (ticket_id) ticket_id, id, body from message where audience = 'everyone' order by ticket_id, id;
  insert into search_document (kind, row_id, ticket_id, message_id, audience, words, vector)
    select 'ticket', t.id, t.id, m.id, 'everyone', firstline.plain(t.subject), firstline.vector(t.subject, m.body) from ticket t join first_message m on m.ticket_id = t.id;
  insert into search_document (kind, row_id, ticket_id, message_id, audience, vector)
    select 'message', m.id, m.ticket_id, m.id, m.audience, firstline.vector('', m.visible_body) from message m
    where not exists (select 1 from first_message f where f.id = m.id)`
