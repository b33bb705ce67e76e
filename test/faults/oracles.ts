import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'

type Row = { id: string; message_id: string | null; verdict: string; reason: string; created_message_id: string | null; sha256: string }

/**
 * The conservation oracle: each mail that we took is exactly one message or one quarantined item, whatever came again is
 * marked as a duplicate, and every file that a row names is there and whole. What is wrong, in words; [] when all is well.
 */
export async function checkConservation(db: pg.Client, dataDir: string, accepted: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<Row>('select id::text, message_id, verdict, reason, created_message_id::text, sha256 from inbound_mail')
  const wrong: string[] = []
  const byMessageId = Map.groupBy(rows, (row) => row.message_id ?? '')
  for (const messageId of accepted) {
    const entries = byMessageId.get(messageId) ?? []
    const kept = entries.filter((row) => ['created', 'followed-up', 'quarantined'].includes(row.verdict))
    const rest = entries.filter((row) => !kept.includes(row) && row.reason !== 'duplicate')
    if (kept.length !== 1) wrong.push(`${messageId} is ${kept.length} messages of ${entries.length} entries`)
    for (const row of rest) wrong.push(`${messageId}: entry ${row.id} is ${row.verdict} ${row.reason}`)
  }
  const made = rows.filter((row) => row.created_message_id !== null).length
  const messages = await db.query<{ n: string }>('select count(*) as n from message where inbound_mail_id is not null')
  if (Number(messages.rows[0]?.n) !== made) wrong.push(`${messages.rows[0]?.n} messages came of ${made} mails`)
  const attachments = await db.query<{ sha256: string }>('select sha256 from attachment')
  for (const sha256 of new Set([...rows, ...attachments.rows].map((row) => row.sha256)))
    if (!isWhole(dataDir, sha256)) wrong.push(`the file ${sha256} is missing or broken`)
  return wrong
}

function isWhole(dataDir: string, sha256: string): boolean {
  try {
    return (
      createHash('sha256')
        .update(readFileSync(join(dataDir, 'files', sha256.slice(0, 2), sha256)))
        .digest('hex') === sha256
    )
  } catch {
    return false
  }
}
