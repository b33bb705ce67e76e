import { invalid } from '../../kernel/problem.ts'

/** Lists by name: the cursor is the name and id of the last row, so that a page is never found by counting. */
export type NameCursor = { name: string; id: string }

export function cursorFrom(after: string | undefined): NameCursor | undefined {
  if (after === undefined) return undefined
  try {
    const [name, id] = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as unknown[]
    if (typeof name === 'string' && typeof id === 'string' && /^\d{1,18}$/.test(id)) return { name, id }
  } catch {}
  throw invalid('query.after', 'invalid_cursor', 'This page does not exist.')
}

/** Rows were fetched with one more than the page holds: that one says there is a next page. */
export function pageOf<Row extends { id: string; name: string }>(rows: Row[], limit: number): { items: Row[]; next: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  if (rows.length <= limit || !last) return { items, next: null }
  return { items, next: Buffer.from(JSON.stringify([last.name, last.id])).toString('base64url') }
}
