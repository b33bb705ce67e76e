import { randomBytes } from 'node:crypto'
import PostalMime, { type Address } from 'postal-mime'
import type { Kernel } from '../../kernel/context.ts'
import type { OwnMail } from './post.ts'

/** Mails as a sample person's own program would write them: in the thread, with the quoted mail below. */
export type Writer = { name: string; address: string }
type Contact = { name: string; email: string }
type Sent = {
  to: Contact[]
  cc: Contact[]
  from: Contact
  replyTo: string
  messageId: string
  references: string
  subject: string
  text: string
}

const contacts = (list: Address[] | undefined): Contact[] =>
  (list ?? []).flatMap((one) => (one.address ? [{ name: one.name, email: one.address }] : []))

export async function sentMail(kernel: Kernel, sha256: string): Promise<Sent> {
  return readSent(await kernel.files.read(sha256))
}

export async function readSent(raw: Buffer): Promise<Sent> {
  const mail = await PostalMime.parse(raw)
  const [from = { name: '', email: '' }] = contacts(mail.from ? [mail.from] : [])
  return {
    to: contacts(mail.to),
    cc: contacts(mail.cc),
    from,
    replyTo: contacts(mail.replyTo)[0]?.email ?? from.email,
    messageId: mail.messageId ?? '',
    references: [mail.references, mail.messageId].filter(Boolean).join(' '),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
  }
}

export const ownId = (writer: Writer): string => `${randomBytes(12).toString('hex')}@${writer.address.split('@')[1]}`

export async function replyTo(
  kernel: Kernel,
  mail: { sha256: string },
  writer: Writer,
  body: string,
): Promise<OwnMail & { messageId: string }> {
  return answerTo(await sentMail(kernel, mail.sha256), writer, body)
}

export function answerTo(sent: Sent, writer: Writer, body: string, messageId = `<${ownId(writer)}>`): OwnMail & { messageId: string } {
  const quoted = sent.text
    .trimEnd()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
  const subject = /^(re|aw):/i.test(sent.subject) ? sent.subject : `Re: ${sent.subject}`
  return {
    envelope: { from: writer.address, to: [sent.replyTo] },
    from: writer,
    to: sent.replyTo,
    subject,
    messageId,
    inReplyTo: sent.messageId,
    references: sent.references,
    text: `${body}\n\n${sent.from.name || sent.from.email} wrote:\n\n${quoted}\n`,
  }
}

export function letterTo(writer: Writer, to: string, subject: string, body: string): OwnMail & { messageId: string } {
  const messageId = `<${ownId(writer)}>`
  return { envelope: { from: writer.address, to: [to] }, from: writer, to, subject, messageId, text: body }
}
