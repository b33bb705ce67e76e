import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { type SomeStanding, standingsOf } from './access-seen.ts'
import { worldAt } from './access-world.ts'
import { allowed, type ClockFacts, isOver, usedOf } from './rules-clock.ts'
import { fold, nextTarget, step } from './rules-fold.ts'
import { clockRow, dueRow, type Json, momentRow, sameMoment } from './rules-kept.ts'
import { byTermsOfNow } from './rules-recount.ts'
import { keyOf, type Moment, type World } from './rules-terms.ts'

/** Of a change of many: the clocks of all of them are moved at its end, with one statement that reads and one that writes. */
const gathered = new WeakMap<Context, Map<string, boolean>>()

/** The clocks of a ticket, on by one moment: one statement reads, one writes, whatever they are. */
export async function moveClocks(context: Context, ticketId: string, { replied = false } = {}): Promise<void> {
  // The year of the sample company and imports are written without clocks; open tickets get theirs afterwards.
  if (context.past) return
  if (!context.many) return moveAll(context, new Map([[ticketId, replied]]))
  const all = gathered.get(context) ?? new Map<string, boolean>()
  gathered.set(context, all)
  all.set(ticketId, replied || (all.get(ticketId) ?? false))
  context.atEnd('sla.clocks', () => {
    gathered.delete(context)
    return moveAll(context, all)
  })
}

type Written = { moments: Json[]; clocks: Json[]; due: Json }
async function moveAll(context: Context, replied: ReadonlyMap<string, boolean>): Promise<void> {
  const written: Written[] = []
  for (const standing of await standingsOf(context, [...replied.keys()])) {
    const one = await movedOn(context, standing, replied.get(standing.ticketId) ?? false)
    if (one) written.push(one)
  }
  if (written.length === 0) return
  await keepClocks(context, {
    moments: written.flatMap(({ moments }) => moments),
    clocks: written.flatMap(({ clocks }) => clocks),
    dues: written.map(({ due }) => due),
  })
}

async function movedOn(context: Context, { ticketId, ...standing }: SomeStanding, replied: boolean): Promise<Written | null> {
  const history = [...standing.history, ...standing.created]
  const last = history.at(-1)
  const marks = replied ? [...standing.seen.marks, 'replied' as const] : standing.seen.marks
  // A clock that was set back adds nothing: time stands until it is caught up with.
  const seen: Moment = { ...standing.seen, marks, at: Math.max(standing.seen.at, last?.at ?? 0) }
  if (last && standing.created.length === 0 && sameMoment(last, seen)) return null
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
  return { moments, clocks: kept.map(clockRow), due: dueOfTicket(world, ticketId, kept) }
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
