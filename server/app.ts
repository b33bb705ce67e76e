import type { FastifyInstance } from 'fastify'
import { alertJobs, alertSchedules } from './features/alerts/jobs.ts'
import { alertReactions } from './features/alerts/reactions.ts'
import { alertRoutes } from './features/alerts/routes.ts'
import { mountApiDocs } from './features/apidocs/routes.ts'
import { auditRoutes } from './features/audit/routes.ts'
import { automationJobs, automationSchedules } from './features/automation/jobs.ts'
import { automationReactions } from './features/automation/reactions.ts'
import { automationRoutes } from './features/automation/routes.ts'
import { calendarJobs, calendarSchedules } from './features/calendars/jobs.ts'
import { calendarReactions } from './features/calendars/reactions.ts'
import { calendarRoutes } from './features/calendars/routes.ts'
import { callJobs, callSchedules } from './features/calls/jobs.ts'
import { callReactions } from './features/calls/reactions.ts'
import { callRoutes } from './features/calls/routes.ts'
import { companyRoutes } from './features/company/routes.ts'
import { customerRoutes } from './features/customers/routes.ts'
import { demoJobs } from './features/demo/jobs.ts'
import { demoReactions } from './features/demo/reactions.ts'
import { demoRoutes } from './features/demo/routes.ts'
import { emergencyJobs, emergencySchedules } from './features/emergency/jobs.ts'
import { emergencyReactions } from './features/emergency/reactions.ts'
import { emergencyRoutes } from './features/emergency/routes.ts'
import { fieldRoutes } from './features/fields/routes.ts'
import { figureJobs, figureSchedules } from './features/figures/jobs.ts'
import { figureRoutes } from './features/figures/routes.ts'
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
import { oncallJobs, oncallSchedules } from './features/oncall/jobs.ts'
import { oncallRoutes } from './features/oncall/routes.ts'
import { pagingJobs, pagingSchedules } from './features/paging/jobs.ts'
import { pagingReactions } from './features/paging/reactions.ts'
import { pagingRoutes } from './features/paging/routes.ts'
import { peopleRoutes } from './features/people/routes.ts'
import { absenceRoutes } from './features/people/routes-absences.ts'
import { radarJobs, radarSchedules } from './features/radar/jobs.ts'
import { radarRoutes } from './features/radar/routes.ts'
import { readymadeJobs, readymadeSchedules } from './features/readymade/jobs.ts'
import { readymadeReactions } from './features/readymade/reactions.ts'
import { readymadeRoutes, scheduledRoutes } from './features/readymade/routes.ts'
import { routingJobs, routingSchedules } from './features/routing/jobs.ts'
import { routingReactions } from './features/routing/reactions.ts'
import { routingRoutes } from './features/routing/routes.ts'
import { distributionRoutes } from './features/routing/routes-distribution.ts'
import { searchJobs } from './features/search/jobs.ts'
import { searchReactions } from './features/search/reactions.ts'
import { searchRoutes, similarRoutes } from './features/search/routes.ts'
import { findActor } from './features/sessions/access.ts'
import { sessionJobs, sessionSchedules } from './features/sessions/jobs.ts'
import { sessionReactions } from './features/sessions/reactions.ts'
import { sessionRoutes } from './features/sessions/routes.ts'
import { oidcRoutes } from './features/sessions/routes-oidc.ts'
import { sideJobs, sideSchedules } from './features/sides/jobs.ts'
import { sideReactions } from './features/sides/reactions.ts'
import { sideRoutes } from './features/sides/routes.ts'
import { slaJobs, slaSchedules } from './features/sla/jobs.ts'
import { slaReactions } from './features/sla/reactions.ts'
import { slaRoutes } from './features/sla/routes.ts'
import { surveyJobs } from './features/surveys/jobs.ts'
import { surveyReactions } from './features/surveys/reactions.ts'
import { surveyRoutes } from './features/surveys/routes.ts'
import { taskReactions } from './features/tasks/reactions.ts'
import { taskRoutes } from './features/tasks/routes.ts'
import { ticketJobs, ticketSchedules } from './features/tickets/jobs.ts'
import { ticketReactions } from './features/tickets/reactions.ts'
import { ticketRoutes } from './features/tickets/routes.ts'
import { begunRoutes } from './features/tickets/routes-begun.ts'
import { helpRoutes } from './features/tickets/routes-help.ts'
import { relationRoutes } from './features/tickets/routes-relations.ts'
import { statusRoutes } from './features/tickets/routes-statuses.ts'
import { tierReactions } from './features/tiers/reactions.ts'
import { tierRoutes } from './features/tiers/routes.ts'
import { timeReactions } from './features/timekeeping/reactions.ts'
import { timeRoutes } from './features/timekeeping/routes.ts'
import { transferJobs, transferSchedules } from './features/transfer/jobs.ts'
import { transferRoutes } from './features/transfer/routes.ts'
import { verificationJobs, verificationSchedules } from './features/verification/jobs.ts'
import { verificationReactions } from './features/verification/reactions.ts'
import { verificationRoutes } from './features/verification/routes.ts'
import { viewJobs, viewSchedules } from './features/views/jobs.ts'
import { viewRoutes } from './features/views/routes.ts'
import { visitReactions } from './features/visits/reactions.ts'
import { visitRoutes } from './features/visits/routes.ts'
import { webhookJobs, webhookSchedules } from './features/webhooks/jobs.ts'
import { webhookReactions } from './features/webhooks/reactions.ts'
import { webhookRoutes } from './features/webhooks/routes.ts'
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
  calendarReactions,
  sessionReactions,
  ticketReactions,
  taskReactions,
  timeReactions,
  mailReactions,
  routingReactions,
  tierReactions,
  sideReactions,
  verificationReactions,
  callReactions,
  surveyReactions,
  visitReactions,
  readymadeReactions,
  slaReactions,
  pagingReactions,
  alertReactions,
  emergencyReactions,
  webhookReactions,
  automationReactions,
  noticeReactions,
  searchReactions,
  demoReactions,
]

export const allJobs: Jobs = {
  ...calendarJobs,
  ...sessionJobs,
  ...ticketJobs,
  ...mailJobs,
  ...routingJobs,
  ...sideJobs,
  ...verificationJobs,
  ...callJobs,
  ...surveyJobs,
  ...readymadeJobs,
  ...viewJobs,
  ...slaJobs,
  ...figureJobs,
  ...oncallJobs,
  ...pagingJobs,
  ...alertJobs,
  ...emergencyJobs,
  ...webhookJobs,
  ...automationJobs,
  ...radarJobs,
  ...noticeJobs,
  ...searchJobs,
  ...transferJobs,
  ...healthJobs,
  ...demoJobs,
}

export const allSchedules: Schedule[] = [
  ...calendarSchedules,
  ...sessionSchedules,
  ...ticketSchedules,
  ...mailSchedules,
  ...routingSchedules,
  ...sideSchedules,
  ...verificationSchedules,
  ...callSchedules,
  ...readymadeSchedules,
  ...viewSchedules,
  ...slaSchedules,
  ...figureSchedules,
  ...oncallSchedules,
  ...pagingSchedules,
  ...alertSchedules,
  ...emergencySchedules,
  ...webhookSchedules,
  ...automationSchedules,
  ...radarSchedules,
  ...noticeSchedules,
  ...transferSchedules,
  ...healthSchedules,
]

export const mergeOutside = (settings: Settings): Outside => ({ ...mailOutside(settings) })

export const routeSets = (live: Live): RouteSet[] => [
  peopleRoutes,
  absenceRoutes,
  companyRoutes,
  calendarRoutes,
  sessionRoutes,
  oidcRoutes,
  fieldRoutes,
  ticketRoutes,
  statusRoutes,
  begunRoutes,
  relationRoutes,
  helpRoutes,
  taskRoutes,
  timeRoutes,
  mailRoutes,
  routingRoutes,
  distributionRoutes,
  tierRoutes,
  sideRoutes,
  verificationRoutes,
  callRoutes,
  surveyRoutes,
  visitRoutes,
  customerRoutes,
  readymadeRoutes,
  scheduledRoutes,
  viewRoutes,
  slaRoutes,
  figureRoutes,
  oncallRoutes,
  pagingRoutes,
  alertRoutes,
  emergencyRoutes,
  webhookRoutes,
  automationRoutes,
  radarRoutes,
  noticeRoutes,
  searchRoutes,
  similarRoutes,
  transferRoutes,
  healthRoutes(live),
  auditRoutes,
  liveRoutes(live),
  demoRoutes(openRaw),
]

export function buildApp(kernel: Kernel, live: Live, tls?: { cert: string; key: string }): FastifyInstance {
  const app = httpServer(kernel, routeSets(live), { findActor, position: live.position, tls })
  answerHealthAtOnce(app, kernel)
  mountApiDocs(app)
  servePages(app, kernel.settings)
  return app
}
