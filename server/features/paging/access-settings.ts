import { sql } from 'kysely'
import webpush from 'web-push'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { usualHosts } from './rules.ts'

/** The pager's settings, its heartbeat, and the keys by which browsers know us. */
export type PagingSettings = { outsideUrl: string; hosts: string[] }

export async function pagingSettings(db: Db): Promise<PagingSettings> {
  const found = await sql<{ value: Partial<PagingSettings> }>`select value from setting where name = 'paging'`.execute(db)
  return { outsideUrl: '', hosts: [...usualHosts], ...found.rows[0]?.value }
}

type Shown = PagingSettings & { outsideAt: string | null; outsideAnswer: string; beatAt: string | null }
export async function shownPaging({ db }: Context): Promise<Shown> {
  const settings = await pagingSettings(db)
  const desk = await sql<
    Omit<Shown, keyof PagingSettings>
  >`select ${wireTime('outside_at')} as "outsideAt", outside_answer as "outsideAnswer",
    ${wireTime('beat_at')} as "beatAt" from paging_desk`.execute(db)
  return { ...settings, ...desk.rows[0]! }
}

const vapidPlace = { table: 'paging_desk', column: 'vapid', row: '1' }
export type Vapid = { publicKey: string; privateKey: string }

async function keptVapid(kernel: Kernel, db: Db): Promise<Vapid | undefined> {
  const found = await sql<{ vapid_public: string | null; vapid: Buffer | null }>`select vapid_public, vapid from paging_desk`.execute(db)
  const row = found.rows[0]
  return row?.vapid_public && row.vapid
    ? { publicKey: row.vapid_public, privateKey: kernel.secrets.open(row.vapid, vapidPlace) }
    : undefined
}

/** Made once, when they are first asked for; whoever comes second takes what the first one made. */
export async function vapidKeys(kernel: Kernel, db: Db): Promise<Vapid> {
  await sql`select 1 from paging_desk for update`.execute(db)
  const kept = await keptVapid(kernel, db)
  if (kept) return kept
  const made = webpush.generateVAPIDKeys()
  await sql`update paging_desk set vapid_public = ${made.publicKey}, vapid = ${kernel.secrets.seal(made.privateKey, vapidPlace)}`.execute(
    db,
  )
  return made
}
