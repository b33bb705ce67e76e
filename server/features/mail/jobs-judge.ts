import { sql } from 'kysely'
import type { Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { job } from '../../kernel/jobs.ts'
import { inboundById } from './access-facts.ts'
import { judgeMail } from './actions-judge.ts'
import { countTry, settleInbound } from './actions-settle.ts'
import { proofOf } from './authenticate.ts'
import { parseMail } from './parse.ts'
import { MailTooHard, type ParsedMail } from './parsed-mail.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'mail.judge': { inboundMailId: string }
    'mail.resume': Record<string, never>
  }
}
const mostTries = 3

/** Judges one mail; a mail that was judged already is left alone, so that the job may run twice. */
export async function judgeInbound(kernel: Kernel, inboundMailId: string): Promise<void> {
  const inbound = await kernel.transactor.transaction((db) => inboundById(db, inboundMailId), { reads: true })
  if (inbound?.verdict !== 'pending') return
  let mail: ParsedMail | null = null
  const most = (kernel.settings.MAIL_MAX_MB + 1) * 1024 * 1024
  try {
    if (inbound.size > most) throw new MailTooHard('too-large', `${inbound.size} bytes`)
    await failpoint('mail.before-judging')
    mail = await parseMail({ size: inbound.size, read: () => rawOf(kernel, inbound.sha256) }, { bytes: most })
    const read = mail
    // Read again, after the parser has let go of it: the signature is over these bytes.
    const raw = await rawOf(kernel, inbound.sha256)
    const proof = await proofOf(raw, inbound, kernel.outside.resolveDns, kernel.settings.mailDomain)
    await withRetries(() => kernel.asSystem((context) => judgeMail(context, inbound, read, proof, raw)))
    await failpoint('mail.after-judge-commit')
  } catch (cause) {
    if (cause instanceof MailTooHard) return putAside(kernel, inboundMailId, cause.reason, cause.detail, mail)
    if (isOutage(cause)) throw cause
    const tries = await kernel.asSystem((context) => countTry(context, inboundMailId))
    if (tries < mostTries) throw cause
    kernel.log.error('mail not judged', cause, { inboundMailId })
    await putAside(kernel, inboundMailId, 'unreadable', cause instanceof Error ? cause.message : String(cause), mail)
  }
}

/** A file that is gone is no outage of the database, whatever its error code. */
async function rawOf(kernel: Kernel, sha256: string): Promise<Buffer> {
  return kernel.files.read(sha256).catch((cause: Error) => {
    throw new Error(`The raw mail cannot be read: ${cause.message}`)
  })
}

/** What cannot be judged waits for a person, whole, and holds up nobody else. */
async function putAside(kernel: Kernel, id: string, reason: string, cause: string, mail: ParsedMail | null): Promise<void> {
  await kernel.asSystem(async (context) => {
    const inbound = await inboundById(context.db, id)
    if (inbound?.verdict === 'pending')
      await settleInbound(context, inbound, { verdict: 'quarantined', reason, detail: { cause: cause.slice(0, 500) } }, mail, null)
  })
}

const codeOf = (cause: unknown): string => (cause as { code?: string }).code ?? ''
/** The database is away or full: the mail has done nothing wrong, and waits. */
const isOutage = (cause: unknown): boolean =>
  /^(08|53|57P|58|25006)/.test(codeOf(cause)) ||
  ['55P03', '57014', 'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EMFILE', 'ENOSPC'].includes(codeOf(cause)) ||
  /Connection terminated|timeout exceeded|not queryable/.test(String(cause))

async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (cause) {
      // 23505: another mail made the same person or message at this moment; its work is seen on the next try.
      if (tries >= 4 || !['40001', '40P01', '23505'].includes(codeOf(cause))) throw cause
      await new Promise((go) => setTimeout(go, Math.random() * 20 * 2 ** tries))
    }
  }
}

/** Each minute: a mail without a verdict gets its job again, whatever became of the first one. */
export async function resumePending(kernel: Kernel): Promise<void> {
  await kernel.asSystem(async (context) => {
    const pending = await sql<{
      id: string
    }>`select id from inbound_mail where verdict = 'pending' and received_at < ${context.now.toString()}::timestamptz - interval '2 minutes' order by id limit 500`.execute(
      context.db,
    )
    for (const { id } of pending.rows) context.later(job('mail.judge', { inboundMailId: id }, { key: `mail.judge:${id}` }))
    await sql`delete from awaited_message where at < ${context.now.toString()}::timestamptz - interval '30 days'`.execute(context.db)
  })
}
