import { sql } from 'kysely'
import type { Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import type { Stored } from '../../kernel/files.ts'
import { job } from '../../kernel/jobs.ts'

/**
 * The durable inbox. The bytes are on disk before this is called; the row and the job that judges it are committed
 * before it returns, and only then is the mail acknowledged to whoever brought it. Mails that arrive while a commit is
 * under way share the next one.
 */
export type Arrival = {
  source: 'smtp' | 'imap' | 'demo' | 'import'
  /** What makes a fetched mail the same mail; null where the bringer keeps it until we say 250. */
  sourceKey: string | null
  mailboxId: string | null
  envelopeFrom: string
  envelopeTo: string[]
  clientAddress: string
  clientName: string
  messageId: string | null
  raw: Stored
}
type Waiting = { arrival: Arrival; resolve: (id: string | null) => void; reject: (cause: unknown) => void }

const queues = new WeakMap<Kernel, { waiting: Waiting[]; running: boolean }>()
const mostTogether = 50

/** The journal id; null when the same fetched mail is there already. Rejects when it is not safely stored. */
export function keepArrival(kernel: Kernel, arrival: Arrival): Promise<string | null> {
  const queue = queues.get(kernel) ?? { waiting: [], running: false }
  queues.set(kernel, queue)
  return new Promise((resolve, reject) => {
    queue.waiting.push({ arrival, resolve, reject })
    if (!queue.running) void commitWaiting(kernel, queue)
  })
}

async function commitWaiting(kernel: Kernel, queue: { waiting: Waiting[]; running: boolean }): Promise<void> {
  queue.running = true
  while (queue.waiting.length > 0) {
    const batch = queue.waiting.splice(0, mostTogether)
    await commit(kernel, batch).catch(async (cause) => {
      // One that cannot be stored must not take the others with it.
      if (batch.length === 1) return batch[0]?.reject(cause)
      for (const one of batch) await commit(kernel, [one]).catch((own) => one.reject(own))
    })
  }
  queue.running = false
}

async function commit(kernel: Kernel, batch: Waiting[]): Promise<void> {
  await failpoint('mail.before-arrival')
  const ids = await kernel.asSystem(async (context) => {
    const rows = batch.map(({ arrival: a }, n) => ({
      n,
      source: a.source,
      source_key: a.sourceKey,
      mailbox_id: a.mailboxId,
      envelope_from: plain(a.envelopeFrom, 320),
      envelope_to: a.envelopeTo.slice(0, 200).map((one) => plain(one, 320)),
      client_address: plain(a.clientAddress, 100),
      client_name: plain(a.clientName, 300),
      sha256: a.raw.sha256,
      size: a.raw.size,
      message_id: a.messageId,
    }))
    const made = await sql<{ n: number; id: string }>`
      with a as (select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as a (n int, source text, source_key text, mailbox_id bigint, envelope_from text,
          envelope_to text[], client_address text, client_name text, sha256 text, size bigint, message_id text)),
        f as (insert into file (sha256, size, created_at) select distinct sha256, size, ${context.now.toString()}::timestamptz from a on conflict do nothing),
        i as (insert into inbound_mail (received_at, source, source_key, mailbox_id, envelope_from, envelope_to, client_address, client_name, sha256, size, message_id)
          select ${context.now.toString()}::timestamptz, source, source_key, mailbox_id, envelope_from, envelope_to, client_address, client_name, sha256, size, message_id
          from a order by n on conflict (source_key) do nothing returning id)
      select (row_number() over (order by i.id) - 1)::int as n, i.id from i order by i.id`.execute(context.db)
    const complete = made.rows.length === rows.length
    if (!complete && rows.length > 1) throw new Error('A fetched mail is there already.')
    for (const row of made.rows) context.later(job('mail.judge', { inboundMailId: row.id }, { key: `mail.judge:${row.id}` }))
    await failpoint('mail.before-arrival-commit')
    return made.rows.map((row) => row.id)
  })
  await failpoint('mail.after-arrival-commit')
  for (const [n, one] of batch.entries()) one.resolve(ids[n] ?? null)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what PostgreSQL cannot store or a log must not show
const plain = (text: string, longest: number): string => text.replace(/[\u0000-\u001f\u007f]/g, '').slice(0, longest)
