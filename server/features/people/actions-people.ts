import { sql } from 'kysely'
import type { z } from 'zod'
import type { people } from '../../../contract/people.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, Problem } from '../../kernel/problem.ts'
import { type PersonFacts, readPerson } from './access.ts'
import { type OwnChoices, ownChoices } from './access-me.ts'
import { organisationByDomain, refuseBeyondScope, refuseOwnAddress } from './actions-sender.ts'
import './events.ts'

type Input = z.output<(typeof people)['POST /api/people']['body']>
type Change = z.output<(typeof people)['PATCH /api/people/:id']['body']>
type OwnChange = z.output<(typeof people)['PATCH /api/me']['body']>

export async function addPerson(context: Context, input: Input): Promise<string> {
  await checkReferences(context, input, null)
  if (input.email) await refuseOwnAddress(context.db, input.email)
  const organisationId =
    input.organisationId !== undefined ? input.organisationId : input.email ? await organisationByDomain(context.db, input.email) : null
  refuseBeyondScope(context, organisationId)
  const made = await sql<{ id: string }>`
    insert into person (name, email, organisation_id, site_id, line_manager_id, department, phones, language, time_zone, special_handling, created_at)
    values (${input.name}, ${input.email ?? null}, ${organisationId}, ${input.siteId ?? null}, ${input.lineManagerId ?? null}, ${input.department ?? ''},
      ${JSON.stringify(input.phones ?? [])}, ${input.language ?? 'en'}, ${input.timeZone ?? null}, ${input.specialHandling ?? ''}, ${context.now.toString()})
    on conflict (email) do nothing returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) throw addressTaken()
  await setLists(context, id, input)
  await context.record({ type: 'person.created', subject: { kind: 'person', id }, organisationId, audience: 'staff', data: {} })
  return id
}

const addressTaken = () =>
  new Problem('already_exists', 'Another person has this address.', {
    issues: [{ path: 'email', code: 'already_exists', message: 'Another person has this address.' }],
  })

const columnOf = {
  name: 'name',
  email: 'email',
  organisationId: 'organisation_id',
  siteId: 'site_id',
  lineManagerId: 'line_manager_id',
  department: 'department',
  language: 'language',
  timeZone: 'time_zone',
  specialHandling: 'special_handling',
  state: 'state',
} as const

export async function changePerson(
  context: Context,
  person: Granted<PersonFacts, 'person.edit'>,
  version: number,
  change: Change,
): Promise<void> {
  if (person.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this person meanwhile.', {
      details: { current: await readPerson(context, person.id) },
    })
  await checkReferences(context, change, person)
  if (change.organisationId !== undefined && !person.staff) refuseBeyondScope(context, change.organisationId)
  if (change.email !== undefined || change.organisationId !== undefined) await refuseOfOthersToo(context, person.id)
  if (change.email && change.email.toLowerCase() !== person.email?.toLowerCase()) {
    await refuseOwnAddress(context.db, change.email)
    await refuseTakenAddress(context, change.email)
  }
  await writeChange(context, person, change)
  await setLists(context, person.id, change)
}

/** F-070: an address opens all that its person sees, so whoever answers for some customers gives none to a person of others too. */
async function refuseOfOthersToo(context: Context, id: string): Promise<void> {
  const { organisations } = context.actor
  if (organisations === 'all' || id === context.actor.id) return
  const beyond = await sql`select 1 from (select organisation_id from person where id = ${id}
      union select organisation_id from person_organisation where person_id = ${id}
      union select organisation_id from role_grant where person_id = ${id}) x
    where x.organisation_id <> all(${organisations}::bigint[]) limit 1`.execute(context.db)
  if (beyond.rows.length > 0)
    throw notAllowed('This person belongs to an organisation too that is not yours: somebody who sees both changes the address.')
}

/** Checked before the write, so that the answer is a word and not a broken transaction; the constraint has the last one. */
async function refuseTakenAddress(context: Context, email: string): Promise<void> {
  const taken = await sql`select 1 from person where email = ${email}::citext`.execute(context.db)
  if (taken.rows.length > 0) throw addressTaken()
}

async function writeChange(
  context: Context,
  person: Pick<PersonFacts, 'id' | 'organisation_id'>,
  change: Change & OwnChange,
): Promise<void> {
  const fields = Object.keys(change).filter((field) => change[field as keyof typeof change] !== undefined)
  if (fields.length === 0) return
  const sets = Object.entries(columnOf).flatMap(([field, column]) => {
    const value = change[field as keyof typeof change]
    return value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`]
  })
  if (change.phones !== undefined) sets.push(sql`phones = ${JSON.stringify(change.phones)}`)
  // An address that changed is an address that nobody has proved to own.
  if (change.email !== undefined)
    sets.push(sql`verified_at = case when email is not distinct from ${change.email}::citext then verified_at end`)
  try {
    await sql`update person set version = version + 1${sets.length > 0 ? sql`, ${sql.join(sets)}` : sql``} where id = ${person.id}`.execute(
      context.db,
    )
  } catch (cause) {
    if ((cause as { code?: string }).code === '23505') throw addressTaken()
    throw cause
  }
  const organisationId = change.organisationId === undefined ? person.organisation_id : change.organisationId
  await context.record({
    type: 'person.changed',
    subject: { kind: 'person', id: person.id },
    organisationId,
    audience: 'staff',
    data: { fields },
  })
}

/** What everybody may change of themself: F-069, the contract names the fields and refuses all others. */
export async function changeMe(context: Context, change: OwnChange): Promise<void> {
  const id = context.actor.id
  if (id === null) throw notAllowed()
  if (change.state !== undefined && !context.actor.staff) throw notAllowed('Only staff say whether they are available.')
  const { undoSeconds, keyboard, ...fields } = change
  await writeChange(context, { id, organisation_id: context.actor.memberOf[0] ?? null }, fields)
  await keepOwnChoices(context, id, {
    ...(undoSeconds === undefined ? {} : { undoSeconds }),
    ...(keyboard === undefined ? {} : { keyboard }),
  })
}

async function keepOwnChoices(context: Context, id: string, chosen: OwnChoices): Promise<void> {
  if (Object.keys(chosen).length === 0) return
  const keys = Object.values(chosen.keyboard?.keys ?? {})
  if (keys.length > 60) throw invalid('keyboard.keys', 'too_many', 'At most 60 shortcuts can be changed.')
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice) throw invalid('keyboard.keys', 'taken', `The key "${twice}" is given to two shortcuts. Choose another for one of them.`)
  const value = JSON.stringify({ ...(await ownChoices(context)), ...chosen })
  await sql`insert into person_choice (person_id, value) values (${id}, ${value}) on conflict (person_id) do update set value = excluded.value`.execute(
    context.db,
  )
  const fields = Object.keys(chosen)
  await context.record({ type: 'person.changed', subject: { kind: 'person', id }, audience: 'staff', data: { fields } })
}

/** Whatever an input points to must be visible to its author, or it does not exist. */
async function checkReferences(context: Context, input: Change, person: PersonFacts | null): Promise<void> {
  const organisationId = input.organisationId === undefined ? (person?.organisation_id ?? null) : input.organisationId
  const organisations = [...(input.memberOf ?? []), ...(input.organisationId ? [input.organisationId] : [])]
  const found = await sql<{ organisations: string[]; site: boolean; manager: boolean; skills: number }>`select
      coalesce((select array_agg(id) from organisation where id = any(${organisations}::bigint[]) and archived_at is null), '{}') as organisations,
      exists (select 1 from site where id = ${input.siteId ?? null}::bigint and organisation_id = ${organisationId}::bigint) as site,
      exists (select 1 from person where id = ${input.lineManagerId ?? null}::bigint) as manager,
      (select count(*)::int from skill where id = any(${input.skillIds ?? []}::bigint[])) as skills`.execute(context.db)
  const row = found.rows[0]!
  const unknown = (path: string, message: string) => invalid(path, 'unknown', message)
  if (input.organisationId && !row.organisations.includes(input.organisationId))
    throw unknown('organisationId', 'This organisation does not exist.')
  if (input.memberOf?.some((id) => !row.organisations.includes(id))) throw unknown('memberOf', 'One of these organisations does not exist.')
  if (input.siteId && !row.site) throw unknown('siteId', 'This site does not belong to the organisation.')
  if (input.lineManagerId && (!row.manager || input.lineManagerId === person?.id))
    throw unknown('lineManagerId', 'This person cannot be the line manager.')
  if (input.skillIds && row.skills !== new Set(input.skillIds).size) throw unknown('skillIds', 'One of these skills does not exist.')
}

async function setLists(context: Context, id: string, input: Change): Promise<void> {
  if (input.memberOf !== undefined) {
    // Only what the author sees is replaced: memberships with other customers stay as they are.
    const { organisations } = context.actor
    const mine = organisations === 'all' ? sql`` : sql` and organisation_id = any(${organisations}::bigint[])`
    await sql`delete from person_organisation where person_id = ${id}${mine}`.execute(context.db)
    await sql`insert into person_organisation (person_id, organisation_id) select ${id}::bigint, x from unnest(${input.memberOf}::bigint[]) x
      on conflict do nothing`.execute(context.db)
  }
  if (input.skillIds !== undefined) {
    await sql`delete from person_skill where person_id = ${id}`.execute(context.db)
    await sql`insert into person_skill (person_id, skill_id) select ${id}::bigint, x from unnest(${input.skillIds}::bigint[]) x on conflict do nothing`.execute(
      context.db,
    )
  }
}

/** No sign-in any more (sessions hears of it and ends all proofs); tickets stay. */
export async function archivePerson(context: Context, person: Granted<PersonFacts, 'person.edit'>): Promise<void> {
  if (person.id === context.actor.id) throw notAllowed('You cannot archive yourself.')
  if (person.archived_at !== null) return
  await context.db.updateTable('person').set({ archived_at: context.now }).where('id', '=', person.id).execute()
  await context.record({
    type: 'person.archived',
    subject: { kind: 'person', id: person.id },
    organisationId: person.organisation_id,
    audience: 'staff',
    data: {},
  })
}

export async function restorePerson(context: Context, person: Granted<PersonFacts, 'person.edit'>): Promise<void> {
  if (person.archived_at === null) return
  await context.db.updateTable('person').set({ archived_at: null }).where('id', '=', person.id).execute()
  await context.record({
    type: 'person.restored',
    subject: { kind: 'person', id: person.id },
    organisationId: person.organisation_id,
    audience: 'staff',
    data: {},
  })
}

/** Whoever holds the address proved it: by a link, or by mail that its domain vouches for. */
export async function noteVerified(context: Context, personId: string): Promise<void> {
  await context.db.updateTable('person').set({ verified_at: context.now }).where('id', '=', personId).execute()
}
