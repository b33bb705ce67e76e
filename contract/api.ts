import { absences } from './absences.ts'
import { alerts } from './alerts.ts'
import { audit } from './audit.ts'
import { automation } from './automation.ts'
import { begun } from './begun.ts'
import { calendars } from './calendars.ts'
import { calls } from './calls.ts'
import { customers } from './customers.ts'
import { demo } from './demo.ts'
import { company, health, live, routing, search } from './desk.ts'
import { distributions } from './distribution.ts'
import { emergency } from './emergency.ts'
import { fields } from './fields.ts'
import { figures } from './figures.ts'
import { helps } from './help.ts'
import { mail } from './mail.ts'
import { notices } from './notices.ts'
import { oidc } from './oidc.ts'
import { oncall } from './oncall.ts'
import { paging } from './paging.ts'
import { people } from './people.ts'
import { radar } from './radar.ts'
import { readymades } from './readymade.ts'
import { ticketRelations } from './relations.ts'
import { scheduled } from './scheduled.ts'
import { sessions } from './sessions.ts'
import { sides } from './sides.ts'
import { similar } from './similar.ts'
import { sla } from './sla.ts'
import { statuses } from './statuses.ts'
import { surveys } from './surveys.ts'
import { tasks } from './tasks.ts'
import { tickets } from './tickets.ts'
import { tiers } from './tiers.ts'
import { time } from './time.ts'
import { transfer } from './transfer.ts'
import { verifications } from './verification.ts'
import { views } from './views.ts'
import { visits } from './visits.ts'
import { webhooks } from './webhooks.ts'

/** Every call of the product, by its name. The browser imports the type only. */
export const api = {
  ...people,
  ...absences,
  ...sessions,
  ...oidc,
  ...fields,
  ...tickets,
  ...statuses,
  ...begun,
  ...helps,
  ...ticketRelations,
  ...tasks,
  ...time,
  ...readymades,
  ...scheduled,
  ...views,
  ...paging,
  ...alerts,
  ...emergency,
  ...oncall,
  ...webhooks,
  ...automation,
  ...radar,
  ...mail,
  ...visits,
  ...customers,
  ...routing,
  ...distributions,
  ...tiers,
  ...sides,
  ...verifications,
  ...calls,
  ...surveys,
  ...sla,
  ...figures,
  ...notices,
  ...company,
  ...calendars,
  ...health,
  ...audit,
  ...search,
  ...similar,
  ...transfer,
  ...live,
  ...demo,
}
export type Api = typeof api
