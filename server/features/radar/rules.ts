/** Pure rules of the radar: what belongs together, what is unusual, what it cost, where it goes. */
export type Cluster = { stems: string[]; ids: string[] }

const overlap = (a: readonly string[], b: ReadonlySet<string>): number => a.reduce((sum, id) => sum + (b.has(id) ? 1 : 0), 0)

/**
 * Groups of tickets that share words, found word by word or pair by pair, made into issues: the largest first, and each
 * later one that lies at least half within an earlier one becomes part of it. The same groups give the same issues,
 * whatever their order.
 */
export function clusters(groups: readonly Cluster[], most = 300): Cluster[] {
  const found: { stems: string[]; ids: Set<string> }[] = []
  const holders = new Map<string, Set<number>>()
  const sorted = [...groups].sort((a, b) => b.ids.length - a.ids.length || a.stems.join(' ').localeCompare(b.stems.join(' ')))
  for (const group of sorted) {
    const near = new Set(group.ids.flatMap((id) => [...(holders.get(id) ?? [])]))
    const home = [...near].sort((a, b) => a - b).find((n) => overlap(group.ids, found[n]!.ids) * 2 >= group.ids.length)
    if (home === undefined && found.length >= most) continue
    const nth = home ?? found.push({ stems: [], ids: new Set() }) - 1
    const into = found[nth]!
    for (const stem of group.stems) if (!into.stems.includes(stem) && into.stems.length < 6) into.stems.push(stem)
    for (const id of group.ids) {
      into.ids.add(id)
      holders.set(id, (holders.get(id) ?? new Set()).add(nth))
    }
  }
  return found.map(({ stems, ids }) => ({ stems, ids: [...ids] }))
}

/** The issue that a cluster already is: the one that shares most tickets with it, at least half of the smaller. */
export function sameIssue(cluster: Cluster, known: readonly { id: string; ticketIds: readonly string[] }[]): string | null {
  const own = new Set(cluster.ids)
  let best: { id: string; shared: number } | null = null
  for (const one of known) {
    const shared = overlap(one.ticketIds, own)
    if (shared === 0 || shared * 2 < Math.min(own.size, one.ticketIds.length)) continue
    if (best === null || shared > best.shared || (shared === best.shared && BigInt(one.id) < BigInt(best.id))) best = { id: one.id, shared }
  }
  return best?.id ?? null
}

const burstTickets = 5
const burstPeople = 3
const rareShare = 0.08

/** A word in many tickets of one hour, by several people, that is not usual: three times what its share would bring. */
export const isBurst = (word: { tickets: number; people: number; share: number }, inTheHour: number): boolean =>
  word.tickets >= burstTickets && word.people >= burstPeople && word.share <= rareShare && word.tickets >= 3 * inTheHour * word.share

/** Those that firstline.telling_words cuts off. */
const endings = new Set(['', 'es', 'en', 'e', 's'])

/** How a stem is written: the first word of the texts that it was cut from. */
export function writtenAs(stem: string, texts: readonly string[]): string {
  for (const text of texts)
    for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu)) {
      const plain = fold(word)
      if (plain.startsWith(stem) && endings.has(plain.slice(stem.length))) return word
    }
  return stem
}
const fold = (text: string) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')

/** Tickets of each of thirteen weeks, the oldest first; ages in whole days. */
export function weeksOf(ages: readonly number[]): number[] {
  const weeks = Array<number>(13).fill(0)
  for (const age of ages) {
    const at = 12 - Math.floor(Math.max(0, age) / 7)
    if (at >= 0) weeks[at]! += 1
  }
  return weeks
}

/** The last two weeks beside the two before; a difference of one is chance. */
export function trendOf(weeks: readonly number[]): 'rising' | 'steady' | 'falling' {
  const sum = (from: number, to: number) => weeks.slice(from, to).reduce((a, b) => a + b, 0)
  const [now, before] = [sum(11, 13), sum(9, 11)]
  if (Math.abs(now - before) <= 1) return 'steady'
  return now > before ? 'rising' : 'falling'
}
