import { people } from '../../../contract/people.ts'
import { routes } from '../../kernel/routes.ts'
import { accessPerson, listPeople, readPerson } from './access.ts'
import { readMe } from './access-me.ts'
import { accessOrganisation, accessSite, findSites, listOrganisations, readOrganisation, readSite } from './access-organisations.ts'
import { accessSkill, accessTeam, listSkills, listTeams, readTeam } from './access-teams.ts'
import { giveGrant, takeGrant } from './actions-grants.ts'
import {
  addOrganisation,
  addSite,
  archiveOrganisation,
  changeOrganisation,
  changeSite,
  restoreOrganisation,
} from './actions-organisations.ts'
import { addPerson, archivePerson, changeMe, changePerson, restorePerson } from './actions-people.ts'
import { addSkill, removeSkill, renameSkill } from './actions-skills.ts'
import { addTeam, archiveTeam, changeTeam, restoreTeam, setMembers } from './actions-teams.ts'

export const peopleRoutes = routes(people, {
  'GET /api/me': (context) => readMe(context),
  'PATCH /api/me': async (context, { body }) => {
    await changeMe(context, body)
    return readMe(context)
  },
  'GET /api/people': (context, { query }) => listPeople(context, query),
  'POST /api/people': async (context, { body }) => readPerson(context, await addPerson(context, body)),
  'GET /api/people/:id': (context, { params }) => readPerson(context, params.id),
  'PATCH /api/people/:id': async (context, { params, version, body }) => {
    await changePerson(context, await accessPerson(context, params.id, 'person.edit'), version, body)
    return readPerson(context, params.id)
  },
  'POST /api/people/:id/archive': async (context, { params }) => {
    await archivePerson(context, await accessPerson(context, params.id, 'person.edit'))
    return readPerson(context, params.id)
  },
  'POST /api/people/:id/restore': async (context, { params }) => {
    await restorePerson(context, await accessPerson(context, params.id, 'person.edit'))
    return readPerson(context, params.id)
  },
  'POST /api/people/:id/grants': async (context, { params, body }) => {
    await giveGrant(context, await accessPerson(context, params.id, 'grant.give'), body)
    return readPerson(context, params.id)
  },
  'DELETE /api/people/:id/grants/:grantId': async (context, { params }) => {
    await takeGrant(context, await accessPerson(context, params.id, 'grant.give'), params.grantId)
    return readPerson(context, params.id)
  },
  'GET /api/sites': async (context, { query }) => ({ items: await findSites(context, query) }),
  'GET /api/organisations': (context, { query }) => listOrganisations(context, query),
  'POST /api/organisations': async (context, { body }) => readOrganisation(context, await addOrganisation(context, body)),
  'GET /api/organisations/:id': (context, { params }) => readOrganisation(context, params.id),
  'PATCH /api/organisations/:id': async (context, { params, version, body }) => {
    await changeOrganisation(context, await accessOrganisation(context, params.id, 'organisation.edit'), version, body)
    return readOrganisation(context, params.id)
  },
  'POST /api/organisations/:id/archive': async (context, { params }) => {
    await archiveOrganisation(context, await accessOrganisation(context, params.id, 'organisation.edit'))
    return readOrganisation(context, params.id)
  },
  'POST /api/organisations/:id/restore': async (context, { params }) => {
    await restoreOrganisation(context, await accessOrganisation(context, params.id, 'organisation.edit'))
    return readOrganisation(context, params.id)
  },
  'POST /api/organisations/:id/sites': async (context, { params, body }) =>
    readSite(context, await addSite(context, await accessOrganisation(context, params.id, 'organisation.edit'), body)),
  'PATCH /api/sites/:id': async (context, { params, version, body }) => {
    await changeSite(context, await accessSite(context, params.id), version, body)
    return readSite(context, params.id)
  },
  'GET /api/teams': async (context, { query }) => ({ items: await listTeams(context, query.archived === true) }),
  'POST /api/teams': async (context, { body }) => readTeam(context, await addTeam(context, body)),
  'PATCH /api/teams/:id': async (context, { params, version, body }) => {
    await changeTeam(context, await accessTeam(context, params.id, 'team.edit'), version, body)
    return readTeam(context, params.id)
  },
  'POST /api/teams/:id/archive': async (context, { params }) => {
    await archiveTeam(context, await accessTeam(context, params.id, 'team.edit'))
    return readTeam(context, params.id)
  },
  'POST /api/teams/:id/restore': async (context, { params }) => {
    await restoreTeam(context, await accessTeam(context, params.id, 'team.edit'))
    return readTeam(context, params.id)
  },
  'PUT /api/teams/:id/members': async (context, { params, body }) => {
    await setMembers(context, await accessTeam(context, params.id, 'team.edit'), body.members)
    return readTeam(context, params.id)
  },
  'GET /api/skills': async (context) => ({ items: await listSkills(context) }),
  'POST /api/skills': (context, { body }) => addSkill(context, body.name),
  'PATCH /api/skills/:id': async (context, { params, body }) => renameSkill(context, await accessSkill(context, params.id), body.name),
  'DELETE /api/skills/:id': async (context, { params }) => removeSkill(context, await accessSkill(context, params.id)),
})
