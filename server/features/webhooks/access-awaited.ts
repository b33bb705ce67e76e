import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'

/**
 * Which events any webhook waits for, remembered for five seconds: while there is none, a ticket that is saved costs
 * nothing more, and otherwise one job. On this node a change counts with its commit, on others within the five seconds.
 */
type Known = { types: ReadonlySet<string>; until: number }
const known = new WeakMap<Kernel, Known>()
const seconds = 5

export async function learnAwaited(context: Context): Promise<void> {
  const { kernel } = context
  const now = kernel.clock.now().epochMilliseconds
  if ((known.get(kernel)?.until ?? 0) > now) return
  const found = await sql<{ types: string[] }>`select firstline.webhook_types() as types`.execute(context.db)
  known.set(kernel, { types: new Set(found.rows[0]?.types), until: now + seconds * 1000 })
}

export const isAwaited = (kernel: Kernel, type: string): boolean => known.get(kernel)?.types.has(type) ?? false

export function forgetAwaited(context: Context): void {
  context.afterCommit(() => void known.delete(context.kernel))
}
