import { sql } from 'kysely'
import type { ImportMapping, ImportThing } from '../../../contract/transfer.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { accessOrganisation, organisationByName, siteByName } from '../people/access-organisations.ts'
import { addOrganisation, addSite } from '../people/actions-organisations.ts'
import { addPerson } from '../people/actions-people.ts'
import { personByEmail, personOfSender } from '../people/actions-sender.ts'
import { addTeam } from '../people/actions-teams.ts'
import { indexOrganisation, indexPerson } from '../search/actions.ts'
import type { Counts } from './access.ts'
import { knownId, personByName, type RefKind, teamByName } from './access-known.ts'
import { type ImportRecord, type Named, refuse, type Whom } from './records.ts'

/** One batch's world: who acts, what is counted, and how what a record names becomes ids of ours. */
export type World = {
  context: Context
  /** The program, at another time. */
  at(time: Instant): Context
  run: { id: string; source: string }
  origin: string
  mapping: ImportMapping
  /** The dry run of another system: what would come before is not there yet, and is taken for granted. */
  granting: boolean
  dry: boolean
  counts: Counts
  /** Of a dry run: what earlier rows would have made, so that it is counted once. */
  noted: Set<string>
}

export function countOne(world: World, thing: ImportThing, how: 'added' | 'changed' | 'skipped' | 'broken', n = 1): void {
  if (n === 0) return
  world.counts[thing] ??= { added: 0, changed: 0, skipped: 0, broken: 0 }
  world.counts[thing][how] += n
}

/** Something made on the way, because a row names it. */
export function countMade(world: World, thing: 'organisations' | 'teams' | 'people', name: string): void {
  const key = noteOf(thing, name)
  if (world.dry && world.noted.has(key)) return
  if (world.dry) world.noted.add(key)
  countOne(world, thing, 'added')
}
const noteOf = (thing: string, name: string): string => `${thing}:${name.trim().toLowerCase()}`

/** What a row names and may make: for a dry run that goes on behind it. */
export function notesOf(record: ImportRecord): string[] {
  if (record.thing === 'people') return record.organisation?.name ? [noteOf('organisations', record.organisation.name)] : []
  if (record.thing !== 'tickets') return []
  const named = [
    ['people', record.requester?.email ?? record.requester?.name],
    ['organisations', record.organisation?.name],
    ['teams', record.team?.name],
  ] as const
  return named.flatMap(([thing, name]) => (name ? [noteOf(thing, name)] : []))
}

export async function keepRef(world: World, kind: RefKind, externalId: string, ourId: string): Promise<void> {
  await sql`insert into external_ref (origin, kind, external_id, our_id) values (${world.origin}, ${kind}, ${externalId}, ${ourId})
    on conflict (origin, kind, external_id) do update set our_id = excluded.our_id`.execute(world.context.db)
}

/** null: none named, or (dry run) one that the run itself would bring. */
export async function organisationId(world: World, named: Named | null, column = 'organisation'): Promise<string | null> {
  if (named === null) return null
  const { context } = world
  if (named.externalId !== null) {
    const known = await knownId(world, 'organisation', named.externalId)
    if (known !== undefined || world.granting) return known ?? null
    throw refuse(column, 'unknown_organisation', 'This organisation was not imported.', named.externalId)
  }
  const known = await organisationByName(context.db, named.name)
  if (known !== undefined) return known
  if (!world.mapping.make) throw refuse(column, 'unknown_organisation', 'No organisation has this name.', named.name)
  const made = await addOrganisation(context, { name: named.name })
  await indexOrganisation(context, made)
  countMade(world, 'organisations', named.name)
  return made
}

export async function siteId(world: World, organisation: string | null, name: string | null): Promise<string | null> {
  if (name === null || organisation === null) return null
  const known = await siteByName(world.context.db, organisation, name)
  if (known !== undefined) return known
  if (!world.mapping.make) throw refuse('site', 'unknown_site', 'The organisation has no such site.', name)
  return addSite(world.context, await accessOrganisation(world.context, organisation, 'organisation.edit'), { name })
}

export async function teamId(world: World, named: Named | null): Promise<string | null> {
  if (named === null) return null
  if (named.externalId !== null) {
    const known = await knownId(world, 'team', named.externalId)
    if (known !== undefined || world.granting) return known ?? null
    throw refuse('team', 'unknown_team', 'This team was not imported.', named.externalId)
  }
  const known = await teamByName(world.context, named.name)
  if (known !== undefined) return known
  if (!world.mapping.make) throw refuse('team', 'unknown_team', 'No team has this name.', named.name)
  countMade(world, 'teams', named.name)
  return addTeam(world.context, { name: named.name })
}

/** Who is meant, without making anybody. */
export async function personId(world: World, whom: Whom | null): Promise<string | undefined> {
  if (whom === null) return undefined
  if (whom.externalId !== null) return knownId(world, 'person', whom.externalId)
  if (whom.email !== null) return (await personByEmail(world.context.db, whom.email))?.id
  return (await knownId(world, 'person', `name:${whom.name.toLowerCase()}`)) ?? (await personByName(world.context, whom.name))
}

/** Who asked: known, or made on the spot; undefined in a dry run that would bring them. */
export async function requesterId(world: World, whom: Whom | null): Promise<string | undefined> {
  const known = await personId(world, whom)
  if (known !== undefined) return known
  const { requester } = world.mapping
  if (whom === null || (whom.externalId !== null && whom.externalId !== '') || (whom.email === null && whom.name === '')) {
    if (whom !== null && world.granting) return undefined
    if (requester === null)
      throw refuse('requester', 'unknown_person', 'Nobody is known who asked. Name a person for such tickets.', whom?.externalId ?? '')
    return madeFrom(world, { email: requester, name: '' })
  }
  if (whom.email !== null) return madeFrom(world, { email: whom.email, name: whom.name })
  const made = await addPerson(world.context, { name: whom.name, email: null, language: world.mapping.language })
  await keepRef(world, 'person', `name:${whom.name.toLowerCase()}`, made)
  await indexPerson(world.context, made)
  countMade(world, 'people', whom.name)
  return made
}

async function madeFrom(world: World, sender: { email: string; name: string }): Promise<string> {
  const before = await personByEmail(world.context.db, sender.email)
  if (before) return before.id
  const { id } = await personOfSender(world.context, { ...sender, language: world.mapping.language })
  await indexPerson(world.context, id)
  countMade(world, 'people', sender.email)
  return id
}
