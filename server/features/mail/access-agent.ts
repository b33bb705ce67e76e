import { sql } from 'kysely'
import { type Actor, declareActor, type Standing } from '../../kernel/actor.ts'
import { type Context, openContext } from '../../kernel/context.ts'
import { actorOf } from '../people/rules.ts'

/** The person behind a proven mail or link, with exactly the rights that they have on the screen. */
export async function actorOfPerson(context: Context, personId: string): Promise<Actor> {
  const found =
    await sql<Standing>`select p.id as person_id, null as session_id, null as token_id, null as scopes, null as seen_at, p.created_at, p.created_at as second_factor_at,
      p.name, p.email::text as email, p.language, p.time_zone,
      (select array_agg(o) from (select p.organisation_id as o where p.organisation_id is not null union select m.organisation_id from person_organisation m where m.person_id = p.id) x) as organisation_ids,
      (select array_agg(tm.team_id) from team_member tm where tm.person_id = p.id) as team_ids,
      (select jsonb_agg(jsonb_build_object('role', g.role, 'organisationId', g.organisation_id::text, 'teamId', g.team_id::text)) from role_grant g where g.person_id = p.id) as grants,
      false as has_totp, false as has_passkey, 'nobody' as second_factor_policy
    from person p where p.id = ${personId} and p.archived_at is null`.execute(context.db)
  if (!found.rows[0]) throw new Error('Nobody stands behind this mail any more.')
  return actorOf(found.rows[0])
}

/** Acts as that person inside the transaction of the program; row-level security follows, and is set back. */
export async function actingAs<T>(context: Context, actor: Actor, work: (own: Context) => Promise<T>): Promise<T> {
  const own = openContext(context.kernel, context.db, actor, context.requestId)
  declareActor(context.db, actor)
  const result = await work(own)
  await own.flush()
  declareActor(context.db, context.actor)
  context.afterCommit(() => own.committed())
  return result
}
