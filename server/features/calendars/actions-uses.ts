import { sql } from 'kysely'
import type { z } from 'zod'
import type { calendars } from '../../../contract/calendars.ts'
import type { Context } from '../../kernel/context.ts'
import { type Issue, Problem } from '../../kernel/problem.ts'

/** Who works by a calendar. Nobody loses theirs unasked: it has to be taken from the other calendar first; only the company's own moves. */
type Uses = z.output<(typeof calendars)['POST /api/calendars']['body']>['uses']
const plural = { organisation: 'organisationIds', site: 'siteIds', team: 'teamIds' } as const
type Kind = keyof typeof plural

export async function setUses(context: Context, id: string, uses: Uses): Promise<void> {
  // Of two that change uses at once, one waits here.
  const company = await sql<{ id: string }>`select calendar_id as id from calendar_use
    where num_nonnulls(organisation_id, site_id, team_id) = 0 for update`.execute(context.db)
  const isCompany = company.rows[0]?.id === id
  const issues = [
    ...(isCompany && !uses.company
      ? [{ path: 'uses.company', code: 'needed', message: 'The company needs a calendar: make another one the company’s instead.' }]
      : []),
    ...(await wrong(context, id, uses)),
  ]
  if (issues.length > 0) throw new Problem('validation_failed', `Please correct: ${issues.map(({ path }) => path).join(', ')}.`, { issues })
  if (uses.company && !isCompany)
    await sql`update calendar_use set calendar_id = ${id} where num_nonnulls(organisation_id, site_id, team_id) = 0`.execute(context.db)
  await sql`delete from calendar_use where calendar_id = ${id} and num_nonnulls(organisation_id, site_id, team_id) = 1`.execute(context.db)
  await sql`insert into calendar_use (calendar_id, organisation_id, site_id, team_id)
    select distinct ${id}::bigint, x.organisation, x.site, x.team from (
      select o as organisation, null::bigint as site, null::bigint as team from unnest(${uses.organisationIds}::bigint[]) o
      union all select null, s, null from unnest(${uses.siteIds}::bigint[]) s
      union all select null, null, t from unnest(${uses.teamIds}::bigint[]) t) x`.execute(context.db)
}

/** Whom it would be given to and who is not there, or has another one. */
async function wrong({ db }: Context, id: string, uses: Uses): Promise<Issue[]> {
  const found = await sql<{ kind: Kind; party: string; name: string | null; other: string | null }>`
    select x.kind, x.party, coalesce(o.name, s.name, t.name) as name, c.name as other
    from (select 'organisation' as kind, p as party from unnest(${uses.organisationIds}::bigint[]) p
      union all select 'site', p from unnest(${uses.siteIds}::bigint[]) p
      union all select 'team', p from unnest(${uses.teamIds}::bigint[]) p) x
    left join organisation o on x.kind = 'organisation' and o.id = x.party
    left join site s on x.kind = 'site' and s.id = x.party
    left join team t on x.kind = 'team' and t.id = x.party
    left join calendar_use u on u.calendar_id <> ${id} and case x.kind when 'organisation' then u.organisation_id when 'site' then u.site_id else u.team_id end = x.party
    left join calendar c on c.id = u.calendar_id
    where coalesce(o.id, s.id, t.id) is null or c.id is not null`.execute(db)
  return found.rows.map(({ kind, name, other }) => ({
    path: `uses.${plural[kind]}`,
    code: name === null ? 'unknown' : 'has_another',
    message: name === null ? `This ${kind} does not exist.` : `${name} has the calendar “${other}”. Take it off that calendar first.`,
  }))
}
