import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { notFound, Problem } from '../../kernel/problem.ts'
import type { Client } from '../../kernel/routes.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { companySettings } from '../company/access.ts'
import { addPerson, noteVerified } from '../people/actions-people.ts'
import { personByEmail, plainName } from '../people/actions-sender.ts'
import { isStaffRole } from '../people/rules.ts'
import type { Provider } from './access-oidc.ts'
import type { Myself } from './access-security.ts'
import { linkExpired } from './actions-links.ts'
import { providerRefused } from './actions-oidc-exchange.ts'
import { grantByGroups, takeWithoutAccount } from './actions-oidc-roles.ts'
import { type Account, entryOf, type Known } from './rules-oidc.ts'
import './events.ts'

/** From a proven account to one of our people: found, connected, added, or told to come another way. */
export type Entered = { personId: string; identityId: string } | { confirm: string }

export async function enterByAccount(context: Context, provider: Provider, account: Account, binding: string): Promise<Entered> {
  // One at a time for each account: of two first sign-ins at once, one adds and the other finds.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${provider.issuer} ${account.subject}`}, 23))`.execute(context.db)
  const entry = entryOf(account, provider, await whoIsIt(context, provider, account))
  if (entry.way === 'refuse') {
    context.kernel.log.info('sign-in refused', { how: 'oidc', provider: provider.id, cause: entry.reason })
    throw providerRefused(entry.reason, { provider: provider.name })
  }
  if (entry.way === 'confirm') return { confirm: await keepForConfirm(context, provider, account, entry.personId, binding) }
  const personId = entry.way === 'join' ? await join(context, account, entry.email) : entry.personId
  const identityId = await connectAccount(context, provider, account, personId)
  await grantByGroups(context, provider, account, personId)
  if (account.verifiedEmail !== null && entry.way !== 'enter') await noteVerified(context, personId)
  return { personId, identityId }
}

async function whoIsIt({ db }: Context, provider: Provider, account: Account): Promise<Known> {
  const identity = await sql<NonNullable<Known['identity']>>`select i.person_id as "personId", p.archived_at is not null as archived
    from person_identity i join person p on p.id = i.person_id where i.issuer = ${provider.issuer} and i.subject = ${account.subject}`.execute(
    db,
  )
  const known = account.verifiedEmail === null ? undefined : await personByEmail(db, account.verifiedEmail)
  if (!known) return { identity: identity.rows[0] ?? null, holder: null }
  const facts = await sql<{ roles: string[]; other: boolean }>`select
    coalesce((select array_agg(g.role) from role_grant g where g.person_id = ${known.id}), '{}') as roles,
    exists (select 1 from person_identity i where i.person_id = ${known.id} and i.issuer = ${provider.issuer} and i.subject <> ${account.subject}) as other`.execute(
    db,
  )
  const { roles = [], other = false } = facts.rows[0] ?? {}
  const holder = {
    personId: known.id,
    staff: roles.some((role) => isStaffRole(role as never)),
    archived: known.archived,
    otherSubject: other,
  }
  return { identity: identity.rows[0] ?? null, holder }
}

async function join(context: Context, account: Account, email: string | null): Promise<string> {
  const name = plainName(account.name) || plainName(account.account) || account.subject.slice(0, 200)
  return addPerson(context, { name, ...(email === null ? {} : { email }), language: (await companySettings(context.db)).language })
}

/** Connects it, or notes that it was used. An account of somebody else stays theirs. */
export async function connectAccount(
  context: Context,
  provider: Provider,
  account: Pick<Account, 'subject' | 'account'>,
  personId: string,
): Promise<string> {
  const at = context.now.toString()
  const made = await sql<{
    id: string
    isNew: boolean
  }>`insert into person_identity as i (person_id, provider_id, issuer, subject, account, connected_at, used_at)
    values (${personId}, ${provider.id}, ${provider.issuer}, ${account.subject}, ${plainName(account.account)}, ${at}, ${at})
    on conflict (issuer, subject) do update set used_at = excluded.used_at, account = excluded.account where i.person_id = excluded.person_id
    returning id, i.connected_at = ${at}::timestamptz as "isNew"`.execute(context.db)
  const row = made.rows[0]
  if (!row) throw providerRefused('account_taken', { provider: provider.name })
  if (row.isNew)
    await context.record({
      type: 'identity.connected',
      subject: { kind: 'person', id: personId },
      audience: 'staff',
      data: { personId, providerId: provider.id },
    })
  return row.id
}

type Waiting = { providerId: string; subject: string; account: string; binding: string }

/** An address alone does not open a member of staff's account: they confirm it by signing in as they always did, in the same browser. */
async function keepForConfirm(context: Context, provider: Provider, account: Account, personId: string, binding: string): Promise<string> {
  const confirm = newToken()
  const waiting: Waiting = {
    providerId: provider.id,
    subject: account.subject,
    account: account.account,
    binding: hashOf(binding).toString('hex'),
  }
  await context.db
    .insertInto('link')
    .values({
      token_hash: hashOf(confirm),
      purpose: 'oidc-confirm',
      person_id: personId,
      details: JSON.stringify(waiting),
      created_at: context.now,
      expires_at: context.now.add({ minutes: 10 }),
    })
    .execute()
  return confirm
}

export async function spendConfirm(context: Context, myself: Myself, confirm: string, client: Client): Promise<Waiting> {
  const spent = await sql<{ waiting: Waiting }>`update link set used_at = ${context.now.toString()}
    where token_hash = ${hashOf(confirm)} and purpose = 'oidc-confirm' and person_id = ${myself.id} and used_at is null
      and expires_at > ${context.now.toString()} returning details as waiting`.execute(context.db)
  const waiting = spent.rows[0]?.waiting
  if (!waiting || client.binding === undefined || waiting.binding !== hashOf(client.binding).toString('hex')) throw linkExpired()
  return waiting
}

/** The last way in stays: an account without address, password and passkey would be closed for ever. */
export async function disconnectAccount(context: Context, personId: string, identityId: string): Promise<void> {
  const gone = await sql<{ providerId: string }>`delete from person_identity where id = ${identityId} and person_id = ${personId}
    returning provider_id as "providerId"`.execute(context.db)
  const providerId = gone.rows[0]?.providerId
  if (providerId === undefined) throw notFound()
  const left = await sql`select 1 from person p where p.id = ${personId} and (p.email is not null
    or exists (select 1 from password w where w.person_id = p.id) or exists (select 1 from passkey k where k.person_id = p.id)
    or exists (select 1 from person_identity i where i.person_id = p.id))`.execute(context.db)
  if (left.rows.length === 0) throw new Problem('still_in_use', 'This is your only way to sign in: add a password or a passkey first.')
  await takeWithoutAccount(context, providerId, personId)
  await context.record({
    type: 'identity.disconnected',
    subject: { kind: 'person', id: personId },
    audience: 'staff',
    data: { personId, providerId },
  })
}
