import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { type Note, pushTo } from '../paging/actions-push.ts'
import { dueNotices } from './access-due.ts'
import { toldBy } from './actions-mail.ts'
import { onePerTicket, pushWords } from './rules.ts'
import { heldUntil } from './rules-choices.ts'

/**
 * Pushes what stayed unread to those who chose that: one message a minute and person. It is marked before it is sent,
 * so that it never comes twice; one that is lost on the way is still behind the bell.
 */
export async function pushDueNotices(kernel: Kernel): Promise<void> {
  const notes = await kernel.asSystem((context) => taken(context))
  for (const note of notes) await pushTo(kernel, note)
}

async function taken(context: Context): Promise<Note[]> {
  const due = await dueNotices(context, 'push')
  const held = due.flatMap((row) => {
    const until = heldUntil(row.reason, row.chosen, context.now)
    return until === null ? [] : [{ id: row.id, until: until.toString() }]
  })
  const heldIds = new Set(held.map(({ id }) => id))
  const going = due.filter((row) => !heldIds.has(row.id))
  await sql`update notice n set push_due_at = w.until from jsonb_to_recordset(${JSON.stringify(held)}::jsonb) w (id bigint, until timestamptz) where n.id = w.id`.execute(
    context.db,
  )
  await sql`update notice set pushed_at = ${context.now.toString()}::timestamptz where id = any(${going.map(({ id }) => id)}::bigint[])`.execute(
    context.db,
  )
  const { baseUrl } = context.kernel.settings
  const wanted = going.filter((row) => row.seen && row.chosen.byPush.includes(row.reason))
  return [...Map.groupBy(wanted, (row) => row.personId)].map(([personId, rows]) => {
    const { path, ...said } = pushWords(onePerTicket(rows.map(toldBy)), rows[0]!.language)
    return { personId, ...said, url: baseUrl + path, language: rows[0]!.language, key: `notice-${rows.at(-1)!.id}` }
  })
}
