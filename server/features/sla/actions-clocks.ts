import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { standingOf } from './access-seen.ts'
import { worldAt } from './access-world.ts'
import { allowed, type ClockFacts, isOver, usedOf } from './rules-clock.ts'
import { fold, nextTarget, step } from './rules-fold.ts'
import { clockRow, dueRow, type Json, momentRow, sameMoment } from './rules-kept.ts'
import { byTermsOfNow } from './rules-recount.ts'
import { keyOf, type Moment, type World } from './rules-terms.ts'

/** The clocks of one ticket, on by one moment: one statement reads, one writes, whatever they are. */
export async function moveClocks(context: Context, ticketId: string, { replied = false } = {}): Promise<void> {
  // The year of the sample company and imports are written without clocks; open tickets get theirs afterwards.
  if (context.past) return
  const standing = await standingOf(context, ticketId)
  if (!standing) return
  const history = [...standing.history, ...standing.created]
  const last = history.at(-1)
  const marks = replied ? [...standing.seen.marks, 'replied' as const] : standing.seen.marks
  // A clock that was set back adds nothing: time stands until it is caught up with.
  const seen: Moment = { ...standing.seen, marks, at: Math.max(standing.seen.at, last?.at ?? 0) }
  if (last && standing.created.length === 0 && sameMoment(last, seen)) return
  const world = await worldAt(context, standing.edition)
  const open = byTermsOfNow(world, history, standing.open, seen.at)
  const clocks =
    standing.created.length > 0
      ? fromTheStart(world, history, seen)
      : [
          ...open.filter(isOver),
          ...step(
            world,
            open.filter((clock) => !isOver(clock)),
            history,
            seen,
          ),
        ]
  const kept = clocks
    .filter((clock) => clock.id !== null || !(isOver(clock) && clock.state === 'cancelled'))
    .map((clock) => ({ ...clock, ticketId }))
  const moments = [...standing.created, seen].map((moment) => momentRow(ticketId, moment))
  await keepClocks(context, { moments, clocks: kept.map(clockRow), dues: [dueOfTicket(world, ticketId, kept)] })
}

function fromTheStart(world: World, history: readonly Moment[], seen: Moment): ClockFacts[] {
  const { over, open } = fold(world, [...history, seen])
  return [...over, ...open]
}

export const dueOfTicket = (world: World, ticketId: string, clocks: readonly ClockFacts[]): Json => {
  const next = nextTarget(clocks)
  const ready = next && world.byKey.get(keyOf(next.agreementId, next.ruleKey))
  return dueRow(ticketId, next, ready && next ? allowed(world, ready, next) - usedOf(ready, next) : null, ready?.rule.clock === 'calendar')
}
export async function keepClocks(
  { db }: Context,
  { moments, clocks, dues }: { moments: Json[]; clocks: Json[]; dues: Json[] },
): Promise<void> {
  await sql`select firstline.sla_keep(${JSON.stringify(moments)}::jsonb, ${JSON.stringify(clocks)}::jsonb, ${JSON.stringify(dues)}::jsonb)`.execute(
    db,
  )
}
