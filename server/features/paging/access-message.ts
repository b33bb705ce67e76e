import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Way } from './actions-queue.ts'
import type { Language, ToldPage } from './words.ts'

/** What a message needs: whom it goes to, by which way, and of which pages it tells. */
export type ChannelFacts = {
  id: string
  kind: string
  format: 'ntfy' | 'slack' | 'teams' | 'matrix' | null
  address: Buffer | null
  gone: boolean
}
export type ToPerson = { id: string; name: string; email: string | null; language: Language }

export const channelPlace = (id: string) => ({ table: 'paging_channel', column: 'address', row: id })
export const openAddress = (kernel: Kernel, channel: Pick<ChannelFacts, 'id' | 'address'>): Record<string, string> =>
  channel.address === null ? {} : (JSON.parse(kernel.secrets.open(channel.address, channelPlace(channel.id))) as Record<string, string>)

export async function readWay({ db }: Context, { personId, channelId }: Way): Promise<{ person: ToPerson; channel: ChannelFacts | null }> {
  const people =
    await sql<ToPerson>`select id, name, case when archived_at is null then email::text end as email, case when language = 'de' then 'de' else 'en' end as language
    from person where id = ${personId}`.execute(db)
  const channels = await sql<ChannelFacts>`select id, kind, format, address, gone_at is not null as gone from paging_channel
    where id = ${channelId}::bigint and person_id = ${personId}`.execute(db)
  return { person: people.rows[0]!, channel: channels.rows[0] ?? null }
}

/** The first of them, by their priority; how many there are; urgent if one of them is. */
export async function toldPages(
  { db }: Context,
  messageId: string,
): Promise<{ pages: ToldPage[]; count: number; urgency: 'high' | 'low'; ticketId: string | null }> {
  const found = await sql<
    ToldPage & { urgent: boolean; count: number }
  >`select t.id::text as number, case when t.restricted_at is null then t.subject end as subject, t.priority,
      case when t.restricted_at is null then o.name end as organisation, case when t.restricted_at is null then s.name end as site, p.note, p.episode > 0 as again,
      bool_or(p.urgency = 'high') over () as urgent, (count(*) over ())::int as count
    from (select distinct a.page_id from page_attempt a where a.message_id = ${messageId}) x join page p on p.id = x.page_id join ticket t on t.id = p.ticket_id
      left join organisation o on o.id = t.organisation_id left join site s on s.id = t.site_id
    order by t.priority, t.id limit 10`.execute(db)
  const [one] = found.rows
  return {
    pages: found.rows.map(({ urgent: _u, count: _c, ...told }) => told),
    count: one?.count ?? 0,
    urgency: one?.urgent ? 'high' : 'low',
    ticketId: one?.number ?? null,
  }
}
