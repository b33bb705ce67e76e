import MailComposer from 'nodemailer/lib/mail-composer'
import { headerText } from './layout.ts'
import { addressWith } from './reply-address.ts'
import { isAutomatic } from './rules.ts'

/** From an outbox row to the bytes that are handed over. Addresses are given as name and address apart, never as text to be parsed (C-037). */
export type OutMail = {
  id: string
  kind: string
  messageId: string
  sender: { name: string; address: string; plus: boolean; token?: string }
  subject: string
  text: string
  html: string | null
  headers: Record<string, string>
  createdAt: Date
  inReplyTo: string | null
  references: string[]
  recipients: { name: string; address: string; field: 'to' | 'cc' | 'bcc' }[]
  attachments: { name: string; mediaType: string; content: Buffer }[]
  calendar?: { method: 'REQUEST' | 'CANCEL'; text: string } | null
}

/** Bounces come back to the address that carries this mail's token. */
export const envelopeFrom = ({ sender }: Pick<OutMail, 'sender'>): string =>
  sender.plus && sender.token ? addressWith(sender.address, sender.token) : sender.address

export function composeMail(mail: OutMail, instance: string): Promise<Buffer> {
  const shown = (field: 'to' | 'cc') =>
    mail.recipients
      .filter((one) => one.field === field)
      .map(({ name, address }) => ({ name: headerText(name, 200), address: plainAddress(address) }))
  const composer = new MailComposer({
    messageId: `<${mail.messageId}>`,
    date: mail.createdAt,
    from: { name: headerText(mail.sender.name, 200), address: plainAddress(mail.sender.address) },
    ...(mail.sender.plus && mail.sender.token
      ? { replyTo: { name: headerText(mail.sender.name, 200), address: addressWith(plainAddress(mail.sender.address), mail.sender.token) } }
      : {}),
    to: shown('to'),
    cc: shown('cc'),
    subject: headerText(mail.subject),
    ...(mail.inReplyTo === null ? {} : { inReplyTo: `<${mail.inReplyTo}>`, references: mail.references.map((id) => `<${id}>`) }),
    text: mail.text,
    ...(mail.html === null ? {} : { html: mail.html }),
    headers: {
      ...plainHeaders(mail.headers),
      ...(isAutomatic(mail.kind) ? automaticHeaders(instance) : { 'X-Auto-Response-Suppress': 'OOF, AutoReply' }),
    },
    attachments: mail.attachments.map(({ name, mediaType, content }) => ({
      filename: name,
      contentType: mediaType,
      content,
      contentDisposition: 'attachment',
    })),
    ...(mail.calendar ? { icalEvent: { method: mail.calendar.method, content: mail.calendar.text, filename: 'invite.ics' } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const node = composer.compile()
  node.keepBcc = false
  return node.build()
}

/** RFC 3834, 5; [MS-OXCMAIL] 2.1.3.2.20; X-Loop, by which we know our own mail when it comes back (C-033). */
const automaticHeaders = (instance: string): Record<string, string> => ({
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
  Precedence: 'bulk',
  'X-Loop': instance,
})

const plainHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => /^(X-[A-Za-z-]+|Auto-Submitted)$/.test(name))
      .map(([name, value]) => [name, headerText(value)]),
  )

/** An address that could mean something else than itself is not written into a header at all. */
export function plainAddress(address: string): string {
  if (!/^[^\s@"'(),:;<>[\]\\]+@[^\s@"'(),:;<>[\]\\]+$/.test(address) || address.startsWith('-'))
    throw new Error('This address cannot be written into a mail.')
  return address
}
