import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

/**
 * A ticket that was removed and not brought back is erased after thirty days (tickets.sweep). Of its mails the journal
 * keeps the line with the verdict; who wrote what goes, and the raw mail: no row names the file any more, so the nightly
 * sweep deletes it.
 */
export async function eraseRaw(context: Context): Promise<void> {
  await sql`update inbound_mail set sha256 = null, subject = '', from_name = '' where id in (
    select id from inbound_mail where detail ? 'erased' and sha256 is not null order by id limit 5000)`.execute(context.db)
}
