import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { postForm } from '../../kernel/outbound.ts'
import { Problem } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import type { MailboxFacts } from './access-mailboxes.ts'
import { secretPlace } from './actions-mailboxes.ts'
import './events.ts'

/**
 * OAuth 2.0 for Microsoft 365 and Google mailboxes, with the company's own app registration: authorization code with
 * PKCE (RFC 7636). The state is bound to the person who began, and the page that the provider returns to posts it as
 * that person, so that nobody can slip another mailbox in (G-093). Tokens lie sealed.
 */
export type Provider = { authorize: string; token: string; scope: string; host: string; port: number; more: Record<string, string> }

declare module '../../kernel/context.ts' {
  interface Outside {
    mailProvider?: (way: 'microsoft' | 'google', tenant: string) => Provider
  }
}

export function providerOf(way: 'microsoft' | 'google', tenant: string): Provider {
  if (way === 'google')
    return {
      authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
      token: 'https://oauth2.googleapis.com/token',
      scope: 'https://mail.google.com/',
      host: 'imap.gmail.com',
      port: 993,
      more: { access_type: 'offline', prompt: 'consent' },
    }
  const base = `https://login.microsoftonline.com/${encodeURIComponent(tenant || 'organizations')}/oauth2/v2.0`
  return {
    authorize: `${base}/authorize`,
    token: `${base}/token`,
    scope: 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access',
    host: 'outlook.office365.com',
    port: 993,
    more: { prompt: 'select_account' },
  }
}

type Mailbox = Pick<MailboxFacts, 'id' | 'address' | 'way' | 'connection' | 'secret'>
export const providerFor = (kernel: Kernel, mailbox: Mailbox): Provider => {
  if (mailbox.way !== 'microsoft' && mailbox.way !== 'google')
    throw new Problem('mailbox_unreachable', 'This mailbox does not sign in by OAuth.')
  return (kernel.outside.mailProvider ?? providerOf)(mailbox.way, mailbox.connection.tenant ?? '')
}

export const redirectAddress = (kernel: Kernel): string => `${kernel.settings.baseUrl}/mailboxes/connected`
const verifierPlace = (state: string) => ({ table: 'mailbox_consent', column: 'verifier', row: state })
const tokensPlace = (id: string) => ({ table: 'mailbox', column: 'grant_tokens', row: id })

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
type Tokens = { access: string; refresh: string; until: string }

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

async function mailboxOf(context: Context, id: string): Promise<Mailbox | undefined> {
  return (
    await sql<Mailbox>`select id, address::text as address, way, connection, secret from mailbox where id = ${id} and archived_at is null`.execute(
      context.db,
    )
  ).rows[0]
}

async function askTokens(kernel: Kernel, mailbox: Mailbox, form: Record<string, string>, before?: Tokens): Promise<Tokens> {
  const provider = providerFor(kernel, mailbox)
  const secret = mailbox.secret === null ? '' : kernel.secrets.open(mailbox.secret, secretPlace(mailbox.id))
  const { status, body } = await postForm(provider.token, { client_id: mailbox.connection.clientId ?? '', client_secret: secret, ...form })
  const refused =
    typeof body.error_description === 'string'
      ? body.error_description
      : typeof body.error === 'string'
        ? body.error
        : `The provider answered ${status}.`
  if (status !== 200 || typeof body.access_token !== 'string') throw new Problem('mailbox_unreachable', refused.slice(0, 300))
  const refresh = typeof body.refresh_token === 'string' ? body.refresh_token : (before?.refresh ?? '')
  const seconds = Number(body.expires_in ?? 3600)
  return { access: body.access_token, refresh, until: kernel.clock.now().add({ seconds }).toString() }
}

export async function keepTokens(context: Context, { mailboxId, tokens }: Consent): Promise<void> {
  const sealed = context.kernel.secrets.seal(JSON.stringify(tokens), tokensPlace(mailboxId))
  await sql`update mailbox set grant_tokens = ${sealed}, condition = '{"state": "connecting", "cause": ""}', version = version + 1 where id = ${mailboxId}`.execute(
    context.db,
  )
  await context.record({
    type: 'mailbox.changed',
    subject: { kind: 'mailbox', id: mailboxId },
    audience: 'staff',
    data: { fields: ['consent'] },
  })
}

/** An access token that holds for some minutes more; asks for a new one when it does not. */
export async function accessToken(kernel: Kernel, mailbox: Mailbox & { grant_tokens: Buffer | null }): Promise<string> {
  if (mailbox.grant_tokens === null) throw new Problem('mailbox_unreachable', 'Not connected yet: press "Connect".')
  const tokens = JSON.parse(kernel.secrets.open(mailbox.grant_tokens, tokensPlace(mailbox.id))) as Tokens
  if (isFresh(tokens, kernel.clock.now())) return tokens.access
  const renewed = await askTokens(kernel, mailbox, { grant_type: 'refresh_token', refresh_token: tokens.refresh }, tokens)
  await kernel.asSystem((context) =>
    sql`update mailbox set grant_tokens = ${kernel.secrets.seal(JSON.stringify(renewed), tokensPlace(mailbox.id))} where id = ${mailbox.id}`.execute(
      context.db,
    ),
  )
  return renewed.access
}
const isFresh = (tokens: Tokens, now: Instant): boolean => Temporal.Instant.from(tokens.until).since(now).total('minutes') > 5
