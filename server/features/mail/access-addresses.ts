import { sql } from 'kysely'
import type { Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { splitAddress } from './reply-address.ts'
import { machineKeyIn } from './rules-machine-address.ts'

/** The desk's own addresses. */
export type OwnMailbox = {
  id: string
  address: string
  way: string
  teamId: string | null
  organisationId: string | null
  language: 'en' | 'de'
  archived: boolean
  arrived: boolean
}

export async function ownMailbox(db: Db, address: string): Promise<OwnMailbox | undefined> {
  const found =
    await sql<OwnMailbox>`select id, address::text as address, way, team_id as "teamId", organisation_id as "organisationId", language,
    archived_at is not null as archived, arrived_at is not null as arrived from mailbox where address = ${splitAddress(address).base}::citext and archived_at is null`.execute(
      db,
    )
  return found.rows[0]
}

type Seen = { mailbox: OwnMailbox; until: number }
const seen = new WeakMap<Kernel, Map<string, Seen>>()

/** For the door, which is asked for every recipient: what was found counts for two seconds; what was not is asked again. */
export async function takesMailFor(kernel: Kernel, address: string): Promise<OwnMailbox | undefined> {
  const known = seen.get(kernel) ?? new Map<string, Seen>()
  seen.set(kernel, known)
  const { base } = splitAddress(address)
  const kept = known.get(base)
  if (kept && kept.until > Date.now()) return kept.mailbox
  const mailbox = await kernel.transactor.transaction((db) => ownMailbox(db, address), { reads: true })
  if (mailbox) known.set(base, { mailbox, until: Date.now() + 2000 })
  else known.delete(base)
  return mailbox
}

/** At the door: a mailbox of ours, and where the address has a key for machines, one that somebody holds. */
export async function admits(kernel: Kernel, address: string): Promise<boolean> {
  if (!(await takesMailFor(kernel, address))) return false
  const key = machineKeyIn(address)
  return key === undefined || (await kernel.transactor.transaction((db) => machinesOf(db, [key]), { reads: true }))[0]?.sourceId != null
}

export type Machine = { key: string; sourceId: string | null }
/** Whose keys these are. The feature that has machines answers, through a function of the database. */
export async function machinesOf(db: Db, keys: readonly string[]): Promise<Machine[]> {
  const found = await sql<Machine>`select k as key, firstline.machine_address(k) as "sourceId" from unnest(${keys}::text[]) k`.execute(db)
  return found.rows
}
