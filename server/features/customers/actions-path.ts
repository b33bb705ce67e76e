import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import type { GrantedOrganisation } from './access.ts'
import { domainsOf, isStep, mayJoin, readPath } from './access-path.ts'
import { about } from './actions.ts'
import '../people/events.ts'
import './events.ts'

/** Begun, or taken up again after it was finished. */
export async function beginPath(context: Context, { id }: GrantedOrganisation): Promise<void> {
  const begun =
    await sql`insert into customer_path (organisation_id, begun_at, begun_by_id) values (${id}, ${context.now.toString()}, ${context.actor.id})
    on conflict (organisation_id) do update set finished_at = null where customer_path.finished_at is not null returning 1`.execute(
      context.db,
    )
  if (begun.rows.length > 0) await context.record({ type: 'customer.path-begun', ...about(id), data: {} })
}

export async function setStep(context: Context, organisation: GrantedOrganisation, step: string, needed: boolean): Promise<void> {
  if (!isStep(step)) throw notFound()
  const { id } = organisation
  await beginWithoutReopening(context, id)
  const set =
    await sql`update customer_path set not_needed = array(select x from unnest(not_needed) x where x <> ${step}::text) || case when ${needed}::boolean then '{}'::text[] else array[${step}::text] end
    where organisation_id = ${id} and (${step}::text = any(not_needed)) = ${needed}::boolean returning 1`.execute(context.db)
  if (set.rows.length > 0) await context.record({ type: 'customer.step-set', ...about(id), data: { step, needed } })
}

const beginWithoutReopening = (context: Context, id: string) =>
  sql`insert into customer_path (organisation_id, begun_at, begun_by_id) values (${id}, ${context.now.toString()}, ${context.actor.id}) on conflict do nothing`.execute(
    context.db,
  )

export async function finishPath(context: Context, organisation: GrantedOrganisation): Promise<void> {
  const { id } = organisation
  await beginWithoutReopening(context, id)
  const ended =
    await sql`update customer_path set finished_at = ${context.now.toString()} where organisation_id = ${id} and finished_at is null returning 1`.execute(
      context.db,
    )
  if (ended.rows.length === 0) return
  const { steps } = await readPath(context, organisation)
  await context.record({
    type: 'customer.path-finished',
    ...about(id),
    data: { left: steps.filter((step) => step.state === 'open').length },
  })
}

/** All or none, so that the number on the button is the number that joins. Their tickets stay where they are. */
export async function joinPeople(context: Context, { id }: GrantedOrganisation, personIds: readonly string[]): Promise<number> {
  const wanted = [...new Set(personIds)]
  const domains = await domainsOf(context, id)
  const joined = await sql<{ id: string }>`update person p set organisation_id = ${id}, version = version + 1
    where p.id = any(${wanted}::bigint[]) and ${mayJoin(context, domains)} returning p.id`.execute(context.db)
  if (joined.rows.length !== wanted.length)
    throw invalid(
      'personIds',
      'unfit',
      'Somebody of these belongs elsewhere by now, or has no address of these domains. Look at the list again.',
    )
  for (const person of joined.rows)
    await context.record({
      type: 'person.changed',
      subject: { kind: 'person', id: person.id },
      organisationId: id,
      audience: 'staff',
      data: { fields: ['organisationId'] },
    })
  return joined.rows.length
}
