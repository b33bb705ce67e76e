import { audit } from './audit.ts'
import { begun } from './begun.ts'
import { calls } from './calls.ts'
import { demo } from './demo.ts'
import { company, health, live, notices, routing, search } from './desk.ts'
import { mail } from './mail.ts'
import { oidc } from './oidc.ts'
import { people } from './people.ts'
import { readymades } from './readymade.ts'
import { ticketRelations } from './relations.ts'
import { scheduled } from './scheduled.ts'
import { sessions } from './sessions.ts'
import { surveys } from './surveys.ts'
import { tasks } from './tasks.ts'
import { tickets } from './tickets.ts'
import { time } from './time.ts'
import { transfer } from './transfer.ts'
import { verifications } from './verification.ts'
import { views } from './views.ts'
import { visits } from './visits.ts'

/** Every call of the product, by its name. The browser imports the type only. */
export const api = {
  ...people,
  ...sessions,
  ...oidc,
  ...tickets,
  ...begun,
  ...ticketRelations,
  ...tasks,
  ...time,
  ...readymades,
  ...scheduled,
  ...views,
  ...mail,
  ...visits,
  ...routing,
  ...verifications,
  ...calls,
  ...surveys,
  ...notices,
  ...company,
  ...health,
  ...audit,
  ...search,
  ...transfer,
  ...live,
  ...demo,
}
export type Api = typeof api
