import { sql } from 'kysely'
import type { Kernel } from '../../kernel/context.ts'
import { type ChannelFacts, openAddress } from './access-message.ts'
import { vapidKeys } from './access-settings.ts'
import { causeOf, hand } from './senders.ts'

/** For the notices: something that wakes nobody, to all the browsers in which somebody takes pushes. */
export type Note = { personId: string; title: string; body: string; url: string; key: string; language: 'en' | 'de' }

export async function pushTo(kernel: Kernel, { personId, ...said }: Note): Promise<void> {
  const { channels, vapid } = await kernel.asSystem(async ({ db }) => {
    const found = await sql<ChannelFacts>`select id, kind, format, address, gone_at is not null as gone from paging_channel
      where person_id = ${personId} and kind = 'push' and gone_at is null and address is not null order by id limit 20`.execute(db)
    return { channels: found.rows, vapid: found.rows.length > 0 ? await vapidKeys(kernel, db) : null }
  })
  for (const channel of channels) {
    try {
      const address = openAddress(kernel, channel)
      const outcome = await hand(kernel, { ...said, kind: 'push', format: null, address, urgency: 'low', calm: true }, vapid)
      if (!outcome.sent && outcome.gone) await forget(kernel, channel.id)
    } catch (cause) {
      kernel.log.warn('a push was not sent', { cause: causeOf(cause), channelId: channel.id })
    }
  }
}

const forget = (kernel: Kernel, id: string): Promise<void> =>
  kernel.asSystem(async ({ db, now }) => {
    await sql`update paging_channel set gone_at = ${now.toString()} where id = ${id} and gone_at is null`.execute(db)
  })
