import { customers } from '../../../contract/customers.ts'
import { routes } from '../../kernel/routes.ts'
import { accessPerson } from '../people/access.ts'
import { accessOrganisation } from '../people/access-organisations.ts'
import { accessTicketAsStaff } from '../tasks/access.ts'
import { accessContact, accessNote, listNotes, readCharge, readContact, readNote } from './access.ts'
import { accessDocument, documentFileOut, documentsForMe, readDocument } from './access-documents.ts'
import { readOverview } from './access-overview.ts'
import { readPath, unfinishedPaths, whoWouldJoin } from './access-path.ts'
import { standingOfPerson, standingOfTicket } from './access-standing.ts'
import { addContact, addNote, changeCharge, changeContact, changeNote, removeContact, removeNote } from './actions.ts'
import { addDocument, addVersion, changeDocument, removeDocument, takeUpload } from './actions-documents.ts'
import { beginPath, finishPath, joinPeople, setStep } from './actions-path.ts'

export const customerRoutes = routes(customers, {
  'GET /api/organisations/joining': (context, { query }) =>
    whoWouldJoin(context, query.domains.toLowerCase().split(/[\s,]+/), query.organisationId),
  'GET /api/organisations/:id/overview': async (context, { params }) =>
    readOverview(context, await accessOrganisation(context, params.id, 'person.see')),
  'PATCH /api/organisations/:id/customer': async (context, { params, version, body }) => {
    await changeCharge(context, await accessOrganisation(context, params.id, 'organisation.edit'), version, body)
    return readCharge(context, params.id)
  },
  'POST /api/organisations/:id/join': async (context, { params, body }) => ({
    joined: await joinPeople(context, await accessOrganisation(context, params.id, 'organisation.edit'), body.personIds),
  }),
  'POST /api/organisations/:id/contacts': async (context, { params, body }) =>
    readContact(context, await addContact(context, await accessOrganisation(context, params.id, 'organisation.edit'), body)),
  'PATCH /api/contacts/:id': async (context, { params, version, body }) => {
    await changeContact(context, await accessContact(context, params.id), version, body)
    return readContact(context, params.id)
  },
  'DELETE /api/contacts/:id': async (context, { params }) => removeContact(context, await accessContact(context, params.id)),
  'GET /api/organisations/:id/notes': async (context, { params, query }) =>
    listNotes(context, await accessOrganisation(context, params.id, 'person.see'), query),
  'POST /api/organisations/:id/notes': async (context, { params, body }) =>
    readNote(context, await addNote(context, await accessOrganisation(context, params.id, 'person.see'), body.body)),
  'PATCH /api/customer-notes/:id': async (context, { params, version, body }) => {
    await changeNote(context, await accessNote(context, params.id), version, body.body)
    return readNote(context, params.id)
  },
  'DELETE /api/customer-notes/:id': async (context, { params }) => removeNote(context, await accessNote(context, params.id)),
  'POST /api/organisations/:id/documents': async (context, { params, body }) => {
    const organisation = await accessOrganisation(context, params.id, 'organisation.edit')
    return readDocument(context, await addDocument(context, organisation, body, await takeUpload(context, body.uploadId)))
  },
  'PATCH /api/documents/:id': async (context, { params, version, body }) => {
    await changeDocument(context, await accessDocument(context, params.id), version, body)
    return readDocument(context, params.id)
  },
  'POST /api/documents/:id/files': async (context, { params, body }) => {
    const document = await accessDocument(context, params.id)
    await addVersion(context, document, await takeUpload(context, body.uploadId))
    return readDocument(context, params.id)
  },
  'DELETE /api/documents/:id': async (context, { params }) => removeDocument(context, await accessDocument(context, params.id)),
  'GET /api/document-files/:id': (context, { params }) => documentFileOut(context, params.id),
  'GET /api/documents': async (context) => ({ items: await documentsForMe(context) }),
  'GET /api/customer-paths': async (context) => ({ items: await unfinishedPaths(context) }),
  'GET /api/organisations/:id/path': async (context, { params }) =>
    readPath(context, await accessOrganisation(context, params.id, 'organisation.edit')),
  'POST /api/organisations/:id/path': async (context, { params }) => {
    const organisation = await accessOrganisation(context, params.id, 'organisation.edit')
    await beginPath(context, organisation)
    return readPath(context, organisation)
  },
  'PUT /api/organisations/:id/path/steps/:key': async (context, { params, body }) => {
    const organisation = await accessOrganisation(context, params.id, 'organisation.edit')
    await setStep(context, organisation, params.key, body.needed)
    return readPath(context, organisation)
  },
  'POST /api/organisations/:id/path/finish': async (context, { params }) => {
    const organisation = await accessOrganisation(context, params.id, 'organisation.edit')
    await finishPath(context, organisation)
    return readPath(context, organisation)
  },
  'GET /api/tickets/:id/customer': async (context, { params }) => standingOfTicket(context, await accessTicketAsStaff(context, params.id)),
  'GET /api/people/:id/customer': async (context, { params }) =>
    standingOfPerson(context, await accessPerson(context, params.id, 'person.see')),
})
