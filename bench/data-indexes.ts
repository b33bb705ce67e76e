import type pg from 'pg'

/** Big fills are quicker without the GIN indexes of search, which are then built at once. */
export async function withoutSearchIndexes(db: pg.Client, fill: () => Promise<void>): Promise<void> {
  const kept = await db.query<{ indexdef: string; indexname: string }>(
    `select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = 'search_document' and indexdef ilike '%using gin%'`,
  )
  for (const { indexname } of kept.rows) await db.query(`drop index "${indexname}"`)
  await fill()
  await db.query("set maintenance_work_mem = '512MB'")
  for (const { indexdef } of kept.rows) await db.query(indexdef)
}
