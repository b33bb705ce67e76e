import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import nodemailer from 'nodemailer'
import pg from 'pg'
import { rawMail, type Written } from '../../server/features/mail/mail.testing.ts'
import { joinEmbeddedPostgres } from '../../server/kernel/embedded-postgres.ts'
import { freePort } from '../free-port.ts'

/**
 * The real program as a child process, so that it can be killed. A home is what outlives it: its DATA_DIR, its database
 * and the administrator's token.
 */
export type Home = { dataDir: string; settings: Record<string, string>; token: string; clean(): void }
export type Answer = {
  status: number
  retryAfter: string | null
  body: Record<string, unknown> & { code?: string; items?: Record<string, unknown>[] }
}
export type Program = {
  home: Home
  baseUrl: string
  smtpPort: number
  log(): string
  running(): boolean
  /** What ended it. */
  signal(): string | null
  /** Megabytes of memory in use. */
  memory(): Promise<number>
  kill9(): Promise<void>
  /** Whether it sleeps (SIGSTOP); `wake` lets it go on. */
  asleep(): boolean
  wake(): void
  stop(): Promise<number | null>
  /** Resolves when it is gone, by whatever means. */
  gone(): Promise<void>
  call(name: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** A mail by SMTP; the server's answer. Rejects as nodemailer does: `responseCode` says with what. */
  mail(mail: Written): Promise<string>
}

export const deskAddress = 'help@desk.example'
const root = join(import.meta.dirname, '../..')
const flags = ['--disable-warning=ExperimentalWarning']

export function newHome(settings: Record<string, string> = {}): Home {
  const dataDir = mkdtempSync(join(tmpdir(), 'fl-fault-'))
  return { dataDir, settings, token: '', clean: () => rmSync(dataDir, { recursive: true, force: true }) }
}

function environment(home: Home, more: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '', LANG = '' } = process.env
  return {
    PATH,
    HOME,
    LANG,
    DATA_DIR: home.dataDir,
    BACKUP: 'off',
    MAIL_DOMAIN: 'desk.example',
    UNDO_SECONDS: '0',
    ...home.settings,
    ...more,
  }
}

/** Starts it, waits for "Ready in"; the first time it also makes the administrator's token and the desk's mailbox. */
export async function startProgram(home: Home, more: Record<string, string> = {}): Promise<Program> {
  const [port, smtpPort] = [await freePort(), await freePort()]
  const env = environment(home, { PORT: String(port), SMTP_PORT: String(smtpPort), ...more })
  const child = spawn(process.execPath, [...flags, join(root, 'server/main.ts')], {
    cwd: home.dataDir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const written = await ready(child)
  const program = over(home, child, exited, written, `http://127.0.0.1:${port}`, smtpPort)
  if (home.token === '') {
    home.token = await adminToken(home)
    await makeMailbox(program)
  }
  return program
}

async function ready(child: ChildProcess): Promise<{ log: string }> {
  const written = { log: '' }
  await new Promise<void>((resolve, reject) => {
    const hear = (piece: Buffer) => {
      written.log += piece.toString()
      if (written.log.includes('Ready in')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (_code, signal) =>
      reject(Object.assign(new Error(`The program ended before it was ready:\n${written.log}`), { signal })),
    )
  })
  return written
}

function over(
  home: Home,
  child: ChildProcess,
  exited: Promise<unknown>,
  written: { log: string },
  baseUrl: string,
  smtpPort: number,
): Program {
  const running = () => child.exitCode === null && child.signalCode === null
  return {
    home,
    baseUrl,
    smtpPort,
    log: () => written.log,
    running,
    signal: () => child.signalCode,
    gone: async () => void (await exited),
    memory: async () =>
      Number(/VmRSS:\s+(\d+)/.exec(await import('node:fs/promises').then((fs) => fs.readFile(`/proc/${child.pid}/status`, 'utf8')))?.[1]) /
      1024,
    asleep: () => / T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8').replace(/\(.*\)/, '')),
    wake: () => void child.kill('SIGCONT'),
    async kill9() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      if (running()) child.kill('SIGTERM')
      await exited
      return child.exitCode
    },
    call: (name, body, headers) => call(home, baseUrl, name, body, headers),
    mail: (mail) => mailTo(smtpPort, mail),
  }
}

async function call(home: Home, baseUrl: string, name: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const [method = '', path = ''] = name.split(' ')
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${home.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(40_000),
  })
  const text = await response.text()
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: text === '' ? {} : JSON.parse(text) }
}

const addressIn = (text: string): string => /<([^<>]+)>/.exec(text)?.[1] ?? text

export async function mailTo(smtpPort: number, mail: Written): Promise<string> {
  const client = nodemailer.createTransport({
    host: '127.0.0.1',
    port: smtpPort,
    ignoreTLS: true,
    name: 'client.example',
    socketTimeout: 60_000,
  })
  const to = mail.to ?? [deskAddress]
  try {
    const envelope = { from: mail.envelopeFrom ?? addressIn(mail.from ?? 'casey@customer.example'), to: to.map(addressIn) }
    return (await client.sendMail({ envelope, raw: rawMail({ ...mail, to }) })).response
  } finally {
    client.close()
  }
}

async function adminToken(home: Home): Promise<string> {
  const args = [...flags, join(root, 'server/cli/main.ts'), 'token', 'create', '--admin']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: home.dataDir, env: environment(home, {}) })
  return stdout.trim().split('\n').at(-1) ?? ''
}

async function makeMailbox(program: Program): Promise<void> {
  const made = await program.call('POST /api/mailboxes', { name: 'Help', address: deskAddress, way: 'smtp' })
  if (made.status !== 201) throw new Error(`No mailbox: ${JSON.stringify(made)}`)
}

/** The owner's own connection to a home's database, to look and to age things. */
export async function openDatabase(home: Home): Promise<pg.Client> {
  const url = home.settings['DATABASE_OWNER_URL'] ?? home.settings['DATABASE_URL'] ?? (await joinEmbeddedPostgres(home.dataDir))?.ownerUrl
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

export async function until(what: string, holds: () => Promise<boolean> | boolean, seconds = 20): Promise<number> {
  const began = performance.now()
  while (!(await holds())) {
    if (performance.now() - began > seconds * 1000) throw new Error(`Not within ${seconds} s: ${what}`)
    await new Promise((go) => setTimeout(go, 100))
  }
  return performance.now() - began
}
