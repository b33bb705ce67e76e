import { notices } from '../../../contract/notices.ts'
import { routes } from '../../kernel/routes.ts'
import { listNotices, unreadCount } from './access.ts'
import { previewYesterday, readChoices } from './access-choices.ts'
import { keepChoices, markNoticesRead } from './actions-choices.ts'

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
  'GET /api/notices/preview': (context) => previewYesterday(context),
})
