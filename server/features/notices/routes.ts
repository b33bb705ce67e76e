import { notices } from '../../../contract/desk.ts'
import { routes } from '../../kernel/routes.ts'
import { listNotices, readChoices, unreadCount } from './access.ts'
import { keepChoices, markNoticesRead } from './actions.ts'

export const noticeRoutes = routes(notices, {
  'GET /api/notices': (context, { query }) => listNotices(context, query),
  'POST /api/notices/read': async (context, { body }) => {
    await markNoticesRead(context, body)
    return { unread: await unreadCount(context) }
  },
  'GET /api/notices/choices': (context) => readChoices(context),
  'PUT /api/notices/choices': async (context, { body }) => {
    await keepChoices(context, body)
    return readChoices(context)
  },
})
