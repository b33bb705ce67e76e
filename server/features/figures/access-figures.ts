import { sql } from 'kysely'
import type { Figure, FigureAmount } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { csvLine } from '../timekeeping/rules.ts'
import { type Counts, countsOf, nameOf, type Told } from './access-counts.ts'
import { definitions } from './access-definitions.ts'
import { lateAt, type OpenDays, openDays } from './access-lasting.ts'
import type { Definition, Population } from './access-populations.ts'
import { type Query, type Scope, scopeOf } from './access-scope.ts'

/** Every figure of a time and of the same time before, made of what access-counts.ts counts. */
const none: FigureAmount = { value: null, count: 0, part: null, p90: null, mean: null, held: null, asked: null, late: null }

type Answer = { items: Figure[]; asOf: string | null; before: { from: string; to: string }; timeZone: string; aboutPeople: boolean }

/** All of them, or those that were asked for. */
function chosenOf({ keys }: Query & { keys?: string | undefined }): readonly Definition[] {
  if (keys === undefined) return definitions
  const asked = keys.split(',')
  const unknown = asked.find((key) => !definitions.some((one) => one.key === key))
  if (unknown !== undefined)
    throw invalid('query.keys', 'unknown', 'One of these is no figure. Take the keys of GET /api/figures/definitions.')
  return definitions.filter(({ key }) => asked.includes(key))
}
const targetOf = (key: string): string | undefined =>
  (/^target-(first-response|next-response|update|resolution|fulfilment)$/.exec(key) ?? [])[1]

export async function allFigures(context: Context, query: Query & { keys?: string | undefined }): Promise<Answer> {
  const scope = await scopeOf(context, query)
  const chosen = chosenOf(query)
  const told = new Map<Population, Counts>()
  for (const population of ['created', 'answered', 'resolved', 'asked', 'targets', 'held'] as const) {
    const some = chosen.filter(({ of }) => of === population)
    if (some.length > 0) told.set(population, await countsOf(context, scope, population, some))
  }
  const lasting = new Map<Population, OpenDays>()
  for (const population of ['open', 'late'] as const)
    if (chosen.some(({ of }) => of === population)) lasting.set(population, await openDays(context, scope, population))
  const late = chosen.some(({ key }) => targetOf(key) !== undefined)
    ? { now: await lateAt(context, scope, scope.end), before: await lateAt(context, scope, scope.beforeEnd) }
    : undefined
  const position = await sql<{ at: string | null }>`select to_char(followed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
    from figure_position where filled_to is null`.execute(context.db)
  return {
    items: chosen.flatMap((one) => {
      const [counts, open, target] = [told.get(one.of), lasting.get(one.of), targetOf(one.key)]
      if (open) return [lastingFigure(one, open, scope)]
      if (!counts) return []
      const figure = figureOf(one, counts, scope)
      if (target === undefined || !late) return [figure]
      const withLate = (which: 'now' | 'before') => ({ ...figure[which], late: late[which].get(target) ?? 0 })
      return [{ ...figure, now: withLate('now'), before: withLate('before') }]
    }),
    asOf: position.rows[0]?.at ?? null,
    before: scope.before,
    timeZone: scope.zone,
    aboutPeople: scope.aboutPeople,
  }
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

export function amountOf(one: Definition, row: Told | undefined): FigureAmount {
  if (!row) return one.unit === 'tickets' ? { ...none, value: 0 } : none
  const name = nameOf(one.key)
  const count = one.whole ? (number(row[`whole_${name}`]) ?? 0) : row.n
  const part = one.part ? (number(row[`part_${name}`]) ?? 0) : null
  const cut = row[`cut_${name}`] as number[] | null | undefined
  const mean = count === 0 || !one.measure ? null : (number(row[`sum_${name}`]) ?? 0) / count
  const values = {
    tickets: count,
    share: count === 0 ? null : (part ?? 0) / count,
    duration: cut?.[0] ?? null,
    working: cut?.[0] ?? null,
    number: mean,
  }
  return {
    ...none,
    value: values[one.unit],
    count,
    part,
    p90: cut?.[1] ?? null,
    mean,
    asked: one.of === 'asked' ? row.n : null,
  }
}

const figureOf = (one: Definition, { now, before, days, excluded }: Counts, scope: Scope): Figure => ({
  key: one.key,
  now: amountOf(one, now),
  before: amountOf(one, before),
  days: scope.days.map(({ name: day }) => {
    const { value, count } = amountOf(one, days.get(day))
    return { day, value, count, held: null }
  }),
  excluded,
})

const lastingFigure = (one: Definition, { now, before, days, excluded }: OpenDays, scope: Scope): Figure => ({
  key: one.key,
  now: { ...none, value: now.open, count: now.open, held: one.of === 'open' ? now.held : null },
  before: { ...none, value: before.open, count: before.open, held: one.of === 'open' ? before.held : null },
  days: scope.days.map(({ name: day }) => {
    const { open = 0, held = 0 } = days.get(day) ?? {}
    return { day, value: open, count: open, held: one.of === 'open' ? held : null }
  }),
  excluded,
})

const heads = {
  en: ['Figure', 'Day', 'Value', 'Unit', 'Of', 'Set aside'],
  de: ['Kennzahl', 'Tag', 'Wert', 'Einheit', 'Von', 'Zurückgestellt'],
}
const units = {
  en: { tickets: 'tickets', share: 'share', duration: 'seconds (median)', working: 'seconds (median)', number: 'mean' },
  de: { tickets: 'Tickets', share: 'Anteil', duration: 'Sekunden (Median)', working: 'Sekunden (Median)', number: 'Mittelwert' },
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
