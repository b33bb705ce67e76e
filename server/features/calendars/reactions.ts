import { reactions } from '../../kernel/reactions.ts'
import { companySettings } from '../company/access.ts'
import { followCompanyZone } from './actions.ts'

export const calendarReactions = reactions({
  'company.changed': {
    now: async (context, { data }) => {
      if (data.fields.includes('timeZone')) await followCompanyZone(context, (await companySettings(context.db)).timeZone)
    },
  },
})
