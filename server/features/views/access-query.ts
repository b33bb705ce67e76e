import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { ViewQuery } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { ownCondition } from './access-own.ts'
import { type Facts, type Flag, type Test, type Tests, testsOf, textKey, textTests, type Viewer } from './rules.ts'

/** The tests of a query as one condition on the alias `t`, with parameters only; and the facts of tickets for `holds`. */
type SqlCondition = RawBuilder<SqlBool>

export const viewerOf = ({ actor, now }: Context): Viewer => ({
  id: actor.id,
  teams: actor.teams,
  now,
  timeZone: actor.timeZone ?? 'Europe/Berlin',
})

/** What a view may show at all: what one sees with the eyes of staff, without spam and what was merged away. */
export const inViews = (context: Context): SqlCondition =>
  sql`(${visibleAsStaff(context.actor)} and t.deleted_at is null and t.merged_into_id is null)`

export const matching = (query: ViewQuery, viewer: Viewer): SqlCondition => {
  const tests = testsOf(query, viewer)
  const parts = tests.all.map((one) => conditionOf(one, viewer))
  if (tests.any.length > 0)
    parts.push(
      sql`(${sql.join(
        tests.any.map((one) => conditionOf(one, viewer, tests.any.length === 1)),
        sql` or `,
      )})`,
    )
  return parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`
}

/** The negation of what is not known is true: `is not Lisbon` also finds tickets without a site. */
const unless = (not: boolean, is: SqlCondition): SqlCondition => (not ? sql`coalesce(${is}, false) = false` : is)
const orNone = (none: boolean, column: RawBuilder<unknown>, is: SqlCondition): SqlCondition =>
  none ? sql`(${is} or ${column} is null)` : is

function conditionOf(test: Test, viewer: Viewer, finds = true): SqlCondition {
  switch (test.test) {
    case 'one-of': {
      const column = sql.ref(`t.${test.column}`)
      return unless(test.not, orNone(test.none, column, isOneOf(column, test.column, test.values)))
    }
    case 'category': {
      const below = sql<SqlBool>`t.category_id in (with recursive below as (select c.id from category c where c.id = any(${test.values}::bigint[])
        union select c.id from category c join below b on c.parent_id = b.id) select id from below)`
      return unless(test.not, orNone(test.none, sql`t.category_id`, below))
    }
    case 'assignee': {
      const named = sql<SqlBool>`t.assignee_id = any(${test.values}::bigint[])`
      const found =
        test.ofTeams.length === 0
          ? named
          : sql<SqlBool>`(${named} or t.assignee_id in (select m.person_id from team_member m where m.team_id = any(${[...test.ofTeams]}::bigint[])))`
      return unless(test.not, orNone(test.none, sql`t.assignee_id`, found))
    }
    case 'tags':
      if (test.how === 'all') return sql`t.tags @> ${test.values}::text[]`
      return test.how === 'any' ? sql`t.tags && ${test.values}::text[]` : sql`not t.tags && ${test.values}::text[]`
    case 'time': {
      const column = sql.ref(`t.${test.column}`)
      const parts = [
        ...(test.from === null ? [] : [sql<SqlBool>`${column} >= ${test.from}::timestamptz`]),
        ...(test.before === null ? [] : [sql<SqlBool>`${column} < ${test.before}::timestamptz`]),
      ]
      return sql`(${sql.join(parts, sql` and `)})`
    }
    case 'known':
      return test.known ? sql`${sql.ref(`t.${test.column}`)} is not null` : sql`${sql.ref(`t.${test.column}`)} is null`
    case 'count': {
      const column = sql.ref(`t.${test.column}`)
      return test.most === null ? sql`${column} >= ${test.least ?? 0}::int` : sql`${column} <= ${test.most}::int`
    }
    case 'flag':
      return test.is ? flag(test.flag, viewer) : sql`not ${flag(test.flag, viewer)}`
    case 'contains': {
      const contains = sql<SqlBool>`position(firstline.plain(${test.value}::text) in firstline.plain(t.subject)) > 0`
      return test.not ? sql`not ${contains}` : contains
    }
    case 'due': {
      const when = test.before === null ? sql`` : sql`where d.due_at < ${test.before}::timestamptz and d.state <> 'paused'`
      return unless(test.not, sql<SqlBool>`t.id in (select d.ticket_id from ticket_due d ${when})`)
    }
    case 'words':
      return sql`t.id in (select d.ticket_id from search_document d where d.kind in ('ticket', 'tags', 'message', 'attachment')
        and d.vector @@ firstline.search_query(${test.value.split(/\s+/)}::text[], '{}'::text[], '{}'::text[], false))`
    default:
      return ownCondition(test, finds)
  }
}

const texts = ['kind', 'meaning', 'channel', 'language']
const numbers = ['priority', 'impact', 'urgency']
function isOneOf(column: RawBuilder<unknown>, name: string, values: string[]): SqlCondition {
  const type = sql.raw(texts.includes(name) ? 'text[]' : numbers.includes(name) ? 'smallint[]' : 'bigint[]')
  return sql`${column} = any(${values}::${type})`
}

/** Written as the indexes of open tickets are, so that they serve. */
const flag = (name: Flag, { id }: Viewer): SqlCondition => {
  if (name === 'open') return sql`(t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null)`
  if (name === 'restricted') return sql`(t.restricted_at is not null)`
  if (name === 'following')
    return sql`exists (select 1 from ticket_person f where f.ticket_id = t.id and f.role = 'watcher' and f.person_id = ${id}::bigint)`
  return sql`(t.last_message_id is not null and not exists (select 1 from ticket_read u
    where u.ticket_id = t.id and u.person_id = ${id}::bigint and u.message_id >= t.last_message_id))`
}

type Row = Omit<Facts, 'texts'> & { texts: boolean[] }

/** The facts of these tickets as this query asks for them, in one statement; what may not be seen is left out. */
export async function factsOf(context: Context, ids: readonly string[], tests: Tests, viewer = viewerOf(context)): Promise<Facts[]> {
  const asked = textTests(tests)
  const told = asked.map((one) => conditionOf({ ...one, not: false } as Test, viewer, false))
  const time = (name: string) => sql`${sql.ref(`t.${name}`)}::text as ${sql.ref(name)}`
  const found =
    await sql<Row>`select t.id, t.kind, t.meaning, t.status_id, t.priority::text, t.impact::text, t.urgency::text, t.channel, t.language,
      t.category_id, t.requester_id, t.organisation_id, t.site_id, t.team_id, t.assignee_id, t.tags, t.reopened_count, t.passed_count, t.fields,
      array(with recursive above as (select c.id, c.parent_id from category c where c.id = t.category_id
        union select c.id, c.parent_id from category c join above a on c.id = a.parent_id) select id::text from above) as categories,
      array(select m.team_id::text from team_member m where m.person_id = t.assignee_id) as assignee_teams,
      ${sql.join(['created_at', 'changed_at', 'resolved_at', 'last_message_at', 'waiting_since', 'revisit_at'].map(time))},
      ${sql.join((['open', 'unread', 'following', 'restricted'] as const).map((name) => sql`${flag(name, viewer)} as ${sql.ref(name)}`))},
      array[${sql.join([sql`false`, ...told])}] as texts
    from ticket t where t.id = any(${[...ids]}::bigint[]) and ${inViews(context)}`.execute(context.db)
  return found.rows.map((row) => ({
    ...row,
    texts: new Set(asked.flatMap((one, n) => (row.texts[n + 1] === true ? [textKey(one)] : []))),
  }))
}
