import { describe, expect, it } from 'vitest'
import { type ListPage, type ListPages, pagesToAsk, putPage, rowsToAsk, type Sort } from './list-pages.ts'

/** A desk in memory: what the server's keyset pages would give, for the three orders. */
type Ticket = { id: string; open: boolean; changedAt: number; waitingSince: number | null }
const size = 4
const late = Number.MAX_SAFE_INTEGER
const keys: Record<Sort, (t: Ticket) => [number, number]> = {
  newest: (t) => [0, -Number(t.id)],
  changed: (t) => [-t.changedAt, -Number(t.id)],
  waiting: (t) => [t.waitingSince ?? late, Number(t.id)],
}
const before = (a: [number, number], b: [number, number]) => a[0] - b[0] || a[1] - b[1]
const inOrder = (all: readonly Ticket[], sort: Sort) => all.filter((t) => t.open).sort((a, b) => before(keys[sort](a), keys[sort](b)))

function pageAfter(all: readonly Ticket[], sort: Sort, mark: string | undefined, limit = size): ListPage<Ticket> {
  const rest = inOrder(all, sort).filter((t) => mark === undefined || before(JSON.parse(mark), keys[sort](t)) < 0)
  const items = rest.slice(0, limit).map((t) => ({ ...t }))
  const last = items.at(-1)
  return { items, next: rest.length > limit && last ? JSON.stringify(keys[sort](last)) : null }
}

function chanceFrom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

/** What happens to tickets between two looks; gives whom it happened to. */
function happen(all: Ticket[], now: number, chance: (below: number) => number): Set<string> {
  const changed = new Set<string>()
  for (let n = 1 + chance(3); n > 0; n--) {
    if (chance(3) === 0) {
      const id = String(1001 + all.length)
      all.push({ id, open: true, changedAt: now, waitingSince: now })
      changed.add(id)
      continue
    }
    const ticket = all[chance(all.length)]!
    ticket.changedAt = now
    if (chance(3) === 0) ticket.open = !ticket.open
    else ticket.waitingSince = [null, now, ticket.waitingSince][chance(3)] ?? null
    changed.add(ticket.id)
  }
  return changed
}

describe('a live list', () => {
  it.each<Sort>(['newest', 'changed', 'waiting'])('ordered by %s is after every change what a full look would give', (sort) => {
    for (let seed = 1; seed <= 60; seed++) {
      const chance = chanceFrom(seed)
      const all = Array.from({ length: 22 }, (_, n): Ticket => {
        const at = chance(50)
        return { id: String(1001 + n), open: chance(4) > 0, changedAt: at, waitingSince: chance(2) ? at : null }
      })
      let kept: ListPages<Ticket> = { pages: [pageAfter(all, sort, undefined)], pageParams: [undefined] }
      for (let now = 100; now < 140; now++) {
        const mark = kept.pages.at(-1)?.next
        if (chance(4) === 0 && mark) kept = { pages: [...kept.pages, pageAfter(all, sort, mark)], pageParams: [...kept.pageParams, mark] }
        const changed = happen(all, now, chance)
        for (const at of pagesToAsk(kept, changed, sort))
          kept = putPage(
            kept,
            at,
            pageAfter(all, sort, kept.pageParams[at] as string | undefined, rowsToAsk(kept.pages[at], changed, size)),
            changed,
          )
        const shown = kept.pages.flatMap((page) => page.items)
        const whole = inOrder(all, sort)
        const told = `seed ${seed}, look ${now}`
        expect(shown, told).toEqual(whole.slice(0, shown.length))
        if (kept.pages.at(-1)?.next === null) expect(shown.length, told).toBe(whole.length)
      }
    }
  })

  it('asks for one page of five when one ticket changed, not for all', () => {
    const all = Array.from({ length: 20 }, (_, n): Ticket => ({ id: String(1001 + n), open: true, changedAt: n, waitingSince: null }))
    const pages = Array.from({ length: 5 }, (_, n) => ({ items: inOrder(all, 'newest').slice(n * 4, n * 4 + 4), next: 'x' }))
    const kept = { pages, pageParams: [] }
    expect(pagesToAsk(kept, new Set(['1010']), 'newest')).toEqual([2])
    expect(pagesToAsk(kept, new Set(['1021']), 'newest')).toEqual([0])
    expect(pagesToAsk(kept, new Set(['1010']), 'changed')).toEqual([0, 2])
    expect(pagesToAsk(kept, new Set(['1000']), 'newest')).toEqual([4])
  })
})
