import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { type Excluded, leftOutOf, listOf } from './access-counts.ts'
import { countable, type Scope } from './access-scope.ts'

/** What is open, or missed and open, at moments: counted once where the time begins, and followed by what each day added and took. */
type Lasting = 'open' | 'late'
const heldIn = { open: "p.state = 'held'", late: 'false' }
const ofAny = (of: Lasting): RawBuilder<unknown> => (of === 'late' ? sql`and p.target = 'any'` : sql``)

export type Open = { open: number; held: number }
export type OpenDays = { before: Open; days: Map<string, Open>; now: Open; excluded: Excluded }
type Moved = { name: string; came: number; came_held: number; went: number; went_held: number }

const openAt = (moment: unknown): RawBuilder<unknown> =>
  sql`p.from_at < ${String(moment)}::timestamptz and p.until_at >= ${String(moment)}::timestamptz`
const both = (of: Lasting, what: string) => sql.raw(`count(*)::int as ${what}, count(*) filter (where ${heldIn[of]})::int as ${what}_held`)
type Moments = { first: number; first_held: number; second: number; second_held: number }

/** How many were open at two moments, the earlier one first; read once. */
async function openAtBoth(
  context: Context,
  scope: Scope,
  of: Lasting,
  [first, second]: [string, string],
): Promise<Record<'first' | 'second', Open>> {
  const { from, where } = countable(context, scope, of)
  const at = (moment: string, what: string) => sql`count(*) filter (where ${openAt(moment)})::int as ${sql.ref(what)},
    count(*) filter (where ${openAt(moment)} and ${sql.raw(heldIn[of])})::int as ${sql.ref(`${what}_held`)}`
  const found = await sql<Moments>`select ${at(first, 'first')}, ${at(second, 'second')} from ${from}
    where p.until_at >= ${first}::timestamptz and p.from_at < ${second}::timestamptz and t.why is null ${ofAny(of)} and ${where}`.execute(
    context.db,
  )
  const row = found.rows[0] ?? { first: 0, first_held: 0, second: 0, second_held: 0 }
  return { first: { open: row.first, held: row.first_held }, second: { open: row.second, held: row.second_held } }
}

/** How many were open when the time began, and what each day added and took. */
export async function openDays(context: Context, scope: Scope, of: Lasting): Promise<OpenDays> {
  const source = countable(context, scope, of)
  const moved = (what: string, at: RawBuilder<unknown>) => sql`cross join lateral (select ${both(of, what)} from ${source.from}
    where ${at} >= d.start_at and ${at} < d.end_at and t.why is null ${ofAny(of)} and ${source.where}) ${sql.ref(what)}`
  const [open, days, excluded] = await Promise.all([
    // The time before ends when this one begins, or earlier where this one still runs.
    openAtBoth(context, scope, of, [String(scope.beforeEnd), String(scope.start)]),
    sql<Moved>`select d.name, came, came_held, went, went_held from ${listOf(scope.days)} ${moved('came', sql`p.from_at`)} ${moved('went', sql`p.until_at`)}`.execute(
      context.db,
    ),
    leftOutOf(context, source, sql`${openAt(scope.end)} ${ofAny(of)}`),
  ])
  const movedOf = new Map(days.rows.map((row) => [row.name, row]))
  let now = open.second
  const told = new Map<string, Open>()
  for (const { name } of scope.days) {
    const row = movedOf.get(name)
    if (row) now = { open: now.open + row.came - row.went, held: now.held + row.came_held - row.went_held }
    told.set(name, now)
  }
  return { before: open.first, days: told, now, excluded }
}

/** Of each target how many tickets had missed it and were still open at a moment. */
export async function lateAt(context: Context, scope: Scope, moment: unknown): Promise<Map<string, number>> {
  const { from, where } = countable(context, scope, 'late')
  const found = await sql<{ target: string; n: number }>`select p.target, count(*)::int as n from ${from}
    where ${openAt(moment)} and p.target <> 'any' and t.why is null and ${where} group by p.target`.execute(context.db)
  return new Map(found.rows.map(({ target, n }) => [target, n]))
}
