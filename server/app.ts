import type { FastifyInstance } from 'fastify'
import type { Kernel, Outside } from './kernel/context.ts'
import type { Reactions } from './kernel/events.ts'
import { httpServer } from './kernel/http.ts'
import type { Jobs, Schedule } from './kernel/jobs.ts'
import type { Live } from './kernel/live.ts'
import { servePages } from './kernel/pages.ts'
import type { RouteSet } from './kernel/routes.ts'
import type { Settings } from './kernel/settings.ts'
import { findActor } from './features/sessions/access.ts'
import { liveRoutes } from './features/notices/live-routes.ts'
import { peopleRoutes } from './features/people/routes.ts'
import { ticketJobs } from './features/tickets/jobs.ts'
import { ticketReactions } from './features/tickets/reactions.ts'
import { ticketRoutes } from './features/tickets/routes.ts'

/** The whole product on one page. The order of reactions is the order of the features: people < sessions < tickets < mail ... */
export const allReactions: Reactions[] = [ticketReactions]

export const allJobs: Jobs = { ...ticketJobs }

export const allSchedules: Schedule[] = []

export const mergeOutside = (_settings: Settings): Outside => ({})

export const routeSets = (live: Live): RouteSet[] => [peopleRoutes, ticketRoutes, liveRoutes(live)]

export function buildApp(kernel: Kernel, live: Live, tls?: { cert: string; key: string }): FastifyInstance {
  const app = httpServer(kernel, routeSets(live), findActor, tls)
  servePages(app)
  return app
}
