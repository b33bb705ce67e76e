import { company } from '../../../contract/desk.ts'
import { routes } from '../../kernel/routes.ts'
import { companySettings, setUpState } from './access.ts'
import { changeCompany, endSetUp, inviteColleagues } from './actions.ts'

export const companyRoutes = routes(company, {
  'GET /api/company': async (context) => {
    const { name, supports, language, accent, logo, whoHasIt, closeAfterDays } = await companySettings(context.db)
    return { name, supports, language, accent, logo, whoHasIt, closeAfterDays }
  },
  'GET /api/company/settings': (context) => companySettings(context.db),
  'PATCH /api/company/settings': async (context, { body }) => {
    await changeCompany(context, body)
    return companySettings(context.db)
  },
  'GET /api/set-up': (context) => setUpState(context.db),
  'POST /api/set-up/colleagues': async (context, { body }) => ({ invited: await inviteColleagues(context, body.people) }),
  'POST /api/set-up/done': (context) => endSetUp(context),
})
