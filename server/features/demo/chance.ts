/** Chance that comes out the same each time for the same seed (mulberry32). */
export type Chance = {
  /** From 0 up to, not including, 1. */
  roll(): number
  /** Whole number from `from` to `to`, both possible. */
  between(from: number, to: number): number
  is(probability: number): boolean
  pick<T>(from: readonly T[]): T
  weighted<T>(from: readonly (readonly [T, number])[]): T
  shuffled<T>(from: readonly T[]): T[]
  /** A stream of its own, so that a change in one place does not move all others. */
  branch(name: string): Chance
}

export function chanceOf(seed: string): Chance {
  let state = hash(seed)
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (from: number, to: number) => from + Math.floor(roll() * (to - from + 1))
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new Error('Nothing to pick from.')
    return from[between(0, from.length - 1)] as T
  }
  return {
    roll,
    between,
    pick,
    is: (probability) => roll() < probability,
    weighted(from) {
      let left = roll() * from.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [item, weight] of from) {
        left -= weight
        if (left < 0) return item
      }
      return from[from.length - 1]![0]
    },
    shuffled(from) {
      const order = [...from]
      for (let i = order.length - 1; i > 0; i--) {
        const j = between(0, i)
        const kept = order[i] as never
        order[i] = order[j] as never
        order[j] = kept
      }
      return order
    },
    branch: (name) => chanceOf(`${seed}/${name}`),
  }
}

function hash(text: string): number {
  let value = 2166136261
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 16777619)
  return value
}
