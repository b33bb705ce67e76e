import { createHash, randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { generateSecret, generateURI, verifySync } from 'otplib'
import QRCode from 'qrcode'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound, Problem } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import type { Myself } from './access-security.ts'
import { completeSession } from './actions-sessions.ts'
import { signInFailed } from './actions-sign-in.ts'
import './events.ts'

/**
 * Time-based codes (RFC 6238): six digits, 30 seconds, one step of tolerance to each side, and no step is taken twice
 * (last_step). Ten recovery codes stand in for a lost telephone, each once, kept as hashes.
 */
const placeOf = (personId: string) => ({ table: 'totp', column: 'secret', row: personId })

export async function startTotp(context: Context, { id, actor }: Myself): Promise<{ secret: string; address: string; qr: string }> {
  const secret = generateSecret()
  const sealed = context.kernel.secrets.seal(secret, placeOf(id))
  const kept = await sql`insert into totp (person_id, secret) values (${id}, ${sealed})
    on conflict (person_id) do update set secret = excluded.secret, last_step = 0 where totp.confirmed_at is null returning 1`.execute(
    context.db,
  )
  // Or whoever sits at an open session would replace the second factor by a secret of their own.
  if (kept.rows.length === 0) throw new Problem('already_exists', 'Codes are set up already: remove them first.')
  const { name } = await companySettings(context.db)
  const address = generateURI({ issuer: name, label: actor.email ?? actor.name, secret })
  return { secret, address, qr: await QRCode.toString(address, { type: 'svg', margin: 1 }) }
}

/** Confirms the secret by its first code. Gives the recovery codes, and the whole session where this was the missing step. */
export async function confirmTotp(
  context: Context,
  { id, sessionId, actor }: Myself,
  code: string,
): Promise<{ recoveryCodes: string[]; token: string | null }> {
  if (!(await spendCode(context, id, code, 'new'))) throw wrongCode()
  await sql`update totp set confirmed_at = ${context.now.toString()} where person_id = ${id}`.execute(context.db)
  const recoveryCodes = await newRecoveryCodes(context, id)
  await context.record({ type: 'totp.confirmed', subject: { kind: 'person', id }, audience: 'staff', data: { personId: id } })
  return { recoveryCodes, token: actor.pending === null ? null : await completeSession(context, sessionId, id, 'totp') }
}

const wrongCode = () => signInFailed('This code is wrong, used or too old.')

/** The second step of a sign-in: a code, or a recovery code. Returns the session's new token. */
export async function giveSecondFactor(context: Context, personId: string, sessionId: string, given: string): Promise<string> {
  const code = given.replace(/[\s-]/g, '').toLowerCase()
  if (await spendCode(context, personId, code, 'confirmed')) return completeSession(context, sessionId, personId, 'totp')
  if (await spendRecoveryCode(context, personId, code)) return completeSession(context, sessionId, personId, 'recovery-code')
  throw wrongCode()
}

/** True once for each step of time: of two uses at the same moment the row lets one through. */
async function spendCode(context: Context, personId: string, code: string, state: 'new' | 'confirmed'): Promise<boolean> {
  if (!/^\d{6}$/.test(code)) return false
  const found = await sql<{
    secret: Buffer
    last_step: string
    confirmed_at: Instant | null
  }>`select secret, last_step, confirmed_at from totp
    where person_id = ${personId} for update`.execute(context.db)
  const row = found.rows[0]
  if (!row || (row.confirmed_at === null) !== (state === 'new')) return false
  const secret = context.kernel.secrets.open(row.secret, placeOf(personId))
  const epoch = Math.floor(context.now.epochMilliseconds / 1000)
  const read = verifySync({
    secret,
    token: code,
    epoch,
    epochTolerance: 30,
    ...(row.last_step === '0' ? {} : { afterTimeStep: Number(row.last_step) }),
  })
  if (!read.valid || !('timeStep' in read)) return false
  await sql`update totp set last_step = ${read.timeStep} where person_id = ${personId}`.execute(context.db)
  return true
}

const codeHash = (personId: string, code: string): Buffer => createHash('sha256').update(`recovery:${personId}:${code}`).digest()

/** No letters or digits that are mistaken for others; about 50 bits each. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const newCode = (): string => Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('')

async function newRecoveryCodes(context: Context, personId: string): Promise<string[]> {
  const codes = Array.from({ length: 10 }, newCode)
  await sql`delete from recovery_code where person_id = ${personId}`.execute(context.db)
  await context.db
    .insertInto('recovery_code')
    .values(codes.map((code) => ({ person_id: personId, code_hash: codeHash(personId, code) })))
    .execute()
  return codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`)
}

async function spendRecoveryCode(context: Context, personId: string, code: string): Promise<boolean> {
  const spent = await sql`update recovery_code set used_at = ${context.now.toString()}
    where person_id = ${personId} and code_hash = ${codeHash(personId, code)} and used_at is null returning 1`.execute(context.db)
  if (spent.rows.length === 0) return false
  const left = await sql<{
    n: number
  }>`select count(*)::int as n from recovery_code where person_id = ${personId} and used_at is null`.execute(context.db)
  await context.record({
    type: 'recovery-code.used',
    subject: { kind: 'person', id: personId },
    audience: 'staff',
    data: { personId, left: left.rows[0]?.n ?? 0 },
  })
  return true
}

export async function removeTotp(context: Context, personId: string): Promise<void> {
  const removed = await sql`delete from totp where person_id = ${personId} and confirmed_at is not null returning 1`.execute(context.db)
  if (removed.rows.length === 0) throw notFound()
  await sql`delete from recovery_code where person_id = ${personId}`.execute(context.db)
  await context.record({ type: 'totp.removed', subject: { kind: 'person', id: personId }, audience: 'staff', data: { personId } })
}

/** For somebody who lost them all: done by an administrator, after asking who it is by another way. */
export async function resetSecondFactor(context: Context, personId: string): Promise<void> {
  for (const table of ['totp', 'recovery_code', 'passkey'] as const)
    await context.db.deleteFrom(table).where('person_id', '=', personId).execute()
  await context.record({ type: 'second-factor.reset', subject: { kind: 'person', id: personId }, audience: 'staff', data: { personId } })
}
