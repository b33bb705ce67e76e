import { demo } from './demo.ts'
import { company, health, live, notices, routing, search } from './desk.ts'
import { mail } from './mail.ts'
import { people } from './people.ts'
import { sessions } from './sessions.ts'
import { tickets } from './tickets.ts'

/** Every call of the product, by its name. The browser imports the type only. */
export const api = {
  ...people,
  ...sessions,
  ...tickets,
  ...mail,
  ...routing,
  ...notices,
  ...company,
  ...health,
  ...search,
  ...live,
  ...demo,
}
export type Api = typeof api
