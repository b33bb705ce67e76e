import { sql } from 'kysely'
import type { Figure, FigureAmount, FigureKey } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { csvLine } from '../timekeeping/rules.ts'
import { countsAt, type Definition, definitions, type Population } from './access-definitions.ts'
import { populated, type Query, type Scope, scopeOf } from './access-scope.ts'
import { daysOf } from './rules.ts'

/** Every figure of a time and of the same time before: one statement for each population, whatever the number of days. */
type Excluded = Figure['excluded']
type Told = { period: 'now' | 'before'; day: string | null; n: number } & Excluded & Record<string, number | number[] | null>
const none: FigureAmount = { value: null, count: 0, part: null, p90: null, mean: null, held: null, asked: null }
const left: (keyof Excluded)[] = ['merged', 'spam', 'cancelled', 'automatic']

type Answer = { items: Figure[]; asOf: string | null; before: { from: string; to: string }; timeZone: string; aboutPeople: boolean }

export async function allFigures(context: Context, query: Query): Promise<Answer> {
  const scope = await scopeOf(context, query)
  const told = new Map<Population, Told[]>()
  for (const population of ['created', 'answered', 'resolved', 'asked'] as const)
    told.set(population, await tellOf(context, scope, population))
  const open = await openDays(context, scope)
  const position = await sql<{ at: string | null }>`select to_char(followed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
    from figure_position where filled_to is null`.execute(context.db)
  return {
    items: definitions.map((one) => (one.of === 'open' ? open : figureOf(one, told.get(one.of) ?? [], query))),
    asOf: position.rows[0]?.at ?? null,
    before: scope.before,
    timeZone: scope.zone,
    aboutPeople: scope.aboutPeople,
  }
}

const nameOf = (key: FigureKey): string => key.replaceAll('-', '_')

/** What the figures of one population need, in one go: by period, and by day of the present one. */
async function tellOf(context: Context, scope: Scope, of: Population): Promise<Told[]> {
  const mine = definitions.filter((one) => one.of === of)
  const columns = mine.flatMap((one) => [
    ...(one.seconds ? [sql`${one.seconds} as ${sql.ref(`sec_${nameOf(one.key)}`)}`] : []),
    ...(one.part ? [sql`coalesce(${one.part}, false) as ${sql.ref(`part_${nameOf(one.key)}`)}`] : []),
    ...(one.whole ? [sql`${one.whole} as ${sql.ref(`whole_${nameOf(one.key)}`)}`] : []),
  ])
  const sums = mine.flatMap((one) => {
    const name = nameOf(one.key)
    const seconds = sql.ref(`sec_${name}`)
    return [
      ...(one.seconds
        ? [
            sql`percentile_cont(array[0.5, 0.9]) within group (order by ${seconds}) filter (where why is null) as ${sql.ref(`cut_${name}`)}`,
            sql`avg(${seconds}) filter (where why is null)::float8 as ${sql.ref(`mean_${name}`)}`,
          ]
        : []),
      ...(one.part ? [sql`count(*) filter (where why is null and ${sql.ref(`part_${name}`)})::int as ${sql.ref(`part_${name}`)}`] : []),
      ...(one.whole ? [sql`count(*) filter (where why is null and ${sql.ref(`whole_${name}`)})::int as ${sql.ref(`whole_${name}`)}`] : []),
    ]
  })
  const at = countsAt[of]
  const [start, end, beforeStart, beforeEnd] = [scope.start, scope.end, scope.beforeStart, scope.beforeEnd].map(String) as [
    string,
    string,
    string,
    string,
  ]
  const found = await sql<Told>`with rows as (select t.why, ${sql.join([
    sql`case when ${at} >= ${start}::timestamptz then 'now' else 'before' end as period`,
    sql`case when ${at} >= ${start}::timestamptz then (${at} at time zone ${scope.zone})::date::text end as day`,
    ...columns,
  ])} from ${populated(context, scope, of)} where ${at} >= ${beforeStart}::timestamptz and ${at} < ${end}::timestamptz
      and (${at} >= ${start}::timestamptz or ${at} < ${beforeEnd}::timestamptz))
    select period, case when grouping(day) = 0 then day end as day, ${sql.join([
      sql`count(*) filter (where why is null)::int as n`,
      ...left.map((why) => sql`count(*) filter (where why = ${sql.lit(why)})::int as ${sql.ref(why)}`),
      ...sums,
    ])} from rows group by grouping sets ((period), (period, day)) having grouping(day) = 1 or day is not null`.execute(context.db)
  return found.rows
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

function amountOf(one: Definition, row: Told | undefined): FigureAmount {
  if (!row) return one.unit === 'tickets' ? { ...none, value: 0 } : none
  const name = nameOf(one.key)
  const count = one.whole ? (number(row[`whole_${name}`]) ?? 0) : row.n
  const part = one.part ? (number(row[`part_${name}`]) ?? 0) : null
  const cut = row[`cut_${name}`] as number[] | null | undefined
  const value = one.unit === 'tickets' ? count : one.unit === 'share' ? (count === 0 ? null : (part ?? 0) / count) : (cut?.[0] ?? null)
  return {
    value,
    count,
    part,
    p90: cut?.[1] ?? null,
    mean: number(row[`mean_${name}`]),
    held: null,
    asked: one.of === 'asked' ? row.n : null,
  }
}

function figureOf(one: Definition, rows: Told[], query: Query): Figure {
  const total = rows.find((row) => row.period === 'now' && row.day === null)
  const byDay = new Map(rows.flatMap((row) => (row.day === null ? [] : [[row.day, row] as const])))
  return {
    key: one.key,
    now: amountOf(one, total),
    before: amountOf(
      one,
      rows.find((row) => row.period === 'before' && row.day === null),
    ),
    days: daysOf(query.from, query.to).map((day) => {
      const { value, count } = amountOf(one, byDay.get(day))
      return { day, value, count, held: null }
    }),
    excluded: { merged: total?.merged ?? 0, spam: total?.spam ?? 0, cancelled: total?.cancelled ?? 0, automatic: total?.automatic ?? 0 },
  }
}

type Spells = { what: 'start' | 'before' | 'day' | 'left'; day: string | null; state: string | null; n: number }

/** How many were open when the time began, and what each day added and took: the history is never read further back than needed. */
async function openDays(context: Context, scope: Scope): Promise<Figure> {
  const [start, end, beforeEnd] = [scope.start, scope.end, scope.beforeEnd].map(String) as [string, string, string]
  const dayOf = (column: string) => sql`(${sql.ref(column)} at time zone ${scope.zone})::date::text`
  const at = (moment: string) => sql`from_at < ${moment}::timestamptz and until_at >= ${moment}::timestamptz`
  const found =
    await sql<Spells>`with touched as materialized (select p.state, p.from_at, p.until_at, t.why from ${populated(context, scope, 'open')}
      where p.until_at >= ${beforeEnd}::timestamptz and p.from_at < ${end}::timestamptz),
    kept as (select * from touched where why is null)
    select 'start' as what, null as day, state, count(*)::int as n from kept where ${at(start)} group by state
    union all select 'before', null, state, count(*)::int from kept where ${at(beforeEnd)} group by state
    union all select 'day', ${dayOf('from_at')}, state, count(*)::int from kept where from_at >= ${start}::timestamptz group by 2, 3
    union all select 'day', ${dayOf('until_at')}, state, -count(*)::int from kept
      where until_at >= ${start}::timestamptz and until_at < ${end}::timestamptz group by 2, 3
    union all select 'left', null, why, count(*)::int from touched where why is not null and ${at(end)} group by why`.execute(context.db)
  const sum = (what: Spells['what'], states: string[], day: string | null = null) =>
    found.rows.reduce((n, row) => (row.what === what && row.day === day && states.includes(row.state ?? '') ? n + row.n : n), 0)
  let open = sum('start', ['open', 'held'])
  let held = sum('start', ['held'])
  const days = daysOf(scope.query.from, scope.query.to).map((day) => {
    open += sum('day', ['open', 'held'], day)
    held += sum('day', ['held'], day)
    return { day, value: open, count: open, held }
  })
  const before = sum('before', ['open', 'held'])
  return {
    key: 'open',
    now: { ...none, value: open, count: open, held },
    before: { ...none, value: before, count: before, held: sum('before', ['held']) },
    days,
    excluded: Object.fromEntries(left.map((why) => [why, sum('left', [why])])) as Excluded,
  }
}

const heads = {
  en: ['Figure', 'Day', 'Value', 'Unit', 'Of', 'Set aside'],
  de: ['Kennzahl', 'Tag', 'Wert', 'Einheit', 'Von', 'Zurückgestellt'],
}
const units = {
  en: { tickets: 'tickets', share: 'share', duration: 'seconds (median)' },
  de: { tickets: 'Tickets', share: 'Anteil', duration: 'Sekunden (Median)' },
}

export async function figuresAsCsv(context: Context, query: Query): Promise<string> {
  const { items } = await allFigures(context, query)
  const { language } = context.actor
  const lines = items.flatMap((figure) => {
    const one = definitions.find(({ key }) => key === figure.key)!
    return figure.days.map((day) =>
      csvLine([one.name[language], day.day, day.value ?? '', units[language][one.unit], day.count, day.held ?? '']),
    )
  })
  // The mark tells spreadsheets that this is UTF-8.
  return `\ufeff${[csvLine(heads[language]), ...lines].join('\r\n')}\r\n`
}
