import { begun } from '../../../contract/begun.ts'
import { notAllowed } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { attachmentFile } from './access-attachments.ts'
import { beginnings, keepDraft, keepOpen } from './actions-drafts.ts'
import { keepUploads } from './actions-uploads.ts'

export const begunRoutes = routes(begun, {
  'POST /api/uploads': async (context, { uploads }) => ({ items: await keepUploads(context, uploads) }),
  'GET /api/attachments/:id': (context, { params }) => attachmentFile(context, params.id),
  'GET /api/drafts': (context) => beginnings(context),
  'PUT /api/drafts': async (context, { body }) => {
    if (!context.actor.staff && (body.kind === 'note' || body.kind === 'phone')) throw notAllowed()
    await keepDraft(context, body)
    return undefined
  },
  'PUT /api/open-tickets': async (context, { body }) => {
    await keepOpen(context, body.ticketIds)
    return undefined
  },
})
