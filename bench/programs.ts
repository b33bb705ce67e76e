import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { joinEmbeddedPostgres } from '../server/kernel/embedded-postgres.ts'
import { hashOf } from '../server/kernel/secrets.ts'
import { benchToken } from './data.ts'
import { freshData } from './folders.ts'

/** The program under test, as `npm start` runs it, with a connection beside it that counts and looks things up. */
export type Program = {
  folder: string
  dataDir: string
  pid: number
  port: number
  smtpPort: number
  token: string
  db: pg.Client
  /** The process of PostgreSQL behind `db`. */
  watcher: number
  stop(): Promise<void>
}
export type Place = { folder: string; name: string; port: number }

/** The undo time is one second, so that what an answer sets off runs while the next ones are written. */
const settings = { HOST: '127.0.0.1', BACKUP: 'off', SMTP_URL: '', UNDO_SECONDS: '1', MAIL_DOMAIN: 'bench.example' }

export async function startProgram(
  { folder, name, port }: Place,
  say: (line: string) => void,
  variables: Record<string, string> = {},
): Promise<Program> {
  const dataDir = await freshData(folder, name, say)
  const smtpPort = port + 1
  const { pid, stop } = await launch(folder, {
    ...settings,
    DATA_DIR: dataDir,
    PORT: String(port),
    SMTP_PORT: String(smtpPort),
    ...variables,
  })
  const cluster = await joinEmbeddedPostgres(dataDir)
  if (!cluster) throw new Error('The program runs without its PostgreSQL.')
  const db = new pg.Client({ connectionString: cluster.ownerUrl })
  await db.connect()
  await db.query(`create extension if not exists pg_stat_statements`)
  await db.query(`insert into mailbox (name, address, created_at) values ('Bench', 'desk@bench.example', now()) on conflict do nothing`)
  await upgraded(db)
  const backend = await db.query<{ pid: number }>('select /* bench */ pg_backend_pid() as pid')
  const stopAll = async () => {
    await db.end()
    await stop()
  }
  return { folder, dataDir, pid, port, smtpPort, token: benchToken, db, watcher: backend.rows[0]!.pid, stop: stopAll }
}

/** Node's own options in `npm start` of that version. */
const flagsOf = (folder: string): string[] => {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

/** Starts server/main.ts of a folder and waits until it says that it is ready. */
export async function launch(folder: string, variables: Record<string, string>, ...more: string[]) {
  const program = spawn('node', [...flagsOf(folder), join(folder, 'server/main.ts'), ...more], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((ready, failed) => {
    program.stdout.on('data', (text) => String(text).includes('Ready in') && ready())
    program.once('exit', (code) => failed(new Error(`The program ended with ${code}.`)))
  })
  return {
    pid: program.pid ?? 0,
    stop: () => new Promise<void>((done) => program.once('exit', () => done()) && program.kill('SIGTERM')),
  }
}

/** Signs the bench's agent in, for a browser. */
export async function sessionOf({ db }: Program): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db.query(
    `insert into session (person_id, token_hash, created_at, seen_at, expires_at, how, second_factor_at)
     select person_id, $1, now(), now(), now() + interval '1 day', 'card', now() from api_token where name = 'bench'`,
    [hashOf(token)],
  )
  return token
}

/** What the first start after an upgrade does for itself: counting every ticket for the figures. Versions without them have nothing to wait for. */
async function upgraded(db: pg.Client): Promise<void> {
  const there = await db.query<{ there: boolean }>(`select to_regclass('figure_position') is not null as there`)
  for (const until = performance.now() + 300_000; there.rows[0]?.there && performance.now() < until; ) {
    const counted = await db.query(`select /* bench */ 1 from figure_position where filled_to is null and followed_at is not null`)
    if (counted.rowCount === 1) {
      // PostgreSQL would tidy up after it by itself, in the middle of the rows.
      await db.query('vacuum (analyze) ticket_figure, ticket_spell, event, ticket, message')
      await db.query('checkpoint')
      return
    }
    await new Promise((go) => setTimeout(go, 500))
  }
}

/** Until no job is due any more; false: there was still work after so many seconds. */
export async function quiet({ db }: Program, seconds: number): Promise<boolean> {
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    const due = await db.query(
      `select /* bench */ 1 from graphile_worker.jobs where run_at < now() + interval '3 seconds' and attempts < max_attempts limit 1`,
    )
    if (due.rowCount === 0) return true
    await new Promise((go) => setTimeout(go, 200))
  }
  return false
}
