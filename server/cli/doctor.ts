import { connect } from 'node:net'
import nodemailer from 'nodemailer'
import type { HealthCheck } from '../../contract/desk.ts'
import { allChecks, sendingDomains } from '../features/health/access.ts'
import { type Answer, judgeDomain, usualSelectors } from '../features/health/rules-domains.ts'
import type { ResolveDns } from '../features/mail/outside.ts'
import type { Kernel } from '../kernel/context.ts'
import { type Settings, WrongSetting } from '../kernel/settings.ts'
import type { Command, Tools } from './command.ts'

/** Looks at everything that can be wrong outside the code, and says it in words. One part that fails stops no other. */
export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor',
  sentence:
    'Looks at settings, database, mail both ways, SPF, DKIM and DMARC, clock and disk; says what is wrong and what to do. Exit code 1 when something is bad.',
  async run(tools) {
    const checks: HealthCheck[] = []
    const settings = settingsOf(tools, checks)
    if (settings) {
      const kernel = await kernelOf(tools, checks)
      if (kernel) checks.push(...(await kernel.asSystem((context) => allChecks(context, 0))))
      checks.push(...(await Promise.all([mailInAnswers(settings), mailOutAnswers(settings)])).flat())
      if (kernel) checks.push(...(await domains(kernel)))
    }
    for (const check of checks) for (const line of linesOf(check)) tools.say(line)
    const bad = checks.filter((check) => check.state === 'bad').length
    const warnings = checks.filter((check) => check.state === 'warning').length
    tools.say(bad + warnings === 0 ? 'All is well.' : `${bad} bad, ${warnings} to look at, ${checks.length - bad - warnings} good.`)
    return bad > 0 ? 1 : 0
  },
}

const marks = { good: 'good   ', warning: 'look at', bad: 'BAD    ' }
export function linesOf({ state, message, remedy, figures }: HealthCheck): string[] {
  const told = Object.entries(figures)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => `${key} ${value}`)
  return [
    `${marks[state]}  ${message}${told.length > 0 ? ` (${told.join(', ')})` : ''}`,
    ...(remedy === '' ? [] : [`         -> ${remedy}`]),
  ]
}

function settingsOf(tools: Tools, checks: HealthCheck[]): Settings | undefined {
  try {
    const { settings } = tools
    checks.push({
      key: 'settings',
      state: 'good',
      message: 'The settings can be read.',
      remedy: '',
      figures: { DATA_DIR: settings.DATA_DIR, address: settings.baseUrl },
    })
    const open = !['127.0.0.1', '::1', 'localhost'].includes(settings.HOST) && !settings.secure
    if (open)
      checks.push({
        key: 'settings.plain-http',
        state: 'warning',
        message: 'People reach this desk by plain HTTP.',
        remedy: 'Set TLS_CERT and TLS_KEY, or put HTTPS in front and set BASE_URL and TRUST_PROXY.',
        figures: { HOST: settings.HOST },
      })
    return settings
  } catch (cause) {
    if (!(cause instanceof WrongSetting)) throw cause
    checks.push({
      key: 'settings.wrong',
      state: 'bad',
      message: cause.message,
      remedy: 'Correct it in the environment or in .env.',
      figures: {},
    })
    return undefined
  }
}

async function kernelOf(tools: Tools, checks: HealthCheck[]): Promise<Kernel | undefined> {
  try {
    return await tools.kernel()
  } catch (cause) {
    const remedy =
      tools.settings.DATABASE_URL === undefined
        ? 'postgres.log in the DATA_DIR says more.'
        : 'Check DATABASE_URL, and that this database runs and takes connections from here.'
    checks.push({
      key: 'database.away',
      state: 'bad',
      message: `The database cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy,
      figures: {},
    })
    return undefined
  }
}

/** Our own door for mail: whatever listens there must greet with 220 (RFC 5321, section 4.2). */
export async function mailInAnswers(settings: Settings): Promise<HealthCheck[]> {
  if (settings.SMTP_IN === 'off') return []
  const host = settings.SMTP_HOST ?? settings.HOST
  const at = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
  const greeting = await greetingOf(at, settings.SMTP_PORT)
  const figures = { host: at, port: settings.SMTP_PORT }
  if (greeting.startsWith('220'))
    return [{ key: 'mail-in.door', state: 'good', message: 'The door for incoming mail is open.', remedy: '', figures }]
  return [
    {
      key: 'mail-in.closed',
      state: 'warning',
      message: `Nobody takes mail at the door for incoming mail: ${greeting}`,
      remedy: 'Start Firstline. If it runs, another program may hold the port: set SMTP_PORT.',
      figures,
    },
  ]
}

function greetingOf(host: string, port: number): Promise<string> {
  return new Promise((answer) => {
    const socket = connect({ host, port, timeout: 3000 })
    const end = (text: string) => {
      socket.destroy()
      answer(text)
    }
    socket.once('data', (bytes) => end(bytes.toString('latin1').split('\r\n')[0] ?? ''))
    socket.once('timeout', () => end('it does not answer within three seconds.'))
    socket.once('error', (cause) => end(cause.message))
  })
}

export async function mailOutAnswers(settings: Settings): Promise<HealthCheck[]> {
  if (settings.SMTP_URL === undefined) return []
  const { hostname, port } = new URL(settings.SMTP_URL)
  const figures = { host: hostname, port }
  const transport = nodemailer.createTransport({
    url: settings.SMTP_URL,
    name: settings.mailDomain,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 10_000,
  })
  try {
    await transport.verify()
    return [{ key: 'mail-out.answers', state: 'good', message: 'The server for outgoing mail lets us in.', remedy: '', figures }]
  } catch (cause) {
    return [
      {
        key: 'mail-out.refuses',
        state: 'bad',
        message: `The server for outgoing mail does not let us in: ${(cause as Error).message}`,
        remedy: 'Check host, port, user and password in SMTP_URL (smtps:// for port 465, smtp:// for 587).',
        figures,
      },
    ]
  } finally {
    transport.close()
  }
}

async function domains(kernel: Kernel): Promise<HealthCheck[]> {
  const names = await kernel.asSystem(sendingDomains)
  return (await Promise.all(names.map((domain) => lookUp(kernel.outside.resolveDns, domain)))).flatMap(judgeDomain)
}

async function lookUp(resolve: ResolveDns, domain: string) {
  const ask = (name: string, type: string): Promise<Answer> =>
    resolve(name, type).then(
      (found) => ({
        records: (found as unknown[]).map((one) =>
          Array.isArray(one) ? one.join('') : typeof one === 'string' ? one : String((one as { exchange?: string }).exchange ?? ''),
        ),
      }),
      (cause: NodeJS.ErrnoException) => ({ error: cause.code ?? cause.message }),
    )
  const [mx, txt, dmarc, ...keys] = await Promise.all([
    ask(domain, 'MX'),
    ask(domain, 'TXT'),
    ask(`_dmarc.${domain}`, 'TXT'),
    ...usualSelectors.map((selector) => ask(`${selector}._domainkey.${domain}`, 'TXT')),
  ])
  return { domain, mx, txt, dmarc, dkim: usualSelectors.map((selector, n) => ({ selector, answer: keys[n] ?? { error: 'ENODATA' } })) }
}
