import { sql } from 'kysely'
import type { Actor } from '../../kernel/actor.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import { visibleAsStaff, visibleTo } from '../tickets/access-visibility.ts'
import { picturesIn } from './picture-addresses.ts'

/** A message's pictures of the web are for whoever sees the message: staff and its readers in the portal. */
const readable = (actor: Actor) =>
  sql`m.withdrawn_at is null and ${visibleTo(actor)} and (m.audience = 'everyone' or ${visibleAsStaff(actor)})`

export async function accessPictures(context: Context, messageId: string): Promise<(string | null)[]> {
  const found = await sql<{ html: string | null }>`select m.html from message m join ticket t on t.id = m.ticket_id
    where m.id = ${messageId} and ${readable(context.actor)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return picturesIn(found.rows[0].html ?? '')
}

/** Asked again for each picture: an address that was given an hour ago is no right. */
export async function mayStillSee(kernel: Kernel, actor: Actor, messageId: string): Promise<boolean> {
  return kernel.asSystem(async ({ db }) => {
    const found =
      await sql`select 1 from message m join ticket t on t.id = m.ticket_id where m.id = ${messageId} and ${readable(actor)}`.execute(db)
    return found.rows.length > 0
  })
}
