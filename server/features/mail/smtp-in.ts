import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import type { Kernel } from '../../kernel/context.ts'
import { FileTooLarge, type Stored } from '../../kernel/files.ts'
import { admits, takesMailFor } from './access-addresses.ts'
import { keepArrival } from './actions-arrive.ts'
import { hasReturnPath, messageIdIn, type Watched, watchLines } from './smtp-stream.ts'

/**
 * Mail in, by SMTP (RFC 5321). Only for our own mailboxes and their reply addresses, never further (no relay). A mail is
 * answered with 250 when its bytes are flushed to disk and its journal row and job are committed; when either fails the
 * answer is 451 and the sender keeps it. Nobody signs in here, so nothing a client says of itself is believed.
 */
export type SmtpIn = { port: number; stop(): Promise<void> }

export async function startSmtpIn(
  kernel: Kernel,
  where: { port: number; host: string; tls?: { cert: string; key: string } },
): Promise<SmtpIn> {
  const size = kernel.settings.MAIL_MAX_MB * 1024 * 1024
  const server = new SMTPServer({
    name: kernel.settings.mailDomain,
    banner: 'Firstline',
    size,
    authOptional: true,
    disabledCommands: where.tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    ...(where.tls ?? {}),
    disableReverseLookup: true,
    maxClients: 200,
    maxRecipients: 100,
    socketTimeout: 60_000,
    closeTimeout: 5_000,
    logger: false,
    onMailFrom: ({ args }, _session, done) => done(declaredTooLarge(args, size)),
    onRcptTo: ({ address }, _session, done) =>
      void admitRecipient(kernel, address).then(done, () => done(refusal(451, '4.3.0 Try again in a moment.'))),
    onData: (stream, session, done) =>
      void takeMail(kernel, stream, session, size).then(
        (text) => done(null, text),
        (cause) => restOf(stream).then(() => done(answerTo(kernel, cause))),
      ),
  } satisfies SMTPServerOptions)
  server.on('error', (cause) => kernel.log.warn('smtp connection', { cause: cause.message }))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(where.port, where.host, () => resolve())
  })
  return { port: (server.server.address() as AddressInfo).port, stop: () => new Promise((resolve) => server.close(() => resolve())) }
}

const refusal = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

function declaredTooLarge(args: Record<string, string | true> | false, size: number): Error | null {
  const declared = args && typeof args.SIZE === 'string' ? Number(args.SIZE) : 0
  return declared > size ? refusal(552, `5.3.4 The mail is larger than ${size} bytes.`) : null
}

async function admitRecipient(kernel: Kernel, address: string): Promise<Error | null> {
  return (await admits(kernel, address)) ? null : refusal(550, '5.7.1 No such mailbox here, and we do not relay.')
}

async function takeMail(kernel: Kernel, stream: SMTPServerDataStream, session: SMTPServerSession, size: number): Promise<string> {
  const { envelope } = session
  const from = envelope.mailFrom ? envelope.mailFrom.address : ''
  const to = envelope.rcptTo.map((one) => one.address)
  const watched: Watched = { head: Buffer.alloc(0), bareLineEnd: false, size: 0 }
  // Left open when storing fails, so that the rest can be read and our 451 be heard.
  const raw = await store(kernel, stream.iterator({ destroyOnReturn: false }), watched, traceOf(kernel, session, from), size)
  const mailbox = await takesMailFor(kernel, to[0] ?? '')
  const arrival = { source: 'smtp', sourceKey: null, mailboxId: mailbox?.id ?? null, envelopeFrom: from, envelopeTo: to, raw } as const
  const id = await keepArrival(kernel, {
    ...arrival,
    clientAddress: session.remoteAddress,
    clientName: session.hostNameAppearsAs || '',
    messageId: messageIdIn(watched.head),
  })
  return `2.0.0 Kept as ${id}`
}

async function store(kernel: Kernel, stream: AsyncIterable<Buffer>, watched: Watched, trace: Trace, size: number): Promise<Stored> {
  const lines = watchLines(beginning(stream), watched)
  const first = await lines.next()
  const head = first.done ? Buffer.alloc(0) : first.value
  const before = Buffer.from(trace(hasReturnPath(head)), 'utf8')
  async function* whole(): AsyncGenerator<Buffer> {
    yield before
    if (head.length > 0) yield head
    yield* lines
  }
  const raw = await kernel.files.put(Readable.from(whole()), size + before.length)
  if (!watched.bareLineEnd) return raw
  await kernel.files.remove(raw.sha256)
  throw refusal(550, '5.5.2 Lines must end in CRLF; a bare CR or LF is refused.')
}

/** Small mails come as many small pieces: up to the first 64 KB are joined, so that the head is in one. */
async function* beginning(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] | null = []
  let size = 0
  for await (const piece of stream) {
    if (pieces === null) {
      yield piece
      continue
    }
    pieces.push(piece)
    size += piece.length
    if (size < 65_536) continue
    yield Buffer.concat(pieces)
    pieces = null
  }
  if (pieces !== null && size > 0) yield Buffer.concat(pieces)
}

type Trace = (hasReturnPath: boolean) => string

/** RFC 5321, 4.4: the last server says where the mail came from. A Return-Path that says "nobody" always is ours. */
function traceOf(kernel: Kernel, session: SMTPServerSession, from: string): Trace {
  const word = (text: string) => text.replace(/[^\x21-\x7e]/g, '').slice(0, 255) || 'unknown'
  const client = `from ${word(session.hostNameAppearsAs || '')} ([${word(session.remoteAddress)}])`
  const received = `Received: ${client}\r\n\tby ${kernel.settings.mailDomain} with ${word(session.transmissionType)} id ${word(session.id)};\r\n\t${new Date(kernel.clock.now().epochMilliseconds).toUTCString().replace('GMT', '+0000')}\r\n`
  return (hasOne) => (from === '' ? `Return-Path: <>\r\n${received}` : hasOne ? received : `Return-Path: <${word(from)}>\r\n${received}`)
}

/** A refusal is heard only after the last byte: the library stops reading when it is answered earlier, and the client waits. */
function restOf(stream: SMTPServerDataStream): Promise<void> {
  // Whoever read until now may have stopped without letting go: a stream with that listener does not flow.
  stream
    .removeAllListeners('readable')
    .on('data', () => {})
    .resume()
  return finished(stream, { writable: false }).catch(() => {})
}

function answerTo(kernel: Kernel, cause: unknown): Error {
  if (cause instanceof FileTooLarge) return refusal(552, '5.3.4 The mail is too large.')
  if (typeof (cause as { responseCode?: number }).responseCode === 'number') return cause as Error
  if (isHangUp(cause)) kernel.log.warn('mail broken off by its sender')
  else kernel.log.error('mail not taken', cause)
  return refusal(451, '4.3.0 The mail could not be stored; send it again later.')
}

/** The sender went away in the middle; it has no 250 and will come again. */
const isHangUp = (cause: unknown): boolean =>
  cause instanceof Error && /Connection closed before|Premature close|aborted/i.test(cause.message)
