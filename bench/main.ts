import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import pg from 'pg'
import { startEmbeddedPostgres } from '../server/kernel/embedded-postgres.ts'
import { migrate, migrations } from '../server/kernel/migrate.ts'
import { benchToken, fill, full } from './data.ts'
import { run, type Scenario } from './measure.ts'
import { memoryOf, processesOf, processorOf } from './processes.ts'
import { type Ground, scenarios } from './scenarios.ts'
import { type Row, writeTable } from './table.ts'

/**
 * `npm run bench [-- words of a scenario's name] [--seconds 8]`: makes the data once below bench/data, starts the real
 * server on it, loads it from this process, writes bench/results/<time>.json and docs/benchmarks.md.
 */
const say = (line: string) => process.stdout.write(`${line}\n`)
const words = process.argv.slice(2).filter((a, i, all) => !a.startsWith('--') && all[i - 1] !== '--seconds')
const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1]) || 8
const port = 18_080
const dataDir = 'bench/data'

async function prepare(): Promise<Ground> {
  const stamp = `${dataDir}/.filled`
  const state = migrations()
    .map((m) => m.checksum)
    .join('')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') !== state)
    throw new Error('The migrations changed: remove bench/data and run again.')
  mkdirSync(dataDir, { recursive: true })
  const cluster = await startEmbeddedPostgres({ dataDir, say })
  try {
    await migrate(cluster.ownerUrl, 'firstline')
    if (!existsSync(stamp)) {
      say('Making the data ...')
      await fill(cluster.ownerUrl, full, say)
      writeFileSync(stamp, state)
    }
    return await groundOf(cluster.ownerUrl)
  } finally {
    await cluster.stop()
  }
}

async function groundOf(url: string): Promise<Ground> {
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  const ids = async (text: string) => (await db.query<{ id: string }>(text)).rows.map((row) => row.id)
  try {
    return {
      requesterIds: await ids('select id from person order by id desc limit 500'),
      closedTickets: await ids(`select id from ticket where meaning = 'closed' and id % 5 = 0 order by id`),
      openTickets: await ids(`select id from ticket where meaning = 'open' order by id limit 5000`),
    }
  } finally {
    await db.end()
  }
}

async function startServer() {
  const env = { ...process.env, DATA_DIR: dataDir, PORT: String(port), SMTP_PORT: '12525', HOST: '127.0.0.1', BACKUP: 'off', SMTP_URL: '' }
  const server = spawn('node', ['server/main.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((ready, failed) => {
    server.stdout.on('data', (text) => String(text).includes('Ready in') && ready())
    server.once('exit', (code) => failed(new Error(`The server ended with ${code}.`)))
  })
  return { pid: server.pid ?? 0, stop: () => new Promise<void>((done) => server.once('exit', () => done()) && server.kill('SIGTERM')) }
}

async function measure(scenario: Scenario, pid: number): Promise<Row> {
  await run(scenario, port, benchToken, 16, 2)
  const spent = () => {
    const { server, database } = processesOf(pid, dataDir)
    const own = process.cpuUsage()
    return [processorOf(server), processorOf(database), (own.user + own.system) / 1000] as const
  }
  const before = spent()
  const many = await run(scenario, port, benchToken, 16, seconds)
  const [server = 0, database = 0, client = 0] = spent().map(
    (after, i) => Math.round(((after - (before[i] ?? 0)) / many.requests) * 1000) / 1000,
  )
  const one = await run(scenario, port, benchToken, 1, Math.min(4, seconds))
  const { name, floor, ceiling } = scenario
  say(
    `${name}: ${many.perSecond}/s at 16 (p95 ${many.p95} ms), p95 ${one.p95} ms at 1; cpu ms a request: server ${server}, PostgreSQL ${database}, client ${client}${many.wrong + one.wrong ? `, WRONG ${many.wrong + one.wrong}: ${many.firstWrong ?? one.firstWrong}` : ''}`,
  )
  return {
    name,
    ...(floor === undefined ? {} : { floor }),
    ...(ceiling === undefined ? {} : { ceiling }),
    many,
    one,
    cpu: { server, database, client },
  }
}

const ground = await prepare()
const server = await startServer()
try {
  const chosen = scenarios(ground).filter((s) => words.length === 0 || words.every((w) => s.name.includes(w)))
  const rows: Row[] = []
  for (const scenario of chosen) rows.push(await measure(scenario, server.pid))
  const { server: own, database } = processesOf(server.pid, dataDir)
  const memory = memoryOf([...own, ...database])
  say(`memory of all processes: ${memory} MB (PSS), of these the program ${memoryOf(own)} and PostgreSQL ${memoryOf(database)}`)
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
  const result = {
    at: new Date().toISOString(),
    commit,
    command: `npm run bench ${process.argv.slice(2).join(' ')}`.trim(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
    amounts: full,
    memoryMb: memory,
    rows,
  }
  mkdirSync('bench/results', { recursive: true })
  const name = `bench/results/${result.at.replaceAll(':', '').slice(0, 15)}-${commit}.json`
  writeFileSync(name, `${JSON.stringify(result, null, 2)}\n`)
  if (words.length === 0) writeTable(result, name)
  say(`written: ${name}`)
} finally {
  await server.stop()
}
