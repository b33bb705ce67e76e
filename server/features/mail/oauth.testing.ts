import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Kernel } from '../../kernel/context.ts'
import type { Taken } from './mail.testing.ts'

/** A provider for tests, over sockets: a token endpoint that can be told to refuse, and a mail server that takes its tokens (XOAUTH2). */
export type TestProvider = {
  asked: Record<string, string>[]
  /** What the next calls are answered with instead. */
  refuse: { status: number; body: object } | null
  more: object
  /** The access token that the mail server takes. */
  valid: string
  signIns: { user: string; token: string }[]
  taken: Pick<Taken, 'from' | 'to' | 'raw'>[]
  smtpPort: number
  stop(): Promise<void>
}

export async function startProvider(kernel: Kernel, imapPort: number): Promise<TestProvider> {
  const provider: TestProvider = {
    asked: [],
    refuse: null,
    more: {},
    valid: 'token-1',
    signIns: [],
    taken: [],
    smtpPort: 0,
    stop: async () => {},
  }
  const tokens = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += String(chunk)
    })
    request.on('end', () => {
      provider.asked.push(Object.fromEntries(new URLSearchParams(text)))
      const { status, body } = provider.refuse ?? {
        status: 200,
        body: { access_token: `token-${provider.asked.length}`, refresh_token: 'refresh-1', expires_in: 3600, ...provider.more },
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve))
  const smtp = mailServer(provider)
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()))
  provider.smtpPort = (smtp.server.address() as AddressInfo).port
  const address = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}`
  kernel.outside.mailProvider = () => ({
    authorize: `${address}/authorize`,
    token: `${address}/token`,
    scope: 'mail',
    host: '127.0.0.1',
    port: imapPort,
    smtp: { host: '127.0.0.1', port: provider.smtpPort, secure: false },
    more: {},
  })
  provider.stop = async () => {
    await new Promise<void>((resolve) => tokens.close(() => resolve()))
    await new Promise<void>((resolve) => smtp.close(() => resolve()))
  }
  return provider
}

function mailServer(provider: TestProvider): SMTPServer {
  return new SMTPServer({
    authMethods: ['XOAUTH2'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    closeTimeout: 100,
    onAuth: ({ username = '', accessToken = '' }, _session, done) => {
      provider.signIns.push({ user: username, token: accessToken })
      if (accessToken === provider.valid) return done(null, { user: username })
      done(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } })
    },
    onData(stream, session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        provider.taken.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((one) => one.address),
          raw: Buffer.concat(pieces).toString('utf8'),
        })
        done(null, 'taken')
      })
    },
  })
}
