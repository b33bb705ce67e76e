import { type RawBuilder, sql } from 'kysely'
import type { Figure, FigureKey } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { countsAt, type Definition, isTime, type Population } from './access-populations.ts'
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

export const sumsOf = (chosen: readonly Definition[]): RawBuilder<unknown>[] => [
  sql`count(*)::int as n`,
  ...chosen.flatMap(({ key, measure, part, whole }) => [
    ...(measure ? [sql`sum(${measure}) as ${sql.ref(`sum_${nameOf(key)}`)}`] : []),
    ...(part ? [sql`count(*) filter (where ${part})::int as ${sql.ref(`part_${nameOf(key)}`)}`] : []),
    ...(whole ? [sql`count(*) filter (where ${whole})::int as ${sql.ref(`whole_${nameOf(key)}`)}`] : []),
  ]),
]
/** The screen shows no 90th percentile of a day. */
export const cutsOf = (chosen: readonly Definition[], shares: number[]): RawBuilder<unknown>[] =>
  chosen.flatMap(({ key, unit, measure }) =>
    measure && isTime(unit)
      ? [sql`percentile_cont(${shares}::float8[]) within group (order by ${measure}) as ${sql.ref(`cut_${nameOf(key)}`)}`]
      : [],
  )

export const listOf = (parts: Part[]): RawBuilder<unknown> =>
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

export async function leftOutOf(
  context: Context,
  { from, where }: ReturnType<typeof countable>,
  when: RawBuilder<unknown>,
): Promise<Excluded> {
  const found = await sql<Left>`select t.why, count(distinct t.id)::int as n from ${from} where t.why is not null and ${when} and ${where}
    group by t.why`.execute(context.db)
  return excludedOf(found.rows)
}

export async function countsOf(context: Context, scope: Scope, of: Population, chosen: readonly Definition[]): Promise<Counts> {
  const { start, end, beforeStart, beforeEnd } = scope
  const within = sql`${countsAt[of]} >= ${String(start)}::timestamptz and ${countsAt[of]} < ${String(end)}::timestamptz`
  const now = { name: 'now', start, end }
  const before = { name: 'before', start: beforeStart, end: beforeEnd }
  const [days, cuts, past, excluded] = await Promise.all([
    tellOf(context, scope, of, scope.days, [...sumsOf(chosen), ...cutsOf(chosen, [0.5])]),
    tellOf(context, scope, of, [now], cutsOf(chosen, [0.5, 0.9])),
    tellOf(context, scope, of, [before], [...sumsOf(chosen), ...cutsOf(chosen, [0.5, 0.9])]),
    leftOutOf(context, countable(context, scope, of), within),
  ])
  return { days, now: { ...added(days.values()), ...cuts.get('now') }, before: past.get('before'), excluded }
}
