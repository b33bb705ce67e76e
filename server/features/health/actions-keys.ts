import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import './events.ts'

/**
 * Seals every secret of the database anew with the current key. Where they are is not written down anywhere: what opens
 * with a key at its own place is one, and nothing else does (AES-GCM authenticates). So no feature can be forgotten.
 * Each piece is a transaction of its own, and what is sealed anew already is left: it may be interrupted and run again.
 */
type Column = { table: string; column: string; key: string; binary: boolean }

const atOnce = 200

export async function resealAll(kernel: Kernel): Promise<number> {
  let count = 0
  for (const column of await kernel.asSystem(sealableColumns)) {
    for (let after: string | null = null; ; ) {
      const piece = await kernel.asSystem((context) => resealPiece(context, column, after))
      count += piece.count
      if (piece.last === null) break
      after = piece.last
      await failpoint('keys.between-pieces')
    }
  }
  await kernel.asSystem((context) =>
    context.record({ type: 'key.changed', subject: { kind: 'key', id: '0' }, audience: 'staff', data: { secrets: count } }),
  )
  return count
}

/** Binary columns of tables with one column as their key; a hash is no secret that could be opened. */
async function sealableColumns(context: Context): Promise<Column[]> {
  const found =
    await sql<Column>`select c.table_name as "table", c.column_name as "column", k.attname as key, k.atttypid = 'bytea'::regtype as binary
    from information_schema.columns c join pg_index i on i.indrelid = format('%I.%I', c.table_schema, c.table_name)::regclass and i.indisprimary and i.indnkeyatts = 1
      join pg_attribute k on k.attrelid = i.indrelid and k.attnum = i.indkey[0]
    where c.table_schema = 'public' and c.data_type = 'bytea' and c.column_name <> k.attname and c.column_name !~ '(^|_)hash$' order by 1, 2`.execute(
      context.db,
    )
  return found.rows
}

async function resealPiece(
  context: Context,
  { table, column, key, binary }: Column,
  after: string | null,
): Promise<{ count: number; last: string | null }> {
  const [of, its, by] = [sql.table(table), sql.ref(column), sql.ref(key)]
  const asText = binary ? sql`encode(${by}, 'hex')` : sql`${by}::text`
  const value = (text: string) => (binary ? sql`decode(${text}, 'hex')` : sql`${text}::bigint`)
  const found = await sql<{ row: string; sealed: Buffer }>`select ${asText} as row, ${its} as sealed from ${of}
    where length(${its}) >= 29 and get_byte(${its}, 0) = 1 ${after === null ? sql`` : sql`and ${by} > ${value(after)}`}
    order by ${by} limit ${sql.lit(atOnce)} for update`.execute(context.db)
  let count = 0
  for (const { row, sealed } of found.rows) {
    const anew = context.kernel.secrets.reseal(sealed, { table, column, row })
    if (!anew) continue
    await sql`update ${of} set ${its} = ${anew} where ${by} = ${value(row)}`.execute(context.db)
    count++
  }
  return { count, last: found.rows.length < atOnce ? null : (found.rows.at(-1)?.row ?? null) }
}
