import type { Mailbox } from '../../../contract/mail.ts'
import type { Option } from '../../ui/Fields.tsx'
import { optionOf } from '../people/picks.tsx'
import type { Wordings } from './WordingFields.tsx'

/** A mailbox as its form holds it, flat, and back. */
export type MailboxValues = {
  name: string
  address: string
  way: Mailbox['way']
  teamId: Option | null
  organisationId: Option | null
  language: 'en' | 'de'
  acknowledge: boolean
  wordings: Wordings
  host: string
  port: number | null
  secure: boolean
  user: string
  folder: string
  tenant: string
  clientId: string
  secretExpiresOn: string
  sends: 'itself' | 'relay'
  sendHost: string
  sendPort: number | null
  secret: string
}
export const emptyMailbox: MailboxValues = {
  name: '',
  address: '',
  way: 'smtp',
  teamId: null,
  organisationId: null,
  language: 'en',
  acknowledge: true,
  wordings: {},
  host: '',
  port: 993,
  secure: true,
  user: '',
  folder: '',
  tenant: '',
  clientId: '',
  secretExpiresOn: '',
  sends: 'itself',
  sendHost: '',
  sendPort: null,
  secret: '',
}
export const valuesOf = (m: Mailbox): MailboxValues => ({
  name: m.name,
  address: m.address,
  way: m.way,
  teamId: optionOf(m.team),
  organisationId: optionOf(m.organisation),
  language: m.language,
  acknowledge: m.acknowledge,
  wordings: { ...(m.wording as Wordings), signature: m.signature as NonNullable<Wordings['signature']> },
  host: m.connection.host ?? '',
  port: m.connection.port ?? 993,
  secure: m.connection.secure ?? true,
  user: m.connection.user ?? '',
  folder: m.connection.folder ?? '',
  tenant: m.connection.tenant ?? '',
  clientId: m.connection.clientId ?? '',
  secretExpiresOn: m.connection.secretExpiresOn ?? '',
  sends: m.connection.sends ?? 'itself',
  sendHost: m.connection.sendHost ?? '',
  sendPort: m.connection.sendPort ?? null,
  secret: '',
})

/** Only texts that say something: an empty one means our own words. */
const said = (words: Wordings[keyof Wordings] = {}) => Object.fromEntries(Object.entries(words).filter(([, text]) => text.trim() !== ''))
const filledIn = <T extends Record<string, unknown>>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null)) as Partial<T>

export function bodyOf(v: MailboxValues) {
  const { acknowledgement, resolved, reply, signature } = v.wordings
  const connection =
    v.way === 'imap'
      ? filledIn({ host: v.host.trim(), port: v.port ?? 993, secure: v.secure, user: v.user.trim(), folder: v.folder.trim() })
      : v.way === 'smtp'
        ? {}
        : filledIn({
            tenant: v.way === 'microsoft' ? v.tenant.trim() : '',
            clientId: v.clientId.trim(),
            folder: v.folder.trim(),
            user: v.user.trim(),
            secretExpiresOn: v.secretExpiresOn,
            ...(v.sends === 'relay' ? { sends: v.sends } : {}),
            sendHost: v.sendHost.trim(),
            ...(v.sendHost.trim() !== '' && v.sendPort !== null ? { sendPort: v.sendPort } : {}),
          })
  return {
    name: v.name,
    address: v.address.trim(),
    way: v.way,
    teamId: v.teamId?.value ?? null,
    organisationId: v.organisationId?.value ?? null,
    language: v.language,
    acknowledge: v.acknowledge,
    wording: { acknowledgement: said(acknowledgement), resolved: said(resolved), reply: said(reply) },
    signature: said(signature),
    connection,
    ...(v.secret ? { secret: v.secret } : {}),
  }
}

/** Issues of nested fields belong to the flat ones here: `connection.host` is `host`, any wording is `wordings`. */
export function flat(cause: unknown): unknown {
  const issues = (cause as { issues?: { path: string }[] }).issues
  for (const issue of issues ?? []) issue.path = issue.path.replace(/^connection\./, '').replace(/^(wording|signature).*/, 'wordings')
  return cause
}
