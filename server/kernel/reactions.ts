import type { Context, Reaction, ReactionTable } from './context.ts'
import type { EventType, NewEvent, QueuedJob } from './events.ts'

/**
 * What a feature does when something happened. now: own tables, in this transaction, so that the answer already
 * carries it. later: returns jobs, which the kernel adds in one call.
 */
export type ReactionTo<T extends EventType> = {
  now?: (context: Context, event: NewEvent<T>) => Promise<void>
  later?: (context: Context, event: NewEvent<T>) => QueuedJob | QueuedJob[] | undefined
}
export type Reactions = { [T in EventType]?: ReactionTo<T> }
export const reactions = (own: Reactions): Reactions => own

/** All features' reactions, in the order of app.ts. */
export function reactionTable(all: Reactions[]): ReactionTable {
  const table = new Map<string, Reaction[]>()
  for (const own of all)
    for (const [type, reaction] of Object.entries(own)) table.set(type, [...(table.get(type) ?? []), reaction as Reaction])
  return table
}
