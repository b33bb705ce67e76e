import { sql } from 'kysely'
import type { Channel, MyPaging } from '../../../contract/paging.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { smsGateway } from '../verification/access-telephone.ts'
import type { ChannelFacts } from './access-message.ts'
import { pagingSettings } from './access-settings.ts'

/** By which ways a person is reached: their own only, for themselves only. */
export type MyChannel = ChannelFacts & { version: number; high_after: number | null; low_after: number | null }

const columns = sql`c.id, c.version, c.kind, c.format, c.shown, c.high_after as "highAfter", c.low_after as "lowAfter", ${wireTime('c.created_at')} as "createdAt",
  ${wireTime('c.proved_at')} as "provedAt", ${wireTime('c.gone_at')} as "goneAt", c.kind <> 'mail' and c.address is null as "needsAddress"`

export async function myPaging(context: Context, pushKey: string): Promise<MyPaging> {
  const { db, kernel, actor } = context
  const channels = await sql<Channel>`select ${columns} from paging_channel c where c.person_id = ${actor.id}
    order by coalesce(c.high_after, c.low_after + 1000, 10000), c.id limit 50`.execute(db)
  const { hosts } = await pagingSettings(db)
  const { secure, baseUrl } = kernel.settings
  const local = ['localhost', '127.0.0.1'].includes(new URL(baseUrl).hostname)
  return { channels: channels.rows, pushKey, sms: (await smsGateway(db)) !== undefined, secure: secure || local, email: actor.email, hosts }
}

export async function accessChannel({ db, actor }: Context, id: string): Promise<Granted<MyChannel, 'paging.own'>> {
  const found =
    await sql<MyChannel>`select id, version, kind, format, address, gone_at is not null as gone, high_after, low_after from paging_channel
    where id = ${id} and person_id = ${actor.id} for update`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<MyChannel, 'paging.own'>
}

export async function readChannel({ db, actor }: Context, id: string): Promise<Channel> {
  const found = await sql<Channel>`select ${columns} from paging_channel c where c.id = ${id} and c.person_id = ${actor.id}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}
