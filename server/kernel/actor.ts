import { sql } from 'kysely'
import type { Right, Role } from '../../contract/rights.ts'
import { type Instant, Temporal } from './clock.ts'
import { type Db, sendNow } from './db.ts'

/** Who acts: a signed-in person, the program itself (rules, mail, jobs), or nobody yet. */
export type Actor = {
  kind: 'person' | 'system' | 'anonymous'
  /** The person's id; null for the program and for nobody. */
  id: string | null
  name: string
  email: string | null
  language: 'en' | 'de'
  timeZone: string | null
  sessionId: string | null
  tokenId: string | null
  secondFactorAt: Instant | null
  signedInAt: Instant | null
  seenAt: Instant | null
  staff: boolean
  /** Signed in by the first factor only: nothing but the sign-in calls is open until the second is given or set up. */
  pending: 'second-factor' | 'second-factor-setup' | null
  /** Reading only, by an API token without the scope `write`. */
  readOnly: boolean
  rights: ReadonlySet<Right>
  grants: readonly Grant[]
  /** Organisations the actor may see rows of; 'all' for unrestricted staff and the program. */
  organisations: 'all' | readonly string[]
  /** Teams an agent is limited to; 'all' when not limited. */
  teamsLimit: 'all' | readonly string[]
  /** Own organisation and further memberships. */
  memberOf: readonly string[]
  teams: readonly string[]
}
export type Grant = { role: Role; organisationId: string | null; teamId: string | null }

const nobodyFields = {
  id: null,
  email: null,
  language: 'en',
  timeZone: null,
  sessionId: null,
  tokenId: null,
  secondFactorAt: null,
  signedInAt: null,
  seenAt: null,
  grants: [],
  memberOf: [],
  teams: [],
  teamsLimit: 'all',
  pending: null,
  readOnly: false,
} as const

export const nobody: Actor = { ...nobodyFields, kind: 'anonymous', name: '', staff: false, rights: new Set(), organisations: [] }
/** The program: sees all rows; holds every right because what it may do is decided by the code that acts as it. */
export const systemActor = (rights: ReadonlySet<Right>): Actor => ({
  ...nobodyFields,
  kind: 'system',
  name: 'Firstline',
  staff: true,
  rights,
  organisations: 'all',
})

/**
 * Tells row-level security who acts, for this transaction only. Unset means no rows. Not awaited: the next query goes out
 * together with it, and if it fails, that one fails too.
 */
export function declareActor(db: Db, actor: Actor): void {
  const scope = actor.organisations === 'all' ? 'all' : 'some'
  const organisations = actor.organisations === 'all' ? '' : `{${actor.organisations.join(',')}}`
  const declaring = sql`select set_config('firstline.scope', ${scope}, true), set_config('firstline.organisations', ${organisations}, true),
    set_config('firstline.person', ${actor.id ?? ''}, true), set_config('firstline.staff', ${actor.staff ? 'on' : ''}, true)`
  // What is read before it would find nothing: row-level security knows nobody yet.
  sendNow(db, declaring).catch(() => {})
}

export type Standing = {
  person_id: string
  session_id: string | null
  token_id: string | null
  scopes: string[] | null
  seen_at: Instant | null
  created_at: Instant
  second_factor_at: Instant | null
  name: string
  email: string | null
  language: string
  time_zone: string | null
  organisation_ids: string[] | null
  team_ids: string[] | null
  grants: Grant[] | null
  has_totp: boolean
  has_passkey: boolean
  second_factor_policy: string
}

/** One named query from a token's hash to who stands behind it. */
export async function standingOf(db: Db, tokenHash: Buffer, now: Instant): Promise<Standing | undefined> {
  const found = await sql<Standing>`select * from firstline.who(${tokenHash}, ${Temporal.Instant.from(now).toString()})`.execute(db)
  return found.rows[0]
}
