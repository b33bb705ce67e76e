import { type RawBuilder, sql } from 'kysely'
import type { Figure, FigureKey } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { countsAt, type Definition, definitions, type Population } from './access-definitions.ts'
import { countable, type Scope } from './access-scope.ts'
import type { Part } from './rules.ts'

/**
 * The counting itself. Each part of the time (a day, the whole, the time before) is read on its own by its index, which is
 * sooner done than sorting a hundred thousand rows into days. Numbers and sums of the whole are those of its days; only
 * its median and 90th percentile are looked for once more.
 */
export type Excluded = Figure['excluded']
export type Told = { n: number; [column: string]: number | number[] | null }
export type Counts = { days: Map<string, Told>; now: Told; before: Told | undefined; excluded: Excluded }

export const nameOf = (key: FigureKey): string => key.replaceAll('-', '_')

const definitionsOf = (of: Population): Definition[] => definitions.filter((one) => one.of === of)

const sumsOf = (of: Population): RawBuilder<unknown>[] => [
  sql`count(*)::int as n`,
  ...definitionsOf(of).flatMap(({ key, seconds, part, whole }) => [
    ...(seconds ? [sql`sum(${seconds}) as ${sql.ref(`sum_${nameOf(key)}`)}`] : []),
    ...(part ? [sql`count(*) filter (where ${part})::int as ${sql.ref(`part_${nameOf(key)}`)}`] : []),
    ...(whole ? [sql`count(*) filter (where ${whole})::int as ${sql.ref(`whole_${nameOf(key)}`)}`] : []),
  ]),
]
/** The screen shows no 90th percentile of a day. */
const cutsOf = (of: Population, shares: number[]): RawBuilder<unknown>[] =>
  definitionsOf(of).flatMap(({ key, seconds }) =>
    seconds ? [sql`percentile_cont(${shares}::float8[]) within group (order by ${seconds}) as ${sql.ref(`cut_${nameOf(key)}`)}`] : [],
  )

const listOf = (parts: Part[]): RawBuilder<unknown> =>
  sql`unnest(${parts.map(({ name }) => name)}::text[], ${parts.map(({ start }) => String(start))}::timestamptz[],
    ${parts.map(({ end }) => String(end))}::timestamptz[]) as d(name, start_at, end_at)`

async function tellOf(
  context: Context,
  scope: Scope,
  of: Population,
  parts: Part[],
  columns: RawBuilder<unknown>[],
): Promise<Map<string, Told>> {
  if (columns.length === 0) return new Map()
  const { from, where } = countable(context, scope, of)
  const found = await sql<Told & { name: string }>`select d.name, x.* from ${listOf(parts)} cross join lateral (
    select ${sql.join(columns)} from ${from}
    where ${countsAt[of]} >= d.start_at and ${countsAt[of]} < d.end_at and t.why is null and ${where}) x`.execute(context.db)
  return new Map(found.rows.map(({ name, ...row }) => [name, row]))
}

function added(days: Iterable<Told>): Told {
  const sums: Told = { n: 0 }
  for (const day of days)
    for (const [column, value] of Object.entries(day)) if (typeof value === 'number') sums[column] = Number(sums[column] ?? 0) + value
  return sums
}

const none: Excluded = { merged: 0, spam: 0, cancelled: 0, automatic: 0 }
type Left = { why: keyof Excluded; n: number }
const excludedOf = (rows: Left[]): Excluded => ({ ...none, ...Object.fromEntries(rows.map(({ why, n }) => [why, n])) })

async function leftOutOf(context: Context, { from, where }: ReturnType<typeof countable>, when: RawBuilder<unknown>): Promise<Excluded> {
  const found = await sql<Left>`select t.why, count(*)::int as n from ${from} where t.why is not null and ${when} and ${where}
    group by t.why`.execute(context.db)
  return excludedOf(found.rows)
}

export async function countsOf(context: Context, scope: Scope, of: Population): Promise<Counts> {
  const { start, end, beforeStart, beforeEnd } = scope
  const within = sql`${countsAt[of]} >= ${String(start)}::timestamptz and ${countsAt[of]} < ${String(end)}::timestamptz`
  const now = { name: 'now', start, end }
  const before = { name: 'before', start: beforeStart, end: beforeEnd }
  const [days, cuts, past, excluded] = await Promise.all([
    tellOf(context, scope, of, scope.days, [...sumsOf(of), ...cutsOf(of, [0.5])]),
    tellOf(context, scope, of, [now], cutsOf(of, [0.5, 0.9])),
    tellOf(context, scope, of, [before], [...sumsOf(of), ...cutsOf(of, [0.5, 0.9])]),
    leftOutOf(context, countable(context, scope, of), within),
  ])
  return { days, now: { ...added(days.values()), ...cuts.get('now') }, before: past.get('before'), excluded }
}

export type Open = { open: number; held: number }
export type OpenDays = { before: Open; days: Map<string, Open>; now: Open; excluded: Excluded }
type Moved = { name: string; came: number; came_held: number; went: number; went_held: number }

const openAt = (moment: unknown): RawBuilder<unknown> =>
  sql`p.from_at < ${String(moment)}::timestamptz and p.until_at >= ${String(moment)}::timestamptz`
const both = (what: string) => sql.raw(`count(*)::int as ${what}, count(*) filter (where p.state = 'held')::int as ${what}_held`)
type Moments = { first: number; first_held: number; second: number; second_held: number }

/** How many were open at two moments, the earlier one first; read once. */
async function openAtBoth(context: Context, scope: Scope, first: string, second: string): Promise<Record<'first' | 'second', Open>> {
  const { from, where } = countable(context, scope, 'open')
  const at = (moment: string, what: string) => sql`count(*) filter (where ${openAt(moment)})::int as ${sql.ref(what)},
    count(*) filter (where ${openAt(moment)} and p.state = 'held')::int as ${sql.ref(`${what}_held`)}`
  const found = await sql<Moments>`select ${at(first, 'first')}, ${at(second, 'second')} from ${from}
    where p.until_at >= ${first}::timestamptz and p.from_at < ${second}::timestamptz and t.why is null and ${where}`.execute(context.db)
  const row = found.rows[0] ?? { first: 0, first_held: 0, second: 0, second_held: 0 }
  return { first: { open: row.first, held: row.first_held }, second: { open: row.second, held: row.second_held } }
}

/** How many were open when the time began, and what each day added and took. */
export async function openDays(context: Context, scope: Scope): Promise<OpenDays> {
  const source = countable(context, scope, 'open')
  const moved = (what: string, at: RawBuilder<unknown>) => sql`cross join lateral (select ${both(what)} from ${source.from}
    where ${at} >= d.start_at and ${at} < d.end_at and t.why is null and ${source.where}) ${sql.ref(what)}`
  const [open, days, excluded] = await Promise.all([
    // The time before ends when this one begins, or earlier where this one still runs.
    openAtBoth(context, scope, String(scope.beforeEnd), String(scope.start)),
    sql<Moved>`select d.name, came, came_held, went, went_held from ${listOf(scope.days)} ${moved('came', sql`p.from_at`)} ${moved('went', sql`p.until_at`)}`.execute(
      context.db,
    ),
    leftOutOf(context, source, openAt(scope.end)),
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
