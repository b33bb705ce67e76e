import { z } from 'zod'
import { contract, emailAddress, flag, id, idInput, instant, language, line, named, page, paging, prose } from './endpoint.ts'
import { rights, roles } from './rights.ts'

/** People, organisations (customers), sites, teams and who may what. */
export const phone = z.object({ kind: z.enum(['work', 'mobile', 'home', 'other']), number: line(50) })
const timeZone = z
  .string()
  .max(60)
  .regex(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/, 'an IANA time zone like Europe/Berlin')

export const site = z.object({
  id,
  version: z.number(),
  organisationId: id,
  name: z.string(),
  address: z.string(),
  opening: z.string().meta({ description: 'Opening hours in words.' }),
  accessNote: z.string(),
  timeZone: z.string().nullable(),
})
export const grant = z.object({
  id,
  role: z.enum(roles),
  organisation: named.nullable(),
  team: named.nullable(),
  provider: named.nullable().meta({ description: 'The sign-in provider whose group gives it; null: given by hand.' }),
})
export const personRow = z.object({
  id,
  name: z.string(),
  email: z.string().nullable(),
  organisation: named.nullable(),
  department: z.string(),
  staff: z.boolean(),
  specialHandling: z.boolean(),
  archived: z.boolean(),
})
export const person = personRow.omit({ specialHandling: true }).extend({
  version: z.number(),
  site: named.nullable(),
  lineManager: named.nullable(),
  phones: z.array(phone),
  language,
  timeZone: z.string().nullable(),
  specialHandling: z.string(),
  verified: z.boolean(),
  state: z.enum(['available', 'busy', 'away']),
  memberOf: z.array(named),
  teams: z.array(named),
  skills: z.array(named),
  grants: z.array(grant),
  createdAt: instant,
  can: z.object({ edit: z.boolean(), grant: z.boolean() }),
})
const personFields = z.strictObject({
  name: line(200),
  email: emailAddress.nullable(),
  organisationId: idInput.nullable(),
  siteId: idInput.nullable(),
  lineManagerId: idInput.nullable(),
  department: z.string().trim().max(200),
  phones: z.array(phone).max(10),
  language,
  timeZone: timeZone.nullable(),
  specialHandling: prose(4000),
  memberOf: z.array(idInput).max(50),
  skillIds: z.array(idInput).max(100),
})

export const organisationRow = z.object({
  id,
  name: z.string(),
  domains: z.array(z.string()),
  people: z.number(),
  openTickets: z.number(),
  archived: z.boolean(),
})
export const organisation = organisationRow.extend({
  version: z.number(),
  note: z.string(),
  specialHandling: z.string(),
  language: language.nullable(),
  timeZone: z.string().nullable(),
  sites: z.array(site),
  can: z.object({ edit: z.boolean() }),
})
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a mail domain like example.com')
const organisationFields = z.strictObject({
  name: line(200),
  domains: z.array(domain).max(100),
  note: prose(10_000),
  specialHandling: prose(4000),
  language: language.nullable(),
  timeZone: timeZone.nullable(),
})
const siteFields = z.strictObject({
  name: line(200),
  address: prose(1000),
  opening: prose(500),
  accessNote: prose(2000),
  timeZone: timeZone.nullable(),
})

export const team = z.object({
  id,
  version: z.number(),
  name: z.string(),
  tier: z.number().nullable(),
  speciality: z.string(),
  archived: z.boolean(),
  members: z.array(z.object({ id, name: z.string(), lead: z.boolean(), state: z.enum(['available', 'busy', 'away']) })),
  openTickets: z.number(),
})
const teamFields = z.strictObject({
  name: line(100),
  tier: z.number().int().min(1).max(9).nullable(),
  speciality: z.string().trim().max(200),
})

/** `keys` maps a shortcut's usual key to the one that this person wants: { r: 'alt+r' }. */
export const keyboard = z.object({ letters: z.boolean(), keys: z.record(z.string(), z.string()) })
const key = z
  .string()
  .max(12)
  .regex(/^(mod\+)?(alt\+)?\S$/u, 'one key, alone or with mod+ or alt+')

export const me = z.object({
  id,
  name: z.string(),
  email: z.string().nullable(),
  language,
  timeZone: z.string().nullable(),
  phones: z.array(phone),
  staff: z.boolean(),
  roles: z.array(z.enum(roles)),
  rights: z.array(z.enum(rights)),
  teams: z.array(named),
  organisation: named.nullable(),
  site: named.nullable(),
  state: z.enum(['available', 'busy', 'away']),
  unreadNotices: z.number(),
  undoSeconds: z.number().nullable().meta({ description: 'How long what I send can be taken back; null: as long as the desk says.' }),
  deskUndoSeconds: z.number(),
  keyboard,
  demo: z.boolean().meta({ description: 'This database is the sample company and the server listens on loopback.' }),
})

export const people = contract({
  'GET /api/me': { summary: 'Who I am and what I may.', who: 'person', returns: me },
  'PATCH /api/me': {
    summary: 'Changes my own profile.',
    who: 'person',
    returns: me,
    body: z
      .strictObject({
        name: line(200),
        language,
        timeZone: timeZone.nullable(),
        phones: z.array(phone).max(10),
        state: z.enum(['available', 'busy', 'away']),
        undoSeconds: z.union([z.literal(10), z.literal(20), z.literal(30), z.literal(60)]).nullable(),
        keyboard: z.strictObject({ letters: z.boolean(), keys: z.record(z.string().max(12), key) }),
      })
      .partial(),
  },
  'GET /api/people': {
    summary: 'People, by name; `q` finds by name or address.',
    who: 'person.see',
    returns: page(personRow),
    query: z.object({
      ...paging,
      q: z.string().max(200).optional(),
      organisationId: id.optional(),
      staff: flag.optional(),
      archived: flag.optional(),
    }),
  },
  'POST /api/people': {
    summary: 'Adds a person.',
    who: 'person.edit',
    status: 201,
    idempotent: true,
    returns: person,
    body: personFields.partial().required({ name: true }),
  },
  'GET /api/people/:id': { summary: 'One person.', who: 'person.see', returns: person },
  'PATCH /api/people/:id': {
    summary: 'Changes a person.',
    who: 'person.edit',
    ifMatch: true,
    returns: person,
    body: personFields.partial(),
  },
  'POST /api/people/:id/archive': {
    summary: 'Archives a person: no sign-in, sessions ended; tickets stay.',
    who: 'person.edit',
    returns: person,
  },
  'POST /api/people/:id/restore': { summary: 'Takes a person out of the archive.', who: 'person.edit', returns: person },
  'POST /api/people/:id/grants': {
    summary: 'Gives a role, everywhere or for one organisation or team.',
    who: 'grant.give',
    status: 201,
    returns: person,
    body: z.strictObject({
      role: z.enum(roles),
      organisationId: idInput.nullable().default(null),
      teamId: idInput.nullable().default(null),
    }),
  },
  'DELETE /api/people/:id/grants/:grantId': { summary: 'Takes a role away.', who: 'grant.give', returns: person },
  'GET /api/organisations': {
    summary: 'Organisations (customers), by name.',
    who: 'person.see',
    returns: page(organisationRow),
    query: z.object({ ...paging, q: z.string().max(200).optional(), archived: flag.optional() }),
  },
  'POST /api/organisations': {
    summary: 'Adds an organisation.',
    who: 'organisation.edit',
    status: 201,
    idempotent: true,
    returns: organisation,
    body: organisationFields.partial().required({ name: true }),
  },
  'GET /api/organisations/:id': { summary: 'One organisation with its sites.', who: 'person.see', returns: organisation },
  'PATCH /api/organisations/:id': {
    summary: 'Changes an organisation.',
    who: 'organisation.edit',
    ifMatch: true,
    returns: organisation,
    body: organisationFields.partial(),
  },
  'POST /api/organisations/:id/archive': { summary: 'Archives an organisation.', who: 'organisation.edit', returns: organisation },
  'POST /api/organisations/:id/restore': {
    summary: 'Takes an organisation out of the archive.',
    who: 'organisation.edit',
    returns: organisation,
  },
  'GET /api/sites': {
    summary: 'Sites of all organisations, found by the name of either, or by their ids.',
    who: 'person.see',
    returns: z.object({ items: z.array(z.object({ id, name: z.string(), organisation: named })) }),
    query: z.object({
      q: z.string().max(200).optional(),
      ids: z
        .string()
        .regex(/^\d{1,18}(,\d{1,18}){0,99}$/, 'At most 100 ids with commas between them.')
        .transform((list) => list.split(','))
        .optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
  'POST /api/organisations/:id/sites': {
    summary: 'Adds a site.',
    who: 'organisation.edit',
    status: 201,
    returns: site,
    body: siteFields.partial().required({ name: true }),
  },
  'PATCH /api/sites/:id': {
    summary: 'Changes a site.',
    who: 'organisation.edit',
    ifMatch: true,
    returns: site,
    body: siteFields.partial(),
  },
  'GET /api/teams': {
    summary: 'All teams with members and load.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(team) }),
    query: z.object({ archived: flag.optional() }),
  },
  'POST /api/teams': {
    summary: 'Adds a team.',
    who: 'team.edit',
    status: 201,
    idempotent: true,
    returns: team,
    body: teamFields.partial().required({ name: true }),
  },
  'PATCH /api/teams/:id': { summary: 'Changes a team.', who: 'team.edit', ifMatch: true, returns: team, body: teamFields.partial() },
  'POST /api/teams/:id/archive': { summary: 'Archives a team; refused while it holds open tickets.', who: 'team.edit', returns: team },
  'POST /api/teams/:id/restore': { summary: 'Takes a team out of the archive.', who: 'team.edit', returns: team },
  'PUT /api/teams/:id/members': {
    summary: 'Sets the members of a team.',
    who: 'team.edit',
    returns: team,
    body: z.strictObject({ members: z.array(z.object({ personId: idInput, lead: z.boolean().default(false) })).max(500) }),
  },
  'GET /api/skills': { summary: 'All skills.', who: 'ticket.work', returns: z.object({ items: z.array(named) }) },
  'POST /api/skills': {
    summary: 'Adds a skill.',
    who: 'team.edit',
    status: 201,
    returns: named,
    body: z.strictObject({ name: line(100) }),
  },
  'PATCH /api/skills/:id': { summary: 'Renames a skill.', who: 'team.edit', returns: named, body: z.strictObject({ name: line(100) }) },
  'DELETE /api/skills/:id': { summary: 'Removes a skill, from everybody who has it too.', who: 'team.edit' },
})
export type Me = z.infer<typeof me>
export type Person = z.infer<typeof person>
export type PersonRow = z.infer<typeof personRow>
export type Organisation = z.infer<typeof organisation>
export type OrganisationRow = z.infer<typeof organisationRow>
export type Site = z.infer<typeof site>
export type Team = z.infer<typeof team>
