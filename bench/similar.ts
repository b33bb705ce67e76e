import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { readProblems } from '../server/features/demo/problems.ts'
import { joinEmbeddedPostgres } from '../server/kernel/embedded-postgres.ts'
import { hashOf } from '../server/kernel/secrets.ts'
import { benchToken } from './data.ts'
import { launch } from './programs.ts'

/**
 * How good "similar" is, through the API that the screens use, beside plain full text (PostgreSQL's ts_rank over the same
 * vectors, any of the words). Our own set always; the public ones where they lie beside the project. What was chosen was
 * chosen on the first half of each, the second half only checks it.
 */
type Doc = { subject: string; body: string }
type Asked = Doc & {
  /** The place of the ticket that asks, when it is one of the documents itself. */ at: number | null
  right: Set<number>
  half: 'tuned' | 'checked'
}
type Judged = { name: string; docs: Doc[]; asked: Asked[] }
type Quality = { set: string; half: string; asked: number; ours: Measured; plain: Measured }
type Measured = { mrr: number; recall: number }

const depth = 8
const folder = new URL('../../shared/data/search/', import.meta.url)
const linesOf = (url: URL) => readFileSync(url, 'utf8').trim().split('\n')
const halfOf = (n: number) => (n % 2 === 0 ? 'tuned' : 'checked')

function ownSet(): Judged {
  const docs = linesOf(new URL('similar-set.jsonl', import.meta.url)).map((line) => JSON.parse(line) as Doc & { group: string | null })
  const groups = [...new Set(docs.map((doc) => doc.group))]
  const asked = docs.flatMap((doc, at): Asked[] => {
    if (doc.group === null) return []
    const right = new Set(docs.flatMap((other, n) => (n !== at && other.group === doc.group ? [n] : [])))
    return [{ ...doc, at, right, half: halfOf(groups.indexOf(doc.group)) }]
  })
  return { name: 'tickets of a desk', docs, asked }
}

/** A line at the telephone: each of the sample company's problems once as a ticket, asked for in the other words that its people use. */
function linesSet(): Judged {
  const tellings = readProblems().flatMap(({ en, de }) => [en, de])
  const plain = (text = '') => text.replace(/\{\w+\}/g, '').trim()
  const docs = tellings.map(({ subjects, lines }) => ({
    subject: plain(subjects[0]),
    body: plain(lines.find((line) => line.mark === 'Q')?.text),
  }))
  const asked = tellings.flatMap(({ subjects }, n) =>
    // English and German of one problem go into the same half.
    subjects
      .slice(1)
      .map((subject): Asked => ({ subject: plain(subject), body: '', at: null, right: new Set([n]), half: halfOf(Math.floor(n / 2)) })),
  )
  return { name: 'a line on the phone', docs, asked }
}

function publicSet(name: string): Judged {
  const of = (file: string) => linesOf(new URL(`${name}/${file}`, folder))
  const docs = of('docs.jsonl').map((line) => JSON.parse(line) as { id: string; text: string })
  const place = new Map(docs.map(({ id }, n) => [id, n]))
  const right = new Map<string, Set<number>>()
  for (const [query = '', doc = '', yes] of of('qrels.tsv').map((line) => line.split('\t')))
    if (yes === '1') right.set(query, (right.get(query) ?? new Set()).add(place.get(doc) ?? -1))
  const queries = of('queries.jsonl').map((line) => JSON.parse(line) as { id: string; text: string })
  const asked = queries.flatMap(({ id, text }, n): Asked[] => {
    const good = right.get(id)
    return good ? [{ subject: text.slice(0, 250), body: '', at: null, right: good, half: halfOf(n) }] : []
  })
  return { name, docs: docs.map(({ text }) => ({ subject: '…', body: text })), asked }
}

/** Open tickets of one person, so that nothing but words tells them apart. Gives their ids in order. */
async function fill(db: pg.Client, docs: Doc[]): Promise<string[]> {
  await db.query('truncate ticket cascade; delete from search_document where ticket_id is not null')
  const ids: string[] = []
  for (const { subject, body } of docs) {
    const made = await db.query<{ id: string }>(
      `with t as (insert into ticket (kind, subject, status_id, meaning, impact, urgency, priority, initial_priority, channel, requester_id, created_at, changed_at)
         select 'incident', $1, s.id, s.meaning, 1, 1, 5, 5, 'mail', (select id from person where email = 'asker@bench.example'), now(), now()
         from status s where s.meaning = 'open' limit 1 returning id),
       m as (insert into message (ticket_id, at, kind, direction, audience, body, visible_body) select id, now(), 'mail', 'in', 'everyone', $2, $2 from t)
       select id from t`,
      [subject, body],
    )
    ids.push(made.rows[0]!.id)
  }
  await db.query('select firstline.index_ticket(id) from ticket')
  return ids
}

async function ours(port: number, { subject, body, at }: Asked, ids: string[]): Promise<string[]> {
  const address = at === null ? '/api/similar' : `/api/tickets/${ids[at]}/similar`
  const answer = await fetch(`http://127.0.0.1:${port}${address}`, {
    method: at === null ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${benchToken}`, ...(at === null ? { 'content-type': 'application/json' } : {}) },
    ...(at === null ? { body: JSON.stringify({ subject, body }) } : {}),
  })
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`)
  return ((await answer.json()) as { open: { id: string }[] }).open.map((one) => one.id)
}

async function plain(db: pg.Client, { subject, body, at }: Asked, ids: string[]): Promise<string[]> {
  const found = await db.query<{ id: string }>(
    `with asked as (select string_agg(distinct '(' || q::text || ')', ' | ')::tsquery as q from regexp_split_to_table($1, '\\s+') w, firstline.word_query(w, false) q where numnode(q) > 0)
     select d.ticket_id as id from search_document d, asked where d.kind = 'ticket' and d.vector @@ asked.q and d.ticket_id is distinct from $2::bigint
     order by ts_rank(d.vector, asked.q) desc, d.ticket_id desc limit ${depth}`,
    [`${subject} ${body}`, at === null ? null : ids[at]],
  )
  return found.rows.map((row) => row.id)
}

function measured(found: { ids: string[]; right: Set<string> }[]): Measured {
  const mean = (of: (one: (typeof found)[number]) => number) => found.reduce((sum, one) => sum + of(one), 0) / found.length
  return {
    mrr: mean(({ ids, right }) => {
      const first = ids.slice(0, depth).findIndex((id) => right.has(id))
      return first < 0 ? 0 : 1 / (first + 1)
    }),
    recall: mean(({ ids, right }) => ids.slice(0, 5).filter((id) => right.has(id)).length / Math.min(5, right.size)),
  }
}

async function judge(db: pg.Client, port: number, set: Judged): Promise<Quality[]> {
  const ids = await fill(db, set.docs)
  const all: { half: Asked['half']; right: Set<string>; ours: string[]; plain: string[] }[] = []
  for (const asked of set.asked) {
    const right = new Set([...asked.right].map((n) => ids[n] ?? ''))
    all.push({ half: asked.half, right, ours: await ours(port, asked, ids), plain: await plain(db, asked, ids) })
  }
  return (['tuned', 'checked'] as const).map((half) => {
    const some = all.filter((one) => one.half === half)
    const of = (which: 'ours' | 'plain') => measured(some.map((one) => ({ ids: one[which], right: one.right })))
    return { set: set.name, half, asked: some.length, ours: of('ours'), plain: of('plain') }
  })
}

export async function measureSimilar(root: string, port: number, say: (line: string) => void): Promise<Quality[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'firstline-similar-'))
  const settings = { HOST: '127.0.0.1', BACKUP: 'off', SMTP_URL: '', DATA_DIR: dataDir, PORT: String(port), SMTP_PORT: String(port + 1) }
  const { stop } = await launch(root, settings)
  const cluster = await joinEmbeddedPostgres(dataDir)
  const db = new pg.Client({ connectionString: cluster?.ownerUrl })
  const found: Quality[] = []
  try {
    await db.connect()
    await db.query(
      `with made as (insert into person (name, email, created_at, verified_at) values ('Agent', 'agent@bench.example', now(), now()), ('Asker', 'asker@bench.example', now(), now()) returning id, name),
       granted as (insert into role_grant (person_id, role, given_at) select id, 'agent', now() from made where name = 'Agent')
       insert into api_token (person_id, name, token_hash, scopes, created_at) select id, 'bench', $1, '{admin}', now() from made where name = 'Agent'`,
      [hashOf(benchToken)],
    )
    await db.query("select set_config('firstline.scope', 'all', false), set_config('firstline.staff', 'on', false)")
    const sets = [ownSet(), linesSet(), ...(existsSync(folder) ? ['askubuntu-kb', 'webapps-kb'].map(publicSet) : [])]
    if (sets.length === 2) say('The public sets are not here: our own only.')
    for (const set of sets) found.push(...(await judge(db, port, set)))
  } finally {
    await db.end()
    await stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  for (const row of found) say(inWords(row))
  return found
}

const figure = (value: number) => value.toFixed(3)
const inWords = ({ set, half, asked, ours: a, plain: b }: Quality) =>
  `${set}, ${half} half (${asked}): mean reciprocal rank ${figure(a.mrr)} (plain full text ${figure(b.mrr)}), recall at 5 ${figure(a.recall)} (${figure(b.recall)})`

/** Its own part of docs/benchmarks.md, between its own marks. */
export function writeSimilar(rows: Quality[]): void {
  const path = 'docs/benchmarks.md'
  const table = [
    '| set | half | questions | mean reciprocal rank | plain full text | recall at 5 | plain full text |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ set, half, asked, ours: a, plain: b }) =>
        `| ${set} | ${half} | ${asked} | ${figure(a.mrr)} | ${figure(b.mrr)} | ${figure(a.recall)} | ${figure(b.recall)} |`,
    ),
  ].join('\n')
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(/<!-- similar -->[\s\S]*<!-- \/similar -->/, () => `<!-- similar -->\n${table}\n<!-- /similar -->`),
  )
}
