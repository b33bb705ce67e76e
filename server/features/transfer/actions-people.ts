import { accessPerson } from '../people/access.ts'
import { accessOrganisation, organisationByName, readOrganisation } from '../people/access-organisations.ts'
import { addOrganisation, changeOrganisation } from '../people/actions-organisations.ts'
import { addPerson, archivePerson, changePerson } from '../people/actions-people.ts'
import { personByEmail } from '../people/actions-sender.ts'
import { addTeam } from '../people/actions-teams.ts'
import { indexOrganisation, indexPerson } from '../search/actions.ts'
import { knownId, placeOfPerson, storedPerson, teamByName } from './access-known.ts'
import { countOne, keepRef, organisationId, siteId, type World } from './actions-world.ts'
import type { OrganisationRecord, PersonRecord, TeamRecord } from './records.ts'

/** Organisations, teams and people of another desk. Nobody is given a role, and whoever has one is never changed. */
export async function importOrganisation(world: World, record: OrganisationRecord): Promise<void> {
  const { context } = world
  const known = (await knownId(world, 'organisation', record.externalId)) ?? (await organisationByName(context.db, record.name))
  const fields = {
    name: record.name,
    note: record.note,
    specialHandling: record.specialHandling,
    language: record.language,
    ...(record.domains.length > 0 ? { domains: record.domains } : {}),
  }
  const id = known ?? (await addOrganisation(context, fields))
  const how =
    known === undefined
      ? 'added'
      : world.mapping.existing === 'update' && (await changedOrganisation(world, known, record, fields))
        ? 'changed'
        : 'skipped'
  if (record.site !== null && how !== 'skipped') await siteId(world, id, record.site.name)
  await keepRef(world, 'organisation', record.externalId, id)
  if (how !== 'skipped') await indexOrganisation(context, id)
  countOne(world, 'organisations', how)
}

type OrganisationFields = Parameters<typeof addOrganisation>[1]
async function changedOrganisation(world: World, id: string, record: OrganisationRecord, fields: OrganisationFields): Promise<boolean> {
  const now = await readOrganisation(world.context, id)
  // An empty cell says nothing; it does not empty what is written here.
  const change = {
    ...(record.name !== now.name ? { name: record.name } : {}),
    ...(record.note !== '' && record.note !== now.note ? { note: record.note } : {}),
    ...(record.specialHandling !== '' && record.specialHandling !== now.specialHandling ? { specialHandling: record.specialHandling } : {}),
    ...(record.language !== null && record.language !== now.language ? { language: record.language } : {}),
    ...(fields.domains?.some((domain) => !now.domains.includes(domain))
      ? { domains: [...new Set([...now.domains, ...fields.domains])] }
      : {}),
  }
  if (Object.keys(change).length === 0) return false
  await changeOrganisation(world.context, await accessOrganisation(world.context, id, 'organisation.edit'), now.version, change)
  return true
}

export async function importTeam(world: World, record: TeamRecord): Promise<void> {
  const known = (await knownId(world, 'team', record.externalId)) ?? (await teamByName(world.context, record.name))
  const id = known ?? (await addTeam(world.context, { name: record.name }))
  await keepRef(world, 'team', record.externalId, id)
  countOne(world, 'teams', known === undefined ? 'added' : 'skipped')
}

export async function importPerson(world: World, record: PersonRecord): Promise<void> {
  const { context } = world
  const byAddress = record.email === null ? undefined : (await personByEmail(context.db, record.email))?.id
  const known = (await knownId(world, 'person', record.externalId)) ?? byAddress
  const organisation = await organisationId(world, record.organisation)
  const site = await siteId(world, organisation, record.site)
  if (known !== undefined) {
    const changed = world.mapping.existing === 'update' && (await changedPerson(world, known, record, organisation, site))
    await keepRef(world, 'person', record.externalId, known)
    return countOne(world, 'people', changed ? 'changed' : 'skipped')
  }
  const id = await addPerson(context, {
    name: record.name,
    email: record.email,
    // Without a word about it the address's domain decides, as it does for mail.
    ...(organisation === null ? {} : { organisationId: organisation, siteId: site }),
    department: record.department,
    phones: record.phones,
    language: record.language,
  })
  if (record.archived) await archivePerson(context, await accessPerson(context, id, 'person.edit'))
  await keepRef(world, 'person', record.externalId, id)
  await indexPerson(context, id)
  countOne(world, 'people', 'added')
}

async function changedPerson(
  world: World,
  id: string,
  record: PersonRecord,
  organisation: string | null,
  site: string | null,
): Promise<boolean> {
  const { context } = world
  if ((await placeOfPerson(context, id))?.staff !== false) return false
  const now = await storedPerson(context, id)
  const numbers = (list: { number: string }[]) => list.map(({ number }) => number).join('|')
  const change = {
    ...(record.name !== now.name ? { name: record.name } : {}),
    ...(record.email !== null && record.email.toLowerCase() !== now.email?.toLowerCase() ? { email: record.email } : {}),
    ...(organisation !== null && organisation !== now.organisationId ? { organisationId: organisation } : {}),
    ...(site !== null && site !== now.siteId ? { siteId: site } : {}),
    ...(record.department !== '' && record.department !== now.department ? { department: record.department } : {}),
    ...(record.phones.length > 0 && numbers(record.phones) !== numbers(now.phones) ? { phones: record.phones } : {}),
  }
  if (Object.keys(change).length === 0) return false
  const person = await accessPerson(context, id, 'person.edit')
  await changePerson(context, person, person.version, change)
  await indexPerson(context, id)
  return true
}
