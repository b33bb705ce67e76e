import type { Query } from '@tanstack/react-query'

/**
 * When a stream begins, what was read at or after its position is not old. `<process>.<count>`: the server says it with
 * each answer that staff read, and with what it tells on the stream. Positions of two processes cannot be compared.
 */
const readAt = new WeakMap<object, string>()
const byKey = new Map<string, string>()
let heardTo: string | undefined
let lookedAt: string | undefined

const isAtLeast = (one: string | undefined, other: string): boolean => {
  const [process, count] = other.split('.')
  const [own, reached] = one?.split('.') ?? []
  return own === process && Number(reached) >= Number(count)
}

/** An answer as it came, before a query takes it in. */
export function noteAnswer(answer: unknown, position: string | null): void {
  if (position !== null && answer !== null && typeof answer === 'object') readAt.set(answer, position)
}

/**
 * The query keeps what it has when the new answer says the same, so the position is kept by the query's name; further
 * pages of a list leave the first one's. True: the stream began while this was on its way, and it may lack something.
 */
export function noteQuery(hash: string, answer: unknown, further: boolean): boolean {
  const position = typeof answer === 'object' && answer !== null ? readAt.get(answer) : undefined
  if (further && byKey.has(hash)) return false
  if (position === undefined) byKey.delete(hash)
  else byKey.set(hash, position)
  return position !== undefined && lookedAt !== undefined && !isAtLeast(position, lookedAt)
}

/** Of what is no longer kept. */
export const forgetQuery = (hash: string): void => void byKey.delete(hash)

/** The stream has told everything up to here; `began`: or will tell it from here. */
export function noteHeard(position: string | undefined, began: boolean): void {
  if (position !== undefined) heardTo = position
  if (began) lookedAt = position
}

export const isOlder = (query: Query, position: string | undefined): boolean =>
  position === undefined ||
  !(isAtLeast(byKey.get(query.queryHash), position) || (byKey.has(query.queryHash) && isAtLeast(heardTo, position)))
