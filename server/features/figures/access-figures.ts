import { sql } from 'kysely'
import type { Figure, FigureAmount } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { csvLine } from '../timekeeping/rules.ts'
import { type Counts, countsOf, nameOf, type OpenDays, openDays, type Told } from './access-counts.ts'
import { type Definition, definitions, type Population } from './access-definitions.ts'
import { type Query, type Scope, scopeOf } from './access-scope.ts'

/** Every figure of a time and of the same time before, made of what access-counts.ts counts. */
const none: FigureAmount = { value: null, count: 0, part: null, p90: null, mean: null, held: null, asked: null }

type Answer = { items: Figure[]; asOf: string | null; before: { from: string; to: string }; timeZone: string; aboutPeople: boolean }

export async function allFigures(context: Context, query: Query): Promise<Answer> {
  const scope = await scopeOf(context, query)
  const told = new Map<Population, Counts>()
  for (const population of ['created', 'answered', 'resolved', 'asked'] as const)
    told.set(population, await countsOf(context, scope, population))
  const open = openFigure(await openDays(context, scope), scope)
  const position = await sql<{ at: string | null }>`select to_char(followed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
    from figure_position where filled_to is null`.execute(context.db)
  return {
    items: definitions.flatMap((one) => {
      const counts = told.get(one.of)
      return counts ? [figureOf(one, counts, scope)] : [open]
    }),
    asOf: position.rows[0]?.at ?? null,
    before: scope.before,
    timeZone: scope.zone,
    aboutPeople: scope.aboutPeople,
  }
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
    mean: row.n === 0 || !one.seconds ? null : (number(row[`sum_${name}`]) ?? 0) / row.n,
    held: null,
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

const openFigure = ({ now, before, days, excluded }: OpenDays, scope: Scope): Figure => ({
  key: 'open',
  now: { ...none, value: now.open, count: now.open, held: now.held },
  before: { ...none, value: before.open, count: before.open, held: before.held },
  days: scope.days.map(({ name: day }) => {
    const { open = 0, held = 0 } = days.get(day) ?? {}
    return { day, value: open, count: open, held }
  }),
  excluded,
})

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
