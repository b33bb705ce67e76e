import { sql } from 'kysely'
import { type Instant, onWire, Temporal } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { postForm } from '../../kernel/outbound.ts'
import { secretPlace } from './access-mailboxes.ts'
import { mailboxProblem, needsPerson, type Trouble, troubleOf } from './mailbox-trouble.ts'
import { providerFor, type SignsIn } from './oauth-providers.ts'
import { expiryWarning } from './rules.ts'
import './events.ts'

/**
 * The tokens of a mailbox that signs in by OAuth: asked for, sealed, renewed by themselves. A refusal that only a person
 * can repair makes the mailbox `not-connected` and is told at once, whether reading or sending met it; an end that can
 * be foreseen (the client secret's date, a refresh token with a lifetime) is told 30, 7 and 1 days before.
 */
export type Tokens = { access: string; refresh: string; until: string; refreshUntil?: string }
type Connected = SignsIn & { grant_tokens: Buffer | null }

const tokensPlace = (id: string) => ({ table: 'mailbox', column: 'grant_tokens', row: id })

export async function askTokens(kernel: Kernel, mailbox: SignsIn, form: Record<string, string>, before?: Tokens): Promise<Tokens> {
  const provider = providerFor(kernel, mailbox)
  const secret = mailbox.secret === null ? '' : kernel.secrets.open(mailbox.secret, secretPlace(mailbox.id))
  const { status, body } = await postForm(provider.token, { client_id: mailbox.connection.clientId ?? '', client_secret: secret, ...form })
  if (status !== 200 || typeof body.access_token !== 'string') throw refusalOf(status, body)
  const refresh = typeof body.refresh_token === 'string' ? body.refresh_token : (before?.refresh ?? '')
  const after = (seconds: number) => kernel.clock.now().add({ seconds }).toString()
  const lasts = Number(body.refresh_token_expires_in)
  // A renewed access token alone says nothing new of the refresh token.
  const refreshUntil = lasts > 0 ? after(lasts) : body.refresh_token === undefined ? before?.refreshUntil : undefined
  return { access: body.access_token, refresh, until: after(Number(body.expires_in ?? 3600)), ...(refreshUntil ? { refreshUntil } : {}) }
}

/** RFC 6749, 5.2. A server that fails (5xx) may be better soon; what it refuses needs a person. */
function refusalOf(status: number, body: Record<string, unknown>): Error {
  const error = typeof body.error === 'string' ? body.error : ''
  const said = typeof body.error_description === 'string' ? body.error_description : error || `The provider answered ${status}.`
  const cause = status >= 500 ? 'unreachable' : /^(?:invalid_client|unauthorized_client)$/.test(error) ? 'secret-refused' : 'consent-lost'
  return mailboxProblem(status < 500 && error === '' ? 'other' : cause, said.slice(0, 300))
}

export async function writeTokens(context: Context, mailboxId: string, tokens: Tokens): Promise<void> {
  const sealed = context.kernel.secrets.seal(JSON.stringify(tokens), tokensPlace(mailboxId))
  await sql`update mailbox set grant_tokens = ${sealed}, grant_until = ${tokens.refreshUntil ?? null}::timestamptz where id = ${mailboxId}`.execute(
    context.db,
  )
  await noteExpiry(context, mailboxId)
}

/** An access token that holds for some minutes more; asks for a new one when it does not, or when the last was refused. */
export async function accessToken(kernel: Kernel, mailbox: Connected, anew = false): Promise<string> {
  if (mailbox.grant_tokens === null) throw mailboxProblem('never-connected')
  const tokens = JSON.parse(kernel.secrets.open(mailbox.grant_tokens, tokensPlace(mailbox.id))) as Tokens
  if (!anew && isFresh(tokens, kernel.clock.now())) return tokens.access
  try {
    const renewed = await askTokens(kernel, mailbox, { grant_type: 'refresh_token', refresh_token: tokens.refresh }, tokens)
    await kernel.asSystem((context) => writeTokens(context, mailbox.id, renewed))
    return renewed.access
  } catch (cause) {
    const trouble = troubleOf(cause)
    if (needsPerson(trouble.cause)) await kernel.asSystem((context) => disconnect(context, mailbox.id, trouble))
    throw cause
  }
}
const isFresh = (tokens: Tokens, now: Instant): boolean => Temporal.Instant.from(tokens.until).since(now).total('minutes') > 5

/** Told once, however many tries meet the same refusal. */
async function disconnect(context: Context, mailboxId: string, { cause, detail }: Trouble): Promise<void> {
  const condition = JSON.stringify({ state: 'not-connected', cause, detail, at: onWire(context.now) })
  const changed = await sql`update mailbox set condition = condition || ${condition}::jsonb
    where id = ${mailboxId} and condition ->> 'state' is distinct from 'not-connected' and archived_at is null returning 1`.execute(
    context.db,
  )
  if (changed.rows.length > 0)
    await context.record({ type: 'mailbox.disconnected', subject: { kind: 'mailbox', id: mailboxId }, audience: 'staff', data: { cause } })
}

/** The sooner of both ends stands in the condition, where the screen and the health page see it. */
export async function noteExpiry(context: Context, mailboxId: string): Promise<void> {
  const end = sql`case when way in ('microsoft', 'google') then least(grant_until, ((connection ->> 'secretExpiresOn') || 'T00:00:00Z')::timestamptz) end`
  // Only a real extension begins the warnings anew: some providers name another second at each renewal.
  await sql`update mailbox set condition = jsonb_strip_nulls(condition || jsonb_build_object('expiresAt', to_char(${end} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))),
      expiry_told = case when ${end} <= (condition ->> 'expiresAt')::timestamptz + interval '1 day' then expiry_told end
    where id = ${mailboxId}`.execute(context.db)
}

/** Each hour: who ends within 30, 7 or 1 days and was not told so yet. Safe to run twice. */
export async function warnOfExpiry(context: Context): Promise<void> {
  const found = await sql<{
    id: string
    expiresAt: string
    told: number | null
  }>`select id, condition ->> 'expiresAt' as "expiresAt", expiry_told as told from mailbox
    where archived_at is null and condition ->> 'expiresAt' is not null order by id for update`.execute(context.db)
  for (const { id, expiresAt, told } of found.rows) {
    const days = expiryWarning(Temporal.Instant.from(expiresAt), told, context.now)
    if (days === null) continue
    await sql`update mailbox set expiry_told = ${days} where id = ${id}`.execute(context.db)
    await context.record({ type: 'mailbox.expiring', subject: { kind: 'mailbox', id }, audience: 'staff', data: { days } })
  }
}
