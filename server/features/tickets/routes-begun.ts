import { begun } from '../../../contract/begun.ts'
import { notAllowed } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from './access.ts'
import { attachmentFile } from './access-attachments.ts'
import { beginnings, keepDraft, keepOpen } from './actions-drafts.ts'
import { offerDraft, offeredDrafts, takeDraft } from './actions-offers.ts'
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
  'GET /api/tickets/:id/drafts': async (context, { params }) => ({
    items: await offeredDrafts(context, await accessTicket(context, params.id, 'ticket.note')),
  }),
  'POST /api/tickets/:id/drafts/offer': async (context, { params, body }) => {
    await offerDraft(context, await accessTicket(context, params.id, 'ticket.note'), body)
    return undefined
  },
  'POST /api/drafts/:id/take': (context, { params }) => takeDraft(context, params.id),
  'PUT /api/open-tickets': async (context, { body }) => {
    await keepOpen(context, body.ticketIds)
    return undefined
  },
})
