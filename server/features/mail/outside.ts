import { Resolver } from 'node:dns/promises'
import { Readable } from 'node:stream'
import nodemailer from 'nodemailer'
import type { Settings } from '../../kernel/settings.ts'

/** What mail asks of the outside world. Tests pass their own; without SMTP_URL there is no transport and the outbox holds. */
declare module '../../kernel/context.ts' {
  interface Outside {
    mailTransport: MailTransport | null
    resolveDns: ResolveDns
  }
}
export type ResolveDns = (name: string, type: string) => Promise<string[][] | string[]>
export type Parcel = { from: string; to: string[]; raw: Buffer }
export type Handed = {
  recipients: { address: string; state: 'sent' | 'deferred' | 'failed'; answer: string }[]
  answer: string
  signInRefused?: true
}
/** Hands a mail over. Refusals are results; `uncertain` is thrown when nobody knows whether it was taken (FT-37). */
export type MailTransport = (parcel: Parcel) => Promise<Handed>

export class HandoverUncertain extends Error {}

export function mailOutside(settings: Settings): { mailTransport: MailTransport | null; resolveDns: ResolveDns } {
  return {
    mailTransport: settings.SMTP_URL === undefined ? null : smtpTransport(settings.SMTP_URL, settings.mailDomain),
    resolveDns: dnsWithin(2000),
  }
}

/** One question, one try, two seconds: a slow name server must not hold up the post. */
export function dnsWithin(milliseconds: number): ResolveDns {
  let resolver: Resolver | undefined
  return (name, type) => {
    resolver ??= new Resolver({ timeout: milliseconds, tries: 1 })
    return resolver.resolve(name, type) as Promise<string[][] | string[]>
  }
}

type Refusal = Error & { responseCode?: number; response?: string; code?: string; recipient?: string; rejectedErrors?: Refusal[] }

/** An address as SMTP_URL has it, or a server with a sign-in by OAuth. */
export type SmtpPlace =
  | string
  | { host: string; port: number; secure: boolean; requireTLS: boolean; auth: { type: 'OAuth2'; user: string; accessToken: string } }

export const smtpClient = (place: SmtpPlace, name: string) =>
  nodemailer.createTransport({
    ...(typeof place === 'string' ? { url: place } : place),
    name,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 120_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })

/** A connection a mail: a pooled one would send again by itself what was lost on the wire. */
export function smtpTransport(place: SmtpPlace, name: string): MailTransport {
  const transporter = smtpClient(place, name)
  return async ({ from, to, raw }) => {
    let wholeMailIsOut = false
    const content = Readable.from([raw])
    content.on('end', () => {
      wholeMailIsOut = true
    })
    try {
      const info = await transporter.sendMail({ envelope: { from, to }, raw: content })
      const refused = (info.rejectedErrors ?? []) as Refusal[]
      return { recipients: to.map((address) => outcomeFor(address, refused, info.response)), answer: info.response }
    } catch (cause) {
      const refusal = cause as Refusal
      if (wholeMailIsOut && refusal.responseCode === undefined) throw new HandoverUncertain(refusal.message, { cause })
      return {
        recipients: to.map((address) => outcomeOf(address, refusalOf(address, refusal))),
        answer: answerOf(refusal),
        ...(refusal.code === 'EAUTH' ? { signInRefused: true } : {}),
      }
    }
  }
}

const refusalOf = (address: string, refusal: Refusal): Refusal =>
  refusal.rejectedErrors?.find((one) => one.recipient === address) ?? refusal

function outcomeFor(address: string, refused: Refusal[], answer: string): Handed['recipients'][number] {
  const refusal = refused.find((one) => one.recipient === address)
  return refusal ? outcomeOf(address, refusal) : { address, state: 'sent', answer }
}

/** Only a permanent refusal by the server ends the tries; a wrong password or a dead wire may be repaired. */
function outcomeOf(address: string, refusal: Refusal): Handed['recipients'][number] {
  const permanent = refusal.code !== 'EAUTH' && (refusal.responseCode ?? 0) >= 500
  return { address, state: permanent ? 'failed' : 'deferred', answer: answerOf(refusal) }
}
const answerOf = (refusal: Refusal): string => (refusal.response ?? refusal.message).slice(0, 500)
