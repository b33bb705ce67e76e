/**
 * A list of several pages after some of its tickets changed: which pages to ask for anew, and how an answer takes its
 * place. Pure. Page marks are places in the order, not counts, so each page can be asked for by itself; the pages after
 * it keep their marks.
 */
type Row = { id: string }
export type ListPage<R extends Row> = { items: R[]; next: string | null }
export type ListPages<R extends Row> = { pages: ListPage<R>[]; pageParams: unknown[] }
export type Sort = 'newest' | 'changed' | 'waiting'

/** Where a changed ticket is, and where it may have come to. */
export function pagesToAsk<R extends Row>({ pages }: ListPages<R>, changed: ReadonlySet<string>, sort: Sort): number[] {
  // A wait may begin, end, or be as long as before again: it can have come to any place.
  if (sort === 'waiting') return pages.map((_, at) => at)
  const asked = new Set<number>(sort === 'changed' ? [0] : [])
  for (const id of changed) {
    const at = pages.findIndex((page) => page.items.some((row) => row.id === id))
    if (at >= 0) asked.add(at)
    else if (sort === 'newest') for (const near of pagesNear(pages, id)) asked.add(near)
  }
  return [...asked].filter((at) => at in pages).sort((a, b) => a - b)
}

/** Newest first is by number: the first page that ends below it, or the one before, whose last rows may have left it. */
function pagesNear<R extends Row>(pages: readonly ListPage<R>[], id: string): number[] {
  const at = pages.findIndex(({ items }) => BigInt(items.at(-1)?.id ?? 0) < BigInt(id))
  return at >= 0 ? [at - 1, at] : [pages.length - 1]
}

/** So many rows hold all of the page's unchanged ones, whichever of the changed have come between them. */
export const rowsToAsk = <R extends Row>(page: ListPage<R> | undefined, changed: ReadonlySet<string>, least: number): number =>
  Math.max(least, (page?.items.length ?? 0) + changed.size)

/** Puts a fresh answer in place of a kept page, as far as the next page begins. */
export function putPage<R extends Row>(kept: ListPages<R>, at: number, fresh: ListPage<R>, changed: ReadonlySet<string>): ListPages<R> {
  const later = new Set(kept.pages.slice(at + 1).flatMap((page) => page.items.map((row) => row.id)))
  const end = fresh.items.findIndex((row) => later.has(row.id) && !changed.has(row.id))
  const items = end < 0 ? fresh.items : fresh.items.slice(0, end)
  const moved = new Set(items.map((row) => row.id).filter((id) => changed.has(id)))
  const pages = kept.pages.map((page, i) => {
    if (i === at) return { items, next: at < kept.pages.length - 1 ? page.next : fresh.next }
    return page.items.some((row) => moved.has(row.id)) ? { ...page, items: page.items.filter((row) => !moved.has(row.id)) } : page
  })
  return { ...kept, pages }
}
