import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { machinesOf } from './access-addresses.ts'
import { addressedIn, type Facts, type Inbound } from './access-facts.ts'
import type { Outcome } from './actions-settle.ts'
import type { ParsedMail } from './parsed-mail.ts'
import { splitAddress } from './reply-address.ts'
import { machineKeyIn } from './rules-machine-address.ts'
import './events.ts'

/**
 * Mail of machines, to an address with a key. It is handed on in this transaction and ends here: no ticket of the post, no
 * answer, no requester, whoever sent it. Robots are welcome, so nothing that says "automatic" is looked at. The same mail
 * (Message-ID and content) counts once for a source; without a Message-ID nobody could tell it from the next one.
 */
export async function handToMachines(context: Context, inbound: Inbound, mail: ParsedMail, facts: Facts): Promise<Outcome | null> {
  const addressed = addressedIn(inbound, mail).filter((address) => machineKeyIn(address) !== undefined)
  if (addressed.length === 0) return null
  const machines = await machinesOf(context.db, [...new Set(addressed.map((address) => machineKeyIn(address)!))])
  const sourceIds = [...new Set(machines.flatMap(({ sourceId }) => (sourceId === null ? [] : [sourceId])))]
  if (sourceIds.length === 0) return meantForUs(inbound, addressed, facts) ? { verdict: 'quarantined', reason: 'unknown-alert-key' } : null
  const before = await toldBefore(context, inbound, mail)
  const fresh = sourceIds.filter((id) => !before.has(id))
  if (fresh.length === 0)
    return { verdict: 'ignored', reason: 'duplicate', detail: { of: facts.duplicate?.id ?? null, sources: sourceIds } }
  await context.record({
    type: 'mail.to-machine',
    subject: { kind: 'inbound-mail', id: inbound.id },
    audience: 'staff',
    data: { sourceIds: fresh },
    carry: { from: mail.from?.address ?? inbound.envelopeFrom, subject: mail.subject, text: mail.sealed?.text ?? mail.text },
  })
  return { verdict: 'alert', reason: 'alert', detail: { sources: fresh } }
}

/** Of a mail that was fetched only its head says where it went; whoever brings one himself was asked at the door. */
function meantForUs(inbound: Inbound, addressed: readonly string[], facts: Facts): boolean {
  const asked = inbound.source === 'smtp' ? addressed.filter((address) => inbound.envelopeTo.includes(address)) : addressed
  const own = new Set(facts.mailboxes.map((one) => splitAddress(one.address).base))
  return asked.some((address) => own.has(splitAddress(address).base))
}

async function toldBefore({ db }: Context, inbound: Inbound, mail: ParsedMail): Promise<ReadonlySet<string>> {
  if (mail.messageId === undefined) return new Set()
  const found = await sql<{ id: string }>`select jsonb_array_elements_text(d.detail -> 'sources') as id from inbound_mail d
    where d.message_id = ${mail.messageId} and d.id <> ${inbound.id} and d.verdict = 'alert' and d.content_hash = decode(${mail.contentHash}, 'hex')`.execute(
    db,
  )
  return new Set(found.rows.map((row) => row.id))
}
