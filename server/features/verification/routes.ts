import { verifications } from '../../../contract/verification.ts'
import { take } from '../../kernel/limits.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessTicketAsStaff, accessVerification, readVerification, standingOf } from './access.ts'
import { telephoneSettings } from './access-telephone.ts'
import { beginVerification, tryCode, waive } from './actions.ts'
import { confirm, lookAtConfirmation } from './actions-confirm.ts'
import { changeTelephone } from './actions-telephone.ts'

export const verificationRoutes = routes(verifications, {
  'GET /api/tickets/:id/verification': async (context, { params }) => standingOf(context, await accessTicketAsStaff(context, params.id)),
  'POST /api/tickets/:id/verifications': async (context, { params, body }) =>
    readVerification(context, await beginVerification(context, await accessTicket(context, params.id, 'ticket.edit'), body.method)),
  'POST /api/tickets/:id/verifications/waive': async (context, { params, body }) =>
    readVerification(context, await waive(context, await accessTicket(context, params.id, 'ticket.edit'), body.reason)),
  'POST /api/verifications/:id/code': async (context, { params, body }) => {
    await tryCode(context, await accessVerification(context, params.id), body.code)
    return readVerification(context, params.id)
  },
  'POST /api/confirmations/look': {
    before: async (kernel, { body, client }) => {
      await take(kernel, `confirmation:${client.address}`, 60, 3600)
      return lookAtConfirmation(kernel, body.token)
    },
    answer: async (_context, _call, _reply, page: Awaited<ReturnType<typeof confirm>>) => page,
  },
  'POST /api/confirmations': {
    before: async (kernel, { body, client }) => {
      await take(kernel, `confirmation:${client.address}`, 60, 3600)
      return confirm(kernel, body.token, body.answer)
    },
    answer: async (_context, _call, _reply, page: Awaited<ReturnType<typeof confirm>>) => page,
  },
  'GET /api/telephone/settings': ({ db }) => telephoneSettings(db),
  'PATCH /api/telephone/settings': async (context, { body }) => {
    await changeTelephone(context, body)
    return telephoneSettings(context.db)
  },
})
