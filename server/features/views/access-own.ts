import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { OwnTest } from './rules-own.ts'

/**
 * Tests of own fields on the alias `t`. ticket_field finds the tickets by its key (0009 says why no index on jsonb would),
 * ticket.fields decides. `finds` false: one of several, or the opposite of something; then there is nothing to find by, and
 * each ticket that is looked at anyway is judged by what it holds.
 */
type SqlCondition = RawBuilder<SqlBool>

export function ownCondition(test: OwnTest, finds: boolean): SqlCondition {
  const is = judged(test)
  if ('not' in test && test.not) return sql`coalesce(${is}, false) = false`
  if (test.test === 'own-known' && !test.known) return sql`not ${is}`
  if (!finds) return is
  return sql`(t.id in (select x.ticket_id from ticket_field x where x.field_id = ${test.fieldId}::bigint ${found(test)}) and ${is})`
}

function judged(test: OwnTest): SqlCondition {
  const held = sql`(t.fields ->> ${test.fieldId}::text)`
  switch (test.test) {
    case 'own-one-of':
      return sql`(${held} = any(${test.values}::text[]))`
    case 'own-contains':
      return sql`(position(firstline.plain(${test.value}::text) in firstline.plain(${held})) > 0)`
    case 'own-number': {
      const number = sql`(case when jsonb_typeof(t.fields -> ${test.fieldId}::text) = 'number' then ${held}::float8 end)`
      return both(number, test.least === null ? null : sql`${test.least}::float8`, test.most === null ? null : sql`${test.most}::float8`)
    }
    case 'own-days':
      return both(
        sql`(${held} collate "C")`,
        test.from === null ? null : sql`${test.from}::text`,
        test.to === null ? null : sql`${test.to}::text`,
      )
    case 'own-known':
      return sql`(${held} is not null)`
  }
}

/** The part of the key that narrows: of a text its first 100 characters, of days their order, of numbers nothing. */
function found(test: OwnTest): RawBuilder<unknown> {
  if (test.test === 'own-one-of') return sql`and x.value = any(${test.values.map((value) => [...value].slice(0, 100).join(''))}::text[])`
  if (test.test !== 'own-days') return sql``
  return sql`and ${both(sql`x.value`, test.from === null ? null : sql`${test.from}::text`, test.to === null ? null : sql`${test.to}::text`)}`
}

function both(value: RawBuilder<unknown>, least: RawBuilder<unknown> | null, most: RawBuilder<unknown> | null): SqlCondition {
  const parts = [...(least ? [sql<SqlBool>`${value} >= ${least}`] : []), ...(most ? [sql<SqlBool>`${value} <= ${most}`] : [])]
  return sql`(${sql.join(parts, sql` and `)})`
}
