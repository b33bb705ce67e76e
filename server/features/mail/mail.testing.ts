import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import nodemailer from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import type { Kernel } from '../../kernel/context.ts'
import { smtpTransport } from './outside.ts'
import { startSmtpIn } from './smtp-in.ts'

/** Real post for tests: a client that speaks to our own port, and a server that stands for the rest of the world. */
export type Written = {
  from?: string
  envelopeFrom?: string
  to?: string[]
  subject?: string
  body?: string
  messageId?: string
  headers?: string[]
  raw?: string
}

let nth = 0
export const someMessageId = (): string => `${++nth}.${randomBytes(6).toString('hex')}@mail.customer.example`

export function rawMail(mail: Written): string {
  if (mail.raw !== undefined) return mail.raw
  const head = [
    `From: ${mail.from ?? 'casey@customer.example'}`,
    `To: ${(mail.to ?? []).join(', ')}`,
    `Subject: ${mail.subject ?? 'Printer'}`,
    `Message-ID: <${mail.messageId ?? someMessageId()}>`,
    'Date: Mon, 02 Mar 2026 10:00:00 +0100',
    ...(mail.headers ?? []),
  ]
  return `${head.join('\r\n')}\r\n\r\n${mail.body ?? 'It does not print.'}\r\n`
}

const addressIn = (text: string): string => /<([^<>]+)>/.exec(text)?.[1] ?? text

/** Sends over a socket to our own listener; gives the server's answer. */
export async function sendTo(kernel: Kernel, mail: Written): Promise<string> {
  const smtp = await startSmtpIn(kernel, { port: 0, host: '127.0.0.1' })
  const client = nodemailer.createTransport({ host: '127.0.0.1', port: smtp.port, ignoreTLS: true, name: 'client.example' })
  try {
    const envelope = { from: mail.envelopeFrom ?? addressIn(mail.from ?? 'casey@customer.example'), to: (mail.to ?? []).map(addressIn) }
    return (await client.sendMail({ envelope, raw: rawMail(mail) })).response
  } finally {
    client.close()
    await smtp.stop()
  }
}

export type Taken = { from: string; to: string[]; raw: string; headers: string; header(name: string): string | undefined }
export type Sink = {
  url: string
  taken: Taken[]
  answer: { rcpt?: (address: string) => Error | null; data?: () => Error | 'hang-up' | null }
  stop(): Promise<void>
}

/** A mail server of its own that keeps what it is given, or refuses as told. */
export async function startSink(): Promise<Sink> {
  const taken: Taken[] = []
  const answer: Sink['answer'] = {}
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    closeTimeout: 100,
    onRcptTo: ({ address }, _session, done) => done(answer.rcpt?.(address) ?? null),
    onData(stream, session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const refused = answer.data?.() ?? null
        if (refused === 'hang-up') {
          for (const connection of server.connections) (connection as unknown as { _socket: { destroy(): void } })._socket.destroy()
          return
        }
        if (refused) return done(refused)
        const raw = Buffer.concat(pieces).toString('utf8')
        const headers = (raw.split('\r\n\r\n', 1)[0] ?? '').replace(/\r\n[ \t]+/g, ' ')
        const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1]
        taken.push({
          from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
          to: session.envelope.rcptTo.map((one) => one.address),
          raw,
          headers,
          header,
        })
        done(null, 'taken')
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    taken,
    answer,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export const connectTo = (kernel: Kernel, sink: Sink): void => {
  kernel.outside.mailTransport = smtpTransport(sink.url, 'desk.example')
}
export const refusing = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode })
