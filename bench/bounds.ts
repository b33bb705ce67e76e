import { readFileSync, writeFileSync } from 'node:fs'
import { startSink } from '../server/features/mail/mail.testing.ts'
import { type Bound, call, timed } from './bounds-measure.ts'
import { pageBounds } from './bounds-pages.ts'
import { slaBounds } from './bounds-sla.ts'
import { type Connection, openConnection } from './client.ts'
import { type Program, quiet, startProgram } from './programs.ts'

/**
 * `npm run bench -- bounds`: what somebody waits for once, and not a thousand a second. Wall time over HTTP, one after the
 * other on the benchmark's data; before each the jobs of the one before are waited for.
 */
const open = 1000

type Run = { id: string; state: string; counts: Record<string, number> }

/** From the click on "Do it" to the report. */
async function bulk(connection: Connection, ticketIds: string[], action: object): Promise<number> {
  const { id } = await call<Run>(connection, 'POST', '/api/bulk', { ticketIds, action })
  const began = performance.now()
  await call(connection, 'POST', `/api/bulk/${id}/run`, {})
  for (;;) {
    const run = await call<Run>(connection, 'GET', `/api/bulk/${id}`)
    if (run.state === 'done') {
      // Some of them are so already.
      if ((run.counts.done ?? 0) + (run.counts.same ?? 0) !== ticketIds.length)
        throw new Error(`${JSON.stringify(action)}: ${JSON.stringify(run.counts)}`)
      return performance.now() - began
    }
    await new Promise((go) => setTimeout(go, 20))
  }
}

/** A ticket with so many messages that no screen shows them all. */
async function longTicket({ db }: Program): Promise<string> {
  const found = await db.query<{ id: string }>(`select max(id)::text as id from ticket where meaning = 'open'`)
  const id = found.rows[0]!.id
  await db.query(
    `insert into message (ticket_id, at, kind, direction, audience, author_id, body, visible_body)
     select ticket_id, at + n * interval '1 second', kind, direction, audience, author_id, body, visible_body
     from (select * from message where ticket_id = $1 order by id limit 1) m, generate_series(1, 5000) n`,
    [id],
  )
  await db.query('vacuum (analyze) message')
  return id
}

/** The page asks for each group on its own; these are the ones that it had first, and those of service levels and teams. */
const desk = 'created,resolved,open,first-answer,resolution,resolution-desk,reopened,one-touch,satisfaction'
const promised =
  'target-first-response,target-resolution,target-fulfilment,late,missed,target-time,held-by-team,first-contact,first-level,moves,many-teams'

async function reads(connection: Connection, program: Program): Promise<Bound[]> {
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
  const tickets = await program.db.query<{ id: string }>(`select id from ticket where meaning = 'open' order by id desc limit 200`)
  let turn = 0
  const next = () => tickets.rows[turn++ % tickets.rows.length]!.id
  const long = await longTicket(program)
  const rows: [string, number, string | (() => string)][] = [
    ['figures of 28 days and of the 28 before', 300, `/api/figures?from=${day(27)}&to=${day(0)}&keys=${desk}`],
    ['figures of a year and of the year before', 300, `/api/figures?from=${day(364)}&to=${day(0)}&keys=${desk}`],
    ['targets and teams of 28 days and of the 28 before', 300, `/api/figures?from=${day(27)}&to=${day(0)}&keys=${promised}`],
    ['targets and teams of a year and of the year before', 600, `/api/figures?from=${day(364)}&to=${day(0)}&keys=${promised}`],
    ['open a ticket with 5,000 messages', 200, `/api/tickets/${long}`],
    ['similar tickets beside a ticket', 30, () => `/api/tickets/${next()}/similar`],
    ['repeated issues (radar)', 300, '/api/radar?limit=50&state=all'],
  ]
  const found: Bound[] = []
  for (const [name, most, path] of rows) {
    const ask = () => call(connection, 'GET', typeof path === 'string' ? path : path())
    await timed(3, ask)
    found.push({ name, most, times: await timed(21, ask) })
  }
  return found
}

async function changes(connection: Connection, program: Program): Promise<Bound[]> {
  const ids = (await program.db.query<{ id: string }>(`select id from ticket where meaning = 'open' order by id limit 30000`)).rows.map(
    (r) => r.id,
  )
  const team = (await program.db.query<{ id: string }>('select max(id)::text as id from team')).rows[0]!.id
  const actions: [string, object][] = [
    ['assign', { do: 'assign', assigneeId: 'me' }],
    ['priority', { do: 'set', fields: { impact: 3, urgency: 3 } }],
    ['tags', { do: 'tags', add: ['bench'] }],
    ['follow', { do: 'follow', watching: true }],
    ['pass on, with a note on each', { do: 'pass', teamId: team, note: 'Looked at the cable; please look at the port.' }],
    ['resolve', { do: 'resolve', code: 'solved', text: 'The port was patched.' }],
    ['resolve and tell each requester', { do: 'resolve', code: 'solved', text: 'The port was patched.', tell: true }],
  ]
  const found: Bound[] = []
  for (const [name, action] of actions) {
    const times: number[] = []
    for (let n = 0; n < 3; n++) {
      await quiet(program, 60)
      // What is resolved is not there for the next time.
      const some = name.startsWith('resolve') ? ids.splice(-open) : ids.slice(n * open, (n + 1) * open)
      if (some.length < open) break
      times.push(await bulk(connection, some, action))
    }
    found.push({ name: `change of 1,000 tickets: ${name}`, most: 3000, times })
  }
  return found
}

export async function measureBounds(folder: string, port: number, say: (line: string) => void): Promise<Bound[]> {
  const relay = await startSink()
  const program = await startProgram({ folder, name: 'bounds', port }, say, { SMTP_URL: relay.url })
  // Who changes a calendar is more than an agent.
  await program.db.query(
    `insert into role_grant (person_id, role, given_at) select person_id, 'administrator', now() from api_token where name = 'bench'`,
  )
  const connection = await openConnection(program.port, program.token)
  const found: Bound[] = []
  try {
    for (const part of [reads, changes, slaBounds, pageBounds])
      for (const bound of await part(connection, program)) {
        say(inWords(bound))
        found.push(bound)
      }
    return found
  } finally {
    connection.close()
    await program.stop()
    await relay.stop()
  }
}

const figures = ({ times }: Bound) => {
  const sorted = times.map((ms) => (Math.abs(ms) < 10 ? Math.round(ms * 10) / 10 : Math.round(ms))).toSorted((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)]!, least: sorted[0]!, worst: sorted.at(-1)! }
}
const inWords = (bound: Bound) => {
  const { median, least, worst } = figures(bound)
  return `${bound.name}: ${median} ms in the median of ${bound.times.length} (${least} to ${worst}; ${bound.most} allowed)`
}

/** Its own part of docs/benchmarks.md, between its own marks. */
export function writeBounds(rows: Bound[], about: string): void {
  const path = 'docs/benchmarks.md'
  const table = [
    about,
    '',
    '| what | at most, ms | median | worst | least | times |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map((row) => {
      const { median, least, worst } = figures(row)
      return `| ${row.name} | ${row.most} | ${median} | ${worst} | ${least} | ${row.times.length} |`
    }),
  ].join('\n')
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(/<!-- bounds -->[\s\S]*<!-- \/bounds -->/, () => `<!-- bounds -->\n${table}\n<!-- /bounds -->`),
  )
}
