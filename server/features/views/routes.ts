import { views } from '../../../contract/views.ts'
import { routes } from '../../kernel/routes.ts'
import { accessView, listViews, readView } from './access.ts'
import { boardOf } from './access-board.ts'
import { accessRun, csvOfRun, readRun, reportOf } from './access-bulk.ts'
import { csvOfView } from './access-csv.ts'
import { countsOfViews, ticketsOfView, tryQuery } from './access-list.ts'
import { tableOfView } from './access-table.ts'
import { addView, changeView, removeView, setAlert } from './actions.ts'
import { previewBulk, startBulk, startUndo } from './actions-bulk.ts'

export const viewRoutes = routes(views, {
  'GET /api/views': async (context) => ({ items: await listViews(context) }),
  'GET /api/views/counts': async (context) => ({ items: await countsOfViews(context) }),
  'POST /api/views/try': (context, { body }) => tryQuery(context, body.query, body.sort),
  'GET /api/views/:id': (context, { params }) => readView(context, params.id),
  'POST /api/views': async (context, { body }) => readView(context, await addView(context, body)),
  'PATCH /api/views/:id': async (context, { params, body, version }) => {
    await changeView(context, await accessView(context, params.id, 'view.edit'), version, body)
    return readView(context, params.id)
  },
  'DELETE /api/views/:id': async (context, { params }) => {
    await removeView(context, await accessView(context, params.id, 'view.edit'))
    return undefined
  },
  'GET /api/views/:id/tickets': async (context, { params, query }) =>
    ticketsOfView(context, await accessView(context, params.id, 'view.use'), query),
  'GET /api/views/:id/board': async (context, { params, query }) =>
    boardOf(context, await accessView(context, params.id, 'view.use'), query),
  'GET /api/views/:id/table': async (context, { params, query }) =>
    tableOfView(context, await accessView(context, params.id, 'view.use'), query),
  'GET /api/views/:id/csv': async (context, { params }) => csvOfView(context, await accessView(context, params.id, 'view.use')),
  'PUT /api/views/:id/alert': async (context, { params, body }) => {
    await setAlert(context, await accessView(context, params.id, 'view.use'), body.when)
    return undefined
  },
  'POST /api/bulk': async (context, { body }) => readRun(context, await previewBulk(context, body)),
  'GET /api/bulk/:id': (context, { params }) => readRun(context, params.id),
  'POST /api/bulk/:id/run': async (context, { params }) => {
    await startBulk(context, await accessRun(context, params.id))
    return readRun(context, params.id)
  },
  'POST /api/bulk/:id/undo': async (context, { params }) => {
    await startUndo(context, await accessRun(context, params.id))
    return readRun(context, params.id)
  },
  'GET /api/bulk/:id/rows': (context, { params, query }) => reportOf(context, params.id, query),
  'GET /api/bulk/:id/csv': (context, { params }) => csvOfRun(context, params.id),
})
