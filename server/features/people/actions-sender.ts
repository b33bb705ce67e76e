import { domainToASCII } from 'node:url'
import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { notAllowed, Problem } from '../../kernel/problem.ts'
import { isFreeMail } from './free-mail.ts'
import './events.ts'

/** People as mail and forms name them: by address. */
export type Sender = { email: string; name?: string | null | undefined; language?: string | null | undefined }
export type KnownPerson = {
  id: string
  name: string
  email: string | null
  organisationId: string | null
  language: string
  archived: boolean
}

export async function personByEmail(db: Db, email: string): Promise<KnownPerson | undefined> {
  const found = await sql<KnownPerson>`select id, name, email::text as email, organisation_id as "organisationId", language,
    archived_at is not null as archived from person where email = ${email.trim()}::citext`.execute(db)
  return found.rows[0]
}

/** The part after the last @, as DNS knows it: lower case, international names in their ASCII form. Empty when there is none. */
export function domainOf(email: string): string {
  return domainToASCII(
    email
      .slice(email.lastIndexOf('@') + 1)
      .trim()
      .toLowerCase(),
  )
}

/** The organisation that an unknown sender joins by the domain; a free-mail domain never has one. */
export async function organisationByDomain(db: Db, email: string): Promise<string | null> {
  const domain = domainOf(email)
  if (domain === '' || isFreeMail(domain)) return null
  const found = await sql<{
    id: string
  }>`select d.organisation_id as id from organisation_domain d join organisation o on o.id = d.organisation_id
    where d.domain = ${domain} and o.archived_at is null`.execute(db)
  return found.rows[0]?.id ?? null
}

/** C-034: an address of our own mailboxes is nobody's address, or the desk would write to itself. */
export async function refuseOwnAddress(db: Db, email: string): Promise<void> {
  const own = await sql`select 1 from mailbox where address = ${email.trim()}::citext`.execute(db)
  if (own.rows.length > 0)
    throw new Problem('own_address', 'This is an address of the desk itself.', {
      issues: [{ path: 'email', code: 'own_address', message: 'This is an address of the desk itself.' }],
    })
}

/** Whoever is meant by an address, as a person: found, or made on the spot. */
export async function personOfSender(context: Context, sender: Sender): Promise<KnownPerson> {
  const email = sender.email.normalize('NFC').trim()
  const known = await personByEmail(context.db, email)
  if (known) return known
  await refuseOwnAddress(context.db, email)
  const organisationId = await organisationByDomain(context.db, email)
  refuseBeyondScope(context, organisationId)
  const name = plainName(sender.name) || email.slice(0, email.lastIndexOf('@')).slice(0, 200) || email
  const language = sender.language === 'de' ? 'de' : 'en'
  const made = await sql<{ id: string }>`insert into person (name, email, organisation_id, language, created_at)
    values (${name}, ${email}, ${organisationId}, ${language}, ${context.now.toString()})
    on conflict (email) do nothing returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) return foundAfterAll(context, email)
  await context.record({ type: 'person.created', subject: { kind: 'person', id }, organisationId, audience: 'staff', data: {} })
  return { id, name, email, organisationId, language, archived: false }
}

/** Somebody else made the same person at this moment; or the actor may not see whom the address belongs to. */
async function foundAfterAll(context: Context, email: string): Promise<KnownPerson> {
  const known = await personByEmail(context.db, email)
  if (!known) throw beyondScope()
  return known
}

const beyondScope = () => notAllowed('You may only write for people of your own customers.')

/** An agent who is limited to some customers adds people to those only. */
export function refuseBeyondScope(context: Context, organisationId: string | null): void {
  const { organisations } = context.actor
  if (organisations === 'all') return
  if (organisationId === null || !organisations.includes(organisationId)) throw beyondScope()
}

/** One line of text: what a stranger calls himself goes into headers and screens (C-037). */
export function plainName(name: string | null | undefined): string {
  return (name ?? '')
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
}
