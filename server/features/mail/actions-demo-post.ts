import { sql } from 'kysely'
import type { Kernel } from '../../kernel/context.ts'
import { ownMailbox } from './access-addresses.ts'
import { keepArrival } from './actions-arrive.ts'
import type { Handed, MailTransport, Parcel } from './outside.ts'
import { parseMail } from './parse.ts'
import { messageIdIn } from './smtp-stream.ts'

/**
 * The post of the sample company: no mail leaves this machine, whatever SMTP_URL says. What is sent lies in the
 * mailboxes of its people (table demo_mail), to be opened and answered in the browser; what goes to the desk itself
 * comes in again.
 */
export async function keepPostHere(kernel: Kernel): Promise<boolean> {
  const demo = await kernel.asSystem(async ({ db }) => (await sql`select 1 from setting where name = 'demo'`.execute(db)).rows.length > 0)
  if (demo) Object.assign(kernel.outside, { mailTransport: demoPost(kernel), mailStaysHere: true })
  return demo
}

export function demoPost(kernel: Kernel): MailTransport {
  return async (parcel) => {
    const raw = await kernel.files.put(parcel.raw)
    const mail = await parseMail(parcel.raw)
    const recipients: Handed['recipients'] = []
    for (const address of parcel.to) {
      const own = await kernel.transactor.transaction((db) => ownMailbox(db, address), { reads: true })
      if (own) await comeIn(kernel, parcel, raw, own.id, address)
      else
        await kernel.asSystem(async ({ db, now }) => {
          await sql`insert into file (sha256, size, created_at) values (${raw.sha256}, ${raw.size}, ${now.toString()}) on conflict do nothing`.execute(
            db,
          )
          await sql`insert into demo_mail (at, address, sha256, from_name, from_address, subject)
            values (${now.toString()}, ${address}, ${raw.sha256}, ${mail.from?.name ?? ''}, ${mail.from?.address ?? ''}, ${mail.subject})`.execute(
            db,
          )
        })
      recipients.push({ address, state: 'sent', answer: 'Put into the sample mailbox.' })
    }
    return { recipients, answer: 'Put into the sample mailbox.' }
  }
}

async function comeIn(
  kernel: Kernel,
  parcel: Parcel,
  raw: { sha256: string; size: number },
  mailboxId: string,
  address: string,
): Promise<void> {
  const arrival = {
    source: 'demo',
    sourceKey: null,
    mailboxId,
    envelopeFrom: parcel.from,
    envelopeTo: [address],
    clientAddress: '127.0.0.1',
    clientName: 'localhost',
    messageId: messageIdIn(parcel.raw),
    raw,
  } as const
  await keepArrival(kernel, { ...arrival, envelopeTo: [address] })
}
