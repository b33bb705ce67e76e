import { sql } from 'kysely'
import type { z } from 'zod'
import { type AgreementForm, agreementForm, type sla } from '../../../contract/sla.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { type AgreementFacts, readAgreement } from './access.ts'
import type { OpenCause } from './access-clocks.ts'
import { refuseTerms } from './actions-checks.ts'
import './events.ts'

/** Agreements and causes are written here; each change keeps the former terms and has the open clocks counted anew. */
type Change = z.output<(typeof sla)['PATCH /api/agreements/:id']['body']>
type Editable = Granted<AgreementFacts, 'setting.edit'>
const about = (id: string) => ({ subject: { kind: 'agreement', id }, audience: 'staff' as const })
const most = 300

const nameTaken = () => invalid('name', 'already_exists', 'Another agreement has this name. Choose another one.')
function namedAlready(cause: unknown): never {
  throw (cause as { constraint?: string }).constraint === 'agreement_name' ? nameTaken() : cause
}

/** All that clocks are counted by is read anew; and those of open tickets are counted anew, in the background. */
async function newEdition(context: Context, cause: string, causeId: string): Promise<void> {
  await sql`update sla_edition set edition = gen_random_uuid()`.execute(context.db)
  recountLater(context, cause, causeId)
}
export function recountLater(context: Context, cause: string, causeId: string): void {
  const payload = { cause, causeId, below: null, tickets: 0, clocks: 0 }
  context.later(job('sla.recount', payload, { queue: 'sla-recount', key: `sla-recount-${cause}-${causeId}`, priority: 10 }))
}

const columnsOf = (
  terms: AgreementForm,
) => sql`${terms.kind}, ${terms.name}, ${terms.organisationId}::bigint, ${terms.teamId}::bigint, ${terms.vendor},
  ${terms.startsOn}::date, ${terms.endsOn}::date, ${terms.reviewOn}::date, ${JSON.stringify(terms)}::jsonb`

export async function addAgreement(context: Context, terms: AgreementForm): Promise<string> {
  await refuseTerms(context, terms)
  const at = context.now.toString()
  const made = await sql<{
    id: string
  }>`insert into agreement (position, kind, name, organisation_id, team_id, vendor, starts_on, ends_on, review_on, terms, created_at, changed_at)
    select coalesce(max(position), 0) + 1, ${columnsOf(terms)}, ${at}::timestamptz, ${at}::timestamptz from agreement
    having count(*) filter (where archived_at is null) < ${most} returning id`
    .execute(context.db)
    .catch(namedAlready)
  const id = made.rows[0]?.id
  if (id === undefined) throw invalid('name', 'too_many', `There are ${most} agreements. Archive one first.`)
  await keepVersion(context, id, 1, terms)
  await newEdition(context, 'agreement', id)
  await context.record({ type: 'agreement.added', ...about(id), data: {} })
  return id
}

async function keepVersion({ db, now, actor }: Context, id: string, version: number, terms: AgreementForm): Promise<void> {
  await sql`insert into agreement_version (agreement_id, version, at, by_id, terms)
    values (${id}, ${version}, ${now.toString()}, ${actor.id}, ${JSON.stringify(terms)}::jsonb)`.execute(db)
}

export async function changeAgreement(context: Context, row: Editable, version: number, change: Change): Promise<void> {
  if (row.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this agreement meanwhile.', {
      details: { current: await readAgreement(context, row.id) },
    })
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const terms = agreementForm.parse({ ...row.terms, ...given })
  await refuseTerms(context, terms)
  await sql`update agreement set version = version + 1, changed_at = ${context.now.toString()},
    (kind, name, organisation_id, team_id, vendor, starts_on, ends_on, review_on, terms) = (select ${columnsOf(terms)}) where id = ${row.id}`
    .execute(context.db)
    .catch(namedAlready)
  await keepVersion(context, row.id, row.version + 1, terms)
  await newEdition(context, 'agreement', row.id)
  await context.record({ type: 'agreement.changed', ...about(row.id), data: { fields: Object.keys(given) } })
}

export async function archiveAgreement(context: Context, row: Editable, archived: boolean): Promise<void> {
  if (row.archived === archived) return
  if (!archived) await refuseTerms(context, row.terms)
  await sql`update agreement set archived_at = ${archived ? context.now.toString() : null} where id = ${row.id}`
    .execute(context.db)
    .catch(namedAlready)
  await newEdition(context, 'agreement', row.id)
  await context.record({ type: archived ? 'agreement.archived' : 'agreement.restored', ...about(row.id), data: {} })
}

export async function orderAgreements(context: Context, ids: readonly string[]): Promise<void> {
  await sql`update agreement a set position = x.n from unnest(${[...ids]}::bigint[]) with ordinality as x (id, n) where a.id = x.id`.execute(
    context.db,
  )
  await newEdition(context, 'order', ids[0] ?? '0')
  await context.record({
    type: 'agreements.ordered',
    subject: { kind: 'agreements', id: ids[0] ?? '0' },
    audience: 'staff',
    data: { ids: [...ids] },
  })
}

export async function sayCause(
  context: Context,
  clock: Granted<OpenCause, 'ticket.edit'>,
  input: { causeId: string; note: string },
): Promise<void> {
  if (clock.breached_at === null) throw invalid('id', 'not_breached', 'This target was not missed: there is no cause to say.')
  const said = await sql`update sla_clock set cause_id = b.id, cause_note = ${input.note}, cause_by_id = ${context.actor.id}
    from breach_cause b where sla_clock.id = ${clock.id} and b.id = ${input.causeId} and b.archived_at is null returning b.id`.execute(
    context.db,
  )
  if (said.rows.length === 0) throw invalid('causeId', 'unknown', 'This cause does not exist any more. Choose another.')
  await context.record({
    type: 'sla.cause-said',
    subject: { kind: 'ticket', id: clock.ticket_id },
    ticketId: clock.ticket_id,
    organisationId: clock.organisation_id,
    audience: 'staff',
    data: { clockId: clock.id, causeId: input.causeId },
  })
}

type Names = { en: string; de: string }
export async function addCause(context: Context, names: Names): Promise<string> {
  const made = await sql<{ id: string }>`insert into breach_cause (name, position)
    select ${JSON.stringify(names)}::jsonb, coalesce(max(position), 0) + 1 from breach_cause having count(*) < 200 returning id`.execute(
    context.db,
  )
  const id = made.rows[0]?.id
  if (id === undefined) throw invalid('names', 'too_many', 'There are 200 causes. Rename one instead.')
  await context.record({ type: 'breach-cause.added', subject: { kind: 'breach-cause', id }, audience: 'staff', data: {} })
  return id
}
export async function changeCause(
  context: Context,
  id: string,
  change: { names?: Names | undefined; archived?: boolean | undefined },
): Promise<void> {
  const at = change.archived === undefined ? sql`archived_at` : sql`${change.archived ? context.now.toString() : null}::timestamptz`
  const names = change.names === undefined ? sql`name` : sql`${JSON.stringify(change.names)}::jsonb`
  await sql`update breach_cause set name = ${names}, archived_at = ${at} where id = ${id}`.execute(context.db)
  const fields = Object.keys(change)
  await context.record({ type: 'breach-cause.changed', subject: { kind: 'breach-cause', id }, audience: 'staff', data: { fields } })
}
