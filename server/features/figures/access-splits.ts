import { type RawBuilder, sql } from 'kysely'
import type { FigurePart, Split } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import { csvLine } from '../timekeeping/rules.ts'
import { cutsOf, sumsOf, type Told } from './access-counts.ts'
import { splitsOf } from './access-definitions.ts'
import { amountOf } from './access-figures.ts'
import type { Definition } from './access-populations.ts'
import { knownFigure } from './access-rows.ts'
import { countable, counted, type Query, scopeOf, teamIn } from './access-scope.ts'

/** A figure split by what its tickets have: the same rows as the whole, so that the parts add up to it. */
const most = 200

/** At which team a tier is read: the one that resolved it, or had it; else the one that has it. */
const tierTeam = ({ of }: Definition): RawBuilder<unknown> => (of === 'resolved' ? sql`f.resolved_team_id` : teamIn(of))

function splitIn(one: Definition, by: Split): RawBuilder<unknown> {
  switch (by) {
    case 'team':
      return teamIn(one.of)
    case 'tier':
      return sql`(select x.tier from team x where x.id = ${tierTeam(one)})`
    case 'agreement':
      return sql`k.agreement_id`
    case 'cause':
      return sql`k.cause_id`
    case 'organisation':
      return sql`t.organisation_id`
    default:
      return sql`t.${sql.ref(by)}`
  }
}

const nameOf = (by: Split, language: 'en' | 'de'): RawBuilder<unknown> => {
  switch (by) {
    case 'team':
    case 'organisation':
    case 'agreement':
      return sql`(select n.name from ${sql.table(by)} n where n.id::text = x.key)`
    case 'cause':
      return sql`(select n.name ->> ${language} from breach_cause n where n.id::text = x.key)`
    default:
      return sql`null::text`
  }
}

function knownSplit(key: string, split: string): { one: Definition; by: Split } {
  const one = knownFigure(key)
  const by = splitsOf(one.key, one.of).find((known) => known === split)
  if (by === undefined) throw notFound()
  return { one, by }
}

export async function figureBy(
  context: Context,
  key: string,
  split: string,
  query: Query,
): Promise<{ items: FigurePart[]; more: boolean }> {
  const { one, by } = knownSplit(key, split)
  const scope = await scopeOf(context, query)
  const { from, where } = countable(context, scope, one.of)
  const found = await sql<
    Told & { key: string | null; name: string | null }
  >`select x.*, ${nameOf(by, context.actor.language)} as name from (
      select (${splitIn(one, by)})::text as key, ${sql.join([...sumsOf([one]), ...cutsOf([one], [0.5, 0.9])])} from ${from}
      where ${counted(one.of, String(scope.start), String(scope.end))} and t.why is null and ${one.whole ?? sql`true`} and ${where}
      group by 1 order by n desc, key limit ${sql.lit(most + 1)}) x order by x.n desc, x.key`.execute(context.db)
  const items = found.rows.slice(0, most).map((row) => {
    const { value, count, part, p90, mean } = amountOf(one, row)
    return { key: row.key as string | null, name: row.name as string | null, value, count, part, p90, mean }
  })
  return { items, more: found.rows.length > most }
}

const heads = {
  en: ['Part', 'Value', 'Of', 'Of these', 'Mean'],
  de: ['Teil', 'Wert', 'Von', 'Davon', 'Mittelwert'],
}

export async function figureByAsCsv(context: Context, key: string, split: string, query: Query): Promise<string> {
  const { items } = await figureBy(context, key, split, query)
  const lines = items.map((item) => csvLine([item.name ?? item.key ?? '', item.value ?? '', item.count, item.part ?? '', item.mean ?? '']))
  return `\ufeff${[csvLine(heads[context.actor.language]), ...lines].join('\r\n')}\r\n`
}
