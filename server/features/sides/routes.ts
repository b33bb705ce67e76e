import { sides } from '../../../contract/sides.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from '../tickets/access.ts'
import { keepUploads } from '../tickets/actions-uploads.ts'
import { accessSide, accessSideFile, contactsLike, readSide, sideFileOut, sidesOf } from './access.ts'
import { changeSide, finishSide, openSide, remindSide, reopenSide, writeToSide } from './actions.ts'

export const sideRoutes = routes(sides, {
  'GET /api/tickets/:id/sides': (context, { params }) => sidesOf(context, params.id),
  'POST /api/tickets/:id/sides': async (context, { params, body }) =>
    readSide(context, await openSide(context, await accessTicket(context, params.id, 'ticket.edit'), body)),
  'GET /api/sides/contacts': async (context, { query }) => ({ items: await contactsLike(context, query.q) }),
  'GET /api/sides/:id': (context, { params }) => readSide(context, params.id),
  'PATCH /api/sides/:id': async (context, { params, body, version }) => {
    await changeSide(context, await accessSide(context, params.id), version, body)
    return readSide(context, params.id)
  },
  'POST /api/sides/:id/messages': async (context, { params, body }) => {
    await writeToSide(context, await accessSide(context, params.id), body)
    return readSide(context, params.id)
  },
  'POST /api/sides/:id/remind': async (context, { params, body }) => {
    await remindSide(context, await accessSide(context, params.id), body.body, body.chaseAt)
    return readSide(context, params.id)
  },
  'POST /api/sides/:id/done': async (context, { params }) => {
    await finishSide(context, await accessSide(context, params.id))
    return readSide(context, params.id)
  },
  'POST /api/sides/:id/reopen': async (context, { params }) => {
    await reopenSide(context, await accessSide(context, params.id))
    return readSide(context, params.id)
  },
  'GET /api/side-files/:id': (context, { params }) => sideFileOut(context, params.id),
  'POST /api/side-files/:id/take': async (context, { params }) => {
    const file = await accessSideFile(context, params.id)
    const [taken] = await keepUploads(context, [
      { name: file.name, mediaType: file.media_type, size: Number(file.size), sha256: file.sha256 },
    ])
    return taken!
  },
})
