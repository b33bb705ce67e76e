import type { FastifyInstance } from 'fastify'
import { mountApiDocs } from './features/apidocs/routes.ts'
import { companyRoutes } from './features/company/routes.ts'
import { demoJobs } from './features/demo/jobs.ts'
import { demoReactions } from './features/demo/reactions.ts'
import { demoRoutes } from './features/demo/routes.ts'
import { healthJobs, healthSchedules } from './features/health/jobs.ts'
import { answerHealthAtOnce, healthRoutes } from './features/health/routes.ts'
import { mailJobs, mailSchedules } from './features/mail/jobs.ts'
import { openRaw } from './features/mail/open-mail.ts'
import { mailOutside } from './features/mail/outside.ts'
import { mailReactions } from './features/mail/reactions.ts'
import { mailRoutes } from './features/mail/routes.ts'
import { noticeJobs, noticeSchedules } from './features/notices/jobs.ts'
import { liveRoutes } from './features/notices/live-routes.ts'
import { noticeReactions } from './features/notices/reactions.ts'
import { noticeRoutes } from './features/notices/routes.ts'
import { peopleRoutes } from './features/people/routes.ts'
import { routingReactions } from './features/routing/reactions.ts'
import { routingRoutes } from './features/routing/routes.ts'
import { searchJobs } from './features/search/jobs.ts'
import { searchReactions } from './features/search/reactions.ts'
import { searchRoutes } from './features/search/routes.ts'
import { findActor } from './features/sessions/access.ts'
import { sessionJobs, sessionSchedules } from './features/sessions/jobs.ts'
import { sessionReactions } from './features/sessions/reactions.ts'
import { sessionRoutes } from './features/sessions/routes.ts'
import { ticketJobs, ticketSchedules } from './features/tickets/jobs.ts'
import { ticketReactions } from './features/tickets/reactions.ts'
import { ticketRoutes } from './features/tickets/routes.ts'
import type { Kernel, Outside } from './kernel/context.ts'
import { httpServer } from './kernel/http.ts'
import type { Jobs, Schedule } from './kernel/jobs.ts'
import type { Live } from './kernel/live.ts'
import { servePages } from './kernel/pages.ts'
import type { Reactions } from './kernel/reactions.ts'
import type { RouteSet } from './kernel/routes.ts'
import type { Settings } from './kernel/settings.ts'

/** The whole product on one page. The order of reactions is the order of the features: people < company < sessions < tickets < mail ... */
export const allReactions: Reactions[] = [
  sessionReactions,
  ticketReactions,
  mailReactions,
  routingReactions,
  noticeReactions,
  searchReactions,
  demoReactions,
]

export const allJobs: Jobs = { ...sessionJobs, ...ticketJobs, ...mailJobs, ...noticeJobs, ...searchJobs, ...healthJobs, ...demoJobs }

export const allSchedules: Schedule[] = [...sessionSchedules, ...ticketSchedules, ...mailSchedules, ...noticeSchedules, ...healthSchedules]

export const mergeOutside = (settings: Settings): Outside => ({ ...mailOutside(settings) })

export const routeSets = (live: Live): RouteSet[] => [
  peopleRoutes,
  companyRoutes,
  sessionRoutes,
  ticketRoutes,
  mailRoutes,
  routingRoutes,
  noticeRoutes,
  searchRoutes,
  healthRoutes(live),
  liveRoutes(live),
  demoRoutes(openRaw),
]

export function buildApp(kernel: Kernel, live: Live, tls?: { cert: string; key: string }): FastifyInstance {
  const app = httpServer(kernel, routeSets(live), findActor, tls)
  answerHealthAtOnce(app, kernel)
  mountApiDocs(app)
  servePages(app)
  return app
}
