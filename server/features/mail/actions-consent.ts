import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { Problem } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import type { MailboxFacts } from './access-mailboxes.ts'
import { askTokens, type Tokens, writeTokens } from './actions-tokens.ts'
import './events.ts'
import { providerFor, type SignsIn } from './oauth-providers.ts'

/**
 * OAuth 2.0 for Microsoft 365 and Google mailboxes, with the company's own app registration: authorization code with
 * PKCE (RFC 7636). The state is bound to the person who began, and the page that the provider returns to posts it as
 * that person, so that nobody can slip another mailbox in (G-093). Tokens lie sealed.
 */
export const redirectAddress = (kernel: Kernel): string => `${kernel.settings.baseUrl}/mailboxes/connected`
const verifierPlace = (state: string) => ({ table: 'mailbox_consent', column: 'verifier', row: state })

export async function beginConsent(
  context: Context,
  mailbox: Granted<MailboxFacts, 'mailbox.edit'>,
): Promise<{ address: string; redirect: string }> {
  const provider = providerFor(context.kernel, mailbox)
  if (!mailbox.connection.clientId || mailbox.secret === null)
    throw new Problem('mailbox_unreachable', 'Enter the client id and the client secret of your app registration first.')
  const state = newToken()
  const verifier = randomBytes(32).toString('base64url')
  const stateHash = hashOf(state)
  await sql`insert into mailbox_consent (state_hash, mailbox_id, person_id, verifier, expires_at) values (${stateHash}, ${mailbox.id}, ${context.actor.id},
    ${context.kernel.secrets.seal(verifier, verifierPlace(stateHash.toString('hex')))}, ${context.now.add({ minutes: 15 }).toString()})`.execute(
    context.db,
  )
  const redirect = redirectAddress(context.kernel)
  const asked = {
    response_type: 'code',
    client_id: mailbox.connection.clientId,
    redirect_uri: redirect,
    scope: provider.scope,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: mailbox.address,
    ...provider.more,
  }
  return { address: `${provider.authorize}?${new URLSearchParams(asked)}`, redirect }
}

export type Consent = { mailboxId: string; tokens: Tokens }

/** Outside the request's transaction: spends the state, and asks the provider. */
export async function finishConsent(kernel: Kernel, personId: string | null, given: { state: string; code: string }): Promise<Consent> {
  const stateHash = hashOf(given.state)
  const begun = await kernel.asSystem(async (context) => {
    const spent = await sql<{
      mailbox_id: string
      verifier: Buffer
    }>`delete from mailbox_consent where state_hash = ${stateHash} and person_id = ${personId} and expires_at > ${context.now.toString()} returning mailbox_id, verifier`.execute(
      context.db,
    )
    return spent.rows[0] && { ...spent.rows[0], mailbox: await mailboxOf(context, spent.rows[0].mailbox_id) }
  })
  if (!begun?.mailbox) throw new Problem('link_expired', 'This sign-in was not begun by you, or is too old. Begin again.')
  const verifier = kernel.secrets.open(begun.verifier, verifierPlace(stateHash.toString('hex')))
  const tokens = await askTokens(kernel, begun.mailbox, {
    grant_type: 'authorization_code',
    code: given.code,
    redirect_uri: redirectAddress(kernel),
    code_verifier: verifier,
  })
  return { mailboxId: begun.mailbox_id, tokens }
}

async function mailboxOf(context: Context, id: string): Promise<SignsIn | undefined> {
  return (
    await sql<SignsIn>`select id, address::text as address, way, connection, secret from mailbox where id = ${id} and archived_at is null`.execute(
      context.db,
    )
  ).rows[0]
}

export async function keepTokens(context: Context, { mailboxId, tokens }: Consent): Promise<void> {
  await sql`update mailbox set condition = '{"state": "connecting", "cause": ""}', version = version + 1 where id = ${mailboxId}`.execute(
    context.db,
  )
  await writeTokens(context, mailboxId, tokens)
  await context.record({
    type: 'mailbox.changed',
    subject: { kind: 'mailbox', id: mailboxId },
    audience: 'staff',
    data: { fields: ['consent'] },
  })
}
