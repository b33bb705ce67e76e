import { sql } from 'kysely'
import PostalMime from 'postal-mime'
import type { Context, Kernel, Outside } from '../../kernel/context.ts'

/** In the sample company nothing leaves the machine: what the outbox sends lands in the sample people's mailboxes. */
export function sampleMailTransport(kernel: Kernel): NonNullable<Outside['mailTransport']> {
  return async ({ to, raw }) => {
    const mail = await PostalMime.parse(raw)
    const kept = await kernel.files.put(raw)
    await kernel.asSystem(async ({ db, now }) => {
      await sql`insert into file (sha256, size, created_at) values (${kept.sha256}, ${kept.size}, ${now.toString()}) on conflict do nothing`.execute(db)
      await sql`insert into demo_mail (at, address, sha256, from_name, from_address, subject)
        select ${now.toString()}::timestamptz, x, ${kept.sha256}, ${mail.from?.name ?? ''}, ${mail.from?.address ?? ''}, ${mail.subject ?? ''} from unnest(${to}::text[]) x`.execute(db)
    })
    const answer = '250 2.0.0 Put into the mailbox of the sample company'
    return { recipients: to.map((address) => ({ address, state: 'sent' as const, answer })), answer }
  }
}

export async function markMailRead(context: Context, id: string): Promise<void> {
  await sql`update demo_mail set read_at = ${context.now.toString()} where id = ${id} and read_at is null`.execute(context.db)
}
