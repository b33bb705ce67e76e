import { sql } from 'kysely'
import { rights } from '../../../contract/rights.ts'
import { type Actor, type Grant, systemActor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { addMailbox } from '../mail/actions-mailboxes.ts'
import { accessOrganisation } from '../people/access-organisations.ts'
import { accessTeam } from '../people/access-teams.ts'
import { writeGrant } from '../people/actions-grants.ts'
import { addOrganisation, addSite } from '../people/actions-organisations.ts'
import { addPerson, noteVerified } from '../people/actions-people.ts'
import { addSkill } from '../people/actions-skills.ts'
import { addTeam, setMembers } from '../people/actions-teams.ts'
import { actorOf } from '../people/rules.ts'
import { addRule } from '../routing/actions.ts'
import { organisations } from './organisations.ts'
import type { PersonPlan } from './people-plan.ts'
import { outsiders, provider, type StaffPlan, staffPlans, teams } from './provider.ts'
import { managerOf } from './year-plan.ts'

/** The standing parts of the sample company, and what the year's plan needs to find them by its own keys. */
export type Someone = {
  id: string
  name: string
  email: string
  actor: Actor
  staff: boolean
  organisationId: string | null
  siteId: string | null
}
export type House = {
  person(key: string): Someone
  people: Map<string, Someone>
  teams: Map<string, string>
  organisations: Map<string, string>
  sites: Map<string, string>
  mailboxes: Map<string, string>
  categories: Map<string, string>
  statuses: Map<string, string>
  tickets: Map<string, string>
  began: Instant
}

const program = systemActor(new Set(rights))

export async function settleHouse(actAs: ActAs, now: Instant): Promise<House> {
  const began = now.subtract({ hours: 24 * 370 })
  const context = actAs(program, began)
  const people = new Map<string, Someone>()
  const house: House = {
    people,
    person: (key) => {
      const found = people.get(key)
      if (!found) throw new Error(`Nobody in the sample company is called ${key}.`)
      return found
    },
    teams: new Map(),
    organisations: new Map(),
    sites: new Map(),
    mailboxes: new Map(),
    tickets: new Map(),
    began,
    categories: await keyed(context, 'category'),
    statuses: await keyed(context, 'status'),
  }
  for (const plan of teams)
    house.teams.set(plan.key, await addTeam(context, { name: plan.name, tier: plan.tier, speciality: plan.speciality }))
  await addStaff(context, house)
  await addCustomers(actAs(house.person('administrator').actor, began), house)
  await addMailboxes(actAs(house.person('administrator').actor, began), house)
  return house
}

async function keyed(context: Context, what: 'category' | 'status'): Promise<Map<string, string>> {
  const found = await sql<{
    key: string
    id: string
  }>`select ${sql.ref(what === 'category' ? 'key' : 'meaning')} as key, id from ${sql.table(what)}`.execute(context.db)
  return new Map(found.rows.map((row) => [row.key, row.id]))
}

async function addStaff(context: Context, house: House): Promise<void> {
  const skills = new Map<string, string>()
  for (const name of new Set(staffPlans.flatMap((plan) => plan.skills))) skills.set(name, (await addSkill(context, name)).id)
  // The administrator first: whoever comes after is added by them.
  for (const plan of [...staffPlans].sort((a, b) => Number(b.key === 'administrator') - Number(a.key === 'administrator'))) {
    const email = `${plan.name
      .toLowerCase()
      .normalize('NFD')
      .replace(/ł/g, 'l')
      .replace(/ı/g, 'i')
      .replace(/[^a-z ]/g, '')
      .replace(/ +/g, '.')}@${provider.domain}`
    const id = await addPerson(context, {
      name: plan.name,
      email,
      department: plan.department,
      language: plan.language,
      timeZone: 'Europe/Berlin',
      phones: [{ kind: 'work', number: plan.phone }],
      skillIds: plan.skills.map((name) => skills.get(name)!),
    })
    await noteVerified(context, id)
    for (const role of plan.roles) await writeGrant(context, id, { role, organisationId: null, teamId: null })
    const grants: Grant[] = plan.roles.map((role) => ({ role, organisationId: null, teamId: null }))
    house.people.set(plan.key, someone(house, id, plan, email, grants))
  }
  for (const { key } of teams) {
    const members = staffPlans
      .filter((plan) => plan.teams.includes(key))
      .map((plan) => ({ personId: house.person(plan.key).id, lead: plan.leads.includes(key) }))
    await setMembers(context, await accessTeam(context, house.teams.get(key)!, 'team.edit'), members)
  }
}

function someone(house: House, id: string, plan: StaffPlan, email: string, grants: Grant[]): Someone {
  const teamIds = plan.teams.map((key) => house.teams.get(key)!)
  return {
    id,
    name: plan.name,
    email,
    actor: actorFor({ id, name: plan.name, email, language: plan.language, grants, teamIds, organisationId: null }, house.began),
    staff: true,
    organisationId: null,
    siteId: null,
  }
}

type Standing = {
  id: string
  name: string
  email: string
  language: string
  grants: Grant[]
  teamIds: string[]
  organisationId: string | null
}

/** The person as an actor, with exactly the rights that their grants give on the screen. */
function actorFor({ id, name, email, language, grants, teamIds, organisationId }: Standing, at: Instant): Actor {
  return actorOf({
    person_id: id,
    session_id: null,
    token_id: null,
    scopes: null,
    seen_at: null,
    created_at: at,
    second_factor_at: at,
    name,
    email,
    language,
    time_zone: null,
    organisation_ids: organisationId === null ? null : [organisationId],
    team_ids: teamIds,
    grants,
    has_totp: false,
    has_passkey: false,
    second_factor_policy: 'nobody',
  })
}

async function addCustomers(context: Context, house: House): Promise<void> {
  for (const plan of organisations) {
    const { name, note, specialHandling, language, timeZone, domain } = plan
    const id = await addOrganisation(context, { name, note, specialHandling, language, timeZone, domains: [domain] })
    house.organisations.set(plan.key, id)
    const organisation = await accessOrganisation(context, id, 'organisation.edit')
    for (const site of plan.sites)
      house.sites.set(
        site.key,
        await addSite(context, organisation, {
          name: site.name,
          address: site.address,
          accessNote: site.accessNote,
          timeZone: site.timeZone,
        }),
      )
  }
}

async function addMailboxes(context: Context, house: House): Promise<void> {
  const teamId = house.teams.get('desk')!
  const signature = { en: `${provider.name} service desk\n${provider.phone}`, de: `${provider.name} Service Desk\n${provider.phone}` }
  const add = async (name: string, address: string, language: 'en' | 'de', organisation: string | null) =>
    house.mailboxes.set(
      address,
      await addMailbox(context, {
        name,
        address,
        way: 'smtp',
        teamId,
        organisationId: organisation && house.organisations.get(organisation)!,
        language,
        acknowledge: true,
        signature,
      }),
    )
  await add(`${provider.name} support`, provider.desk, 'en', null)
  await add('Nordwind Helpdesk', 'helpdesk@nordwind.example', 'de', 'nordwind')
  await add('Calder & Wren IT help', 'it-help@calderwren.example', 'en', 'calderwren')
  await sql`update mailbox set proved_at = created_at`.execute(context.db)
}

export async function peopleOfHouse(actAs: ActAs, house: House, plans: PersonPlan[], now: Instant): Promise<void> {
  const context = actAs(house.person('administrator').actor, house.began)
  // Heads first, so that each line manager is there before their people.
  for (const plan of [...plans].sort((a, b) => rank(plans, a) - rank(plans, b))) await addCustomerPerson(context, house, plan, plans)
  for (const { key, name, email, phone } of outsiders) {
    const id = await addPerson(context, { name, email, phones: [{ kind: 'work', number: phone }] })
    house.people.set(key, {
      id,
      name,
      email,
      actor: actorFor({ id, name, email, language: 'de', grants: [], teamIds: [], organisationId: null }, house.began),
      staff: false,
      organisationId: null,
      siteId: null,
    })
  }
  await sql`update person set verified_at = ${house.began.toString()} where verified_at is null and organisation_id is not null`.execute(
    context.db,
  )
  await addRules(actAs(house.person('administrator').actor, now.subtract({ hours: 24 * 14 })), house)
}

const rank = (plans: PersonPlan[], plan: PersonPlan): number => (managerOf(plans, plan) === plan ? 0 : plan.head ? 1 : 2)

async function addCustomerPerson(context: Context, house: House, plan: PersonPlan, plans: PersonPlan[]): Promise<void> {
  const organisationId = house.organisations.get(plan.organisation.key)!
  const siteId = house.sites.get(plan.site.key)!
  const manager = managerOf(plans, plan)
  const { name, email, department, language, phones, specialHandling } = plan
  const timeZone = plan.site.timeZone
  const id = await addPerson(context, {
    name,
    email,
    department,
    language,
    phones,
    specialHandling,
    organisationId,
    siteId,
    timeZone,
    ...(manager === plan ? {} : { lineManagerId: house.person(manager.key).id }),
  })
  const grants: Grant[] = []
  if (plan.key === 'head-of-it' || (plan.head && ['IT', 'HR'].includes(plan.department))) {
    await writeGrant(context, id, { role: 'organisation-viewer', organisationId, teamId: null })
    grants.push({ role: 'organisation-viewer', organisationId, teamId: null })
  }
  house.people.set(plan.key, {
    id,
    name,
    email,
    actor: actorFor({ id, name, email, language, grants, teamIds: [], organisationId }, house.began),
    staff: false,
    organisationId,
    siteId,
  })
}

/** Late in the year the desk began to route by itself; before, everything came to the service desk. */
async function addRules(context: Context, house: House): Promise<void> {
  const team = (key: string) => house.teams.get(key)!
  await addRule(context, {
    name: 'Suspicious mail',
    words: ['phishing', 'suspicious mail', 'verdächtige E-Mail', 'verdächtige Mail'],
    teamId: team('security'),
    on: true,
  })
  await addRule(context, {
    name: 'Lost or stolen device',
    categoryId: house.categories.get('security.lost')!,
    teamId: team('security'),
    on: true,
  })
  await addRule(context, {
    name: 'VPN of Lumen Optik',
    organisationId: house.organisations.get('lumen')!,
    words: ['VPN'],
    teamId: team('network'),
    on: true,
  })
  await addRule(context, { name: 'Everything else', teamId: team('desk'), on: true })
}
