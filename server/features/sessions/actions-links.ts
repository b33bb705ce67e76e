import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { job } from '../../kernel/jobs.ts'
import { Problem } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { providerOnly } from './access-oidc.ts'
import type { SystemMail } from './events.ts'
import { accountKey, type LinkPurpose, linkLife, mayMailLink } from './rules.ts'
import './events.ts'

/**
 * Single-use links by mail. A request only adds a job, whether the address is known or not: neither the answer nor its
 * time can tell (C-036, G-084). The job looks the person up, minds the spacing, makes the link and hands it to the mail
 * feature. Of a link the database keeps the hash; of several the newest counts.
 */
type Addressee = { id: string; name: string; email: string; language: string }

export const linkExpired = () => new Problem('link_expired', 'This link has expired or was used already. Ask for a new one.')

export async function makeLink(
  context: Context,
  purpose: LinkPurpose,
  personId: string | null,
): Promise<{ token: string; expiresAt: Instant }> {
  await sql`update link set used_at = ${context.now.toString()}
    where purpose = ${purpose} and person_id is not distinct from ${personId}::bigint and used_at is null`.execute(context.db)
  const token = newToken()
  const expiresAt = context.now.add(linkLife[purpose])
  await context.db
    .insertInto('link')
    .values({ token_hash: hashOf(token), purpose, person_id: personId, created_at: context.now, expires_at: expiresAt })
    .execute()
  return { token, expiresAt }
}

/** The job behind "send me a link": does nothing for whom it may not, and nobody is told. */
export async function sendLink(context: Context, email: string, purpose: 'sign-in' | 'reset'): Promise<void> {
  const found = await sql<Addressee>`select id, name, email::text as email, language from person
    where email = ${accountKey(email)}::citext and archived_at is null for no key update`.execute(context.db)
  const person = found.rows[0]
  if (!person || !(await isSpaced(context, person.id, ['sign-in', 'reset']))) return
  if ((await providerOnly(context.db, person.email, person.id)) === undefined) await mailLink(context, person, purpose)
}

export async function sendInvitation(context: Context, personId: string): Promise<void> {
  const found =
    await sql<Addressee>`select id, name, email::text as email, language from person where id = ${personId} for no key update`.execute(
      context.db,
    )
  const person = found.rows[0]
  if (!person?.email)
    throw new Problem('validation_failed', 'This person has no address.', {
      issues: [{ path: 'email', code: 'missing', message: 'This person has no address.' }],
    })
  if (!(await isSpaced(context, personId, ['invitation'])))
    throw new Problem('too_many_requests', 'An invitation was just sent.', { details: { retryAfter: 60 } })
  await mailLink(context, person, 'invitation')
}

async function isSpaced(context: Context, personId: string, purposes: LinkPurpose[]): Promise<boolean> {
  const sent = await sql<{
    at: Instant
  }>`select created_at as at from link where person_id = ${personId} and purpose = any(${purposes}::text[])
    and created_at > ${context.now.subtract({ hours: 1 }).toString()} order by created_at desc limit 5`.execute(context.db)
  return mayMailLink(
    sent.rows.map((row) => row.at),
    context.now,
  )
}

async function mailLink(context: Context, person: Addressee, kind: SystemMail['kind']): Promise<void> {
  const { token, expiresAt } = await makeLink(context, kind, person.id)
  const linkId = hashOf(token).toString('hex')
  const link = context.kernel.secrets.seal(token, { table: 'link', column: 'token', row: linkId }).toString('base64')
  const mail: SystemMail = {
    kind,
    personId: person.id,
    address: person.email,
    name: person.name,
    language: person.language,
    link,
    linkId,
    expiresAt: expiresAt.toString(),
  }
  context.later(job('mail.system', mail, { priority: -10 }))
  await context.record({
    type: 'link.sent',
    subject: { kind: 'person', id: person.id },
    audience: 'staff',
    data: { personId: person.id, purpose: kind },
  })
}

/** For the mail: the address that opens the link's page. Built on the configured address only, never on a Host header (G-085). */
export function linkAddress(kernel: Kernel, mail: Pick<SystemMail, 'link' | 'linkId'>): string {
  return `${kernel.settings.baseUrl}/link/${sealedToken(kernel, mail)}`
}
export const sealedToken = (kernel: Kernel, mail: Pick<SystemMail, 'link' | 'linkId'>): string =>
  kernel.secrets.open(Buffer.from(mail.link, 'base64'), { table: 'link', column: 'token', row: mail.linkId })

export type OpenLink = { purpose: LinkPurpose; personId: string | null; name: string; email: string | null }

/** What a link is for, without using it; a link of somebody archived is none. */
export async function lookAtLink(db: Db, token: string, now: Instant): Promise<OpenLink> {
  const found = await sql<OpenLink>`select l.purpose, l.person_id as "personId", coalesce(p.name, '') as name, p.email::text as email
    from link l left join person p on p.id = l.person_id
    where l.token_hash = ${hashOf(token)} and l.purpose in ('sign-in', 'invitation', 'reset', 'set-up') and l.used_at is null and l.expires_at > ${now.toString()}
      and p.archived_at is null and (p.id is not null or l.person_id is null)`.execute(db)
  if (!found.rows[0]) throw linkExpired()
  return found.rows[0]
}

/** Of two uses at the same moment one wins. */
export async function spendLink(context: Context, token: string): Promise<void> {
  const spent = await sql`update link set used_at = ${context.now.toString()}
    where token_hash = ${hashOf(token)} and used_at is null and expires_at > ${context.now.toString()} returning 1`.execute(context.db)
  if (spent.rows.length === 0) throw linkExpired()
}

/** After a new password, a new address or the archive no older link opens anything. */
export async function voidLinks(context: Context, personId: string): Promise<void> {
  await sql`update link set used_at = ${context.now.toString()} where person_id = ${personId} and used_at is null`.execute(context.db)
}
