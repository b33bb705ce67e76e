import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
  redirect,
} from '@tanstack/react-router'
import './features/sessions/arrived.ts'
import { archived, keep, next, type Searched, text, ticketSearch, who } from './addresses.ts'
import { warmList } from './features/tickets/list.ts'
import { problemIn } from './kernel/call.ts'
import { setLanguage } from './kernel/language.ts'
import { queries } from './kernel/query.ts'
import { type Me, meQuery } from './kernel/session.ts'
import { NotFound } from './ui/NotFound.tsx'
import { ErrorState, Loading } from './ui/States.tsx'

/** Every screen of Firstline, each loaded when it is first shown. The rail shows what is registered here (features/shell/places.ts). */
const root = createRootRoute({
  component: Outlet,
  errorComponent: ({ error }) => <ErrorState cause={error} onRetry={() => location.reload()} />,
  notFoundComponent: NotFound,
})

/** Who is signed in, or off to the sign-in page and back afterwards. */
async function signedIn(href: string): Promise<Me> {
  try {
    const me = await queries.ensureQueryData(meQuery)
    setLanguage(me.language)
    return me
  } catch (cause) {
    const code = problemIn(cause)?.code
    if (code === 'second_factor_needed') throw redirect({ to: '/sign-in/second-factor' })
    if (code === 'second_factor_setup_needed') throw redirect({ to: '/sign-in/set-up' })
    if (code === 'sign_in_needed') throw redirect({ to: '/sign-in', search: href === '/' ? {} : { next: href } })
    throw cause
  }
}

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ location }) => {
    const me = await signedIn(location.href)
    throw redirect({ to: me.staff ? '/tickets' : '/portal', replace: true } as never)
  },
})

// Signing in (features/sessions)
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: next,
  component: lazyRouteComponent(() => import('./features/sessions/SignInPage.tsx'), 'SignInPage'),
})
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/second-factor',
  validateSearch: next,
  component: lazyRouteComponent(() => import('./features/sessions/SecondFactorPage.tsx'), 'SecondFactorPage'),
})
const secondFactorSetUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/set-up',
  validateSearch: next,
  component: lazyRouteComponent(() => import('./features/sessions/SecondFactorSetUpPage.tsx'), 'SecondFactorSetUpPage'),
})
const providerBack = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/back/$providerId',
  component: lazyRouteComponent(() => import('./features/sessions/ProviderBackPage.tsx'), 'ProviderBackPage'),
})
const connectAccount = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/connect/$confirm',
  beforeLoad: async ({ location }) => void (await signedIn(location.href)),
  component: lazyRouteComponent(() => import('./features/sessions/ConnectAccountPage.tsx'), 'ConnectAccountPage'),
})
const link = createRoute({
  getParentRoute: () => root,
  path: '/link/$token',
  component: lazyRouteComponent(() => import('./features/sessions/LinkPage.tsx'), 'LinkPage'),
})

// The staff app: rail and top bar around every screen below
const shell = lazyRouteComponent(() => import('./features/shell/Shell.tsx'), 'Shell')
const staff = createRoute({
  getParentRoute: () => root,
  id: 'staff',
  beforeLoad: async ({ location }) => {
    const me = await signedIn(location.href)
    if (!me.staff) throw redirect({ to: '/portal' as never })
  },
  pendingComponent: Loading,
  component: shell,
})

/** A screen of the staff app whose address carries nothing but its path. */
const screen = <const P extends string, K extends string>(path: P, load: () => Promise<Record<K, RouteComponent>>, name: K) =>
  createRoute({ getParentRoute: () => staff, path, component: lazyRouteComponent(load, name) })

// Tickets (features/tickets): list and conversation are panes of one screen, each with its own address
const ticketsScreen = lazyRouteComponent(() => import('./features/tickets/TicketsScreen.tsx'), 'TicketsScreen')
const tickets = createRoute({
  getParentRoute: () => staff,
  path: '/tickets',
  validateSearch: ticketSearch,
  beforeLoad: ({ search }) => warmList(search),
  component: ticketsScreen,
})
const ticketNone = createRoute({
  getParentRoute: () => tickets,
  path: '/',
  component: lazyRouteComponent(() => import('./features/tickets/NoTicket.tsx'), 'NoTicket'),
})
const ticket = createRoute({
  getParentRoute: () => tickets,
  path: '$ticketId',
  component: lazyRouteComponent(() => import('./features/tickets/TicketPane.tsx'), 'TicketPane'),
})
const ticketNew = createRoute({
  getParentRoute: () => staff,
  path: '/new-ticket',
  validateSearch: (s: Record<string, unknown>): { requester?: string } =>
    text(s['requester']) ? { requester: text(s['requester']) as string } : {},
  component: lazyRouteComponent(() => import('./features/tickets/NewTicketPage.tsx'), 'NewTicketPage'),
})

// People and organisations (features/people), teams and routing, mail, health, settings
const people = createRoute({
  getParentRoute: () => staff,
  path: '/people',
  validateSearch: (s: Searched) => ({ ...keep(s, 'q', 'organisation'), ...who(s), ...archived(s) }),
  component: lazyRouteComponent(() => import('./features/people/PeoplePage.tsx'), 'PeoplePage'),
})
const person = screen('/people/$personId', () => import('./features/people/PersonPage.tsx'), 'PersonPage')
const organisations = createRoute({
  getParentRoute: () => staff,
  path: '/organisations',
  validateSearch: (s: Searched) => ({ ...keep(s, 'q'), ...archived(s) }),
  component: lazyRouteComponent(() => import('./features/people/OrganisationsPage.tsx'), 'OrganisationsPage'),
})
const organisation = screen('/organisations/$organisationId', () => import('./features/people/OrganisationPage.tsx'), 'OrganisationPage')
const teams = createRoute({
  getParentRoute: () => staff,
  path: '/teams',
  validateSearch: (s: Searched) => keep(s, 'tab'),
  component: lazyRouteComponent(() => import('./features/teams/TeamsPage.tsx'), 'TeamsPage'),
})
const mail = createRoute({
  getParentRoute: () => staff,
  path: '/mail',
  validateSearch: (s: Searched) => keep(s, 'tab', 'q', 'verdict', 'mailbox', 'state', 'entry'),
  component: lazyRouteComponent(() => import('./features/mail/MailPage.tsx'), 'MailPage'),
})
const mailboxConnected = createRoute({
  getParentRoute: () => staff,
  path: '/mailboxes/connected',
  validateSearch: (s: Searched) => keep(s, 'state', 'code', 'error', 'error_description'),
  component: lazyRouteComponent(() => import('./features/mail/MailboxConnectedPage.tsx'), 'MailboxConnectedPage'),
})
const health = screen('/health', () => import('./features/health/HealthPage.tsx'), 'HealthPage')
const signInProviders = screen('/settings/sign-in', () => import('./features/settings/SignInProvidersPage.tsx'), 'SignInProvidersPage')
const readymade = createRoute({
  getParentRoute: () => staff,
  path: '/ready-made',
  validateSearch: (s: Searched) => keep(s, 'tab'),
  component: lazyRouteComponent(() => import('./features/readymade/ReadymadePage.tsx'), 'ReadymadePage'),
})
const settings = screen('/settings', () => import('./features/settings/SettingsPage.tsx'), 'SettingsPage')
const board = createRoute({
  getParentRoute: () => staff,
  path: '/board/$viewId',
  validateSearch: (s: Record<string, unknown>): { by?: string } => (text(s['by']) ? { by: text(s['by']) as string } : {}),
  component: lazyRouteComponent(() => import('./features/views/BoardPage.tsx'), 'BoardPage'),
})
const tasks = createRoute({
  getParentRoute: () => staff,
  path: '/tasks',
  validateSearch: (s: Searched) => keep(s, 'whose', 'state'),
  component: lazyRouteComponent(() => import('./features/tasks/TasksPage.tsx'), 'TasksPage'),
})
const taskTemplates = screen('/settings/task-templates', () => import('./features/tasks/TemplatesPage.tsx'), 'TemplatesPage')
const time = createRoute({
  getParentRoute: () => staff,
  path: '/time',
  validateSearch: (s: Searched) => ({
    ...keep(s, 'from', 'to'),
    ...(s['billable'] === true || s['billable'] === 'true' ? { billable: 'true' } : {}),
  }),
  component: lazyRouteComponent(() => import('./features/timekeeping/TimePage.tsx'), 'TimePage'),
})
const timeSettings = screen('/settings/time', () => import('./features/timekeeping/TimeSettingsPage.tsx'), 'TimeSettingsPage')
const visits = createRoute({
  getParentRoute: () => staff,
  path: '/visits',
  validateSearch: (s: Searched) => keep(s, 'whose', 'when'),
  component: lazyRouteComponent(() => import('./features/visits/VisitsPage.tsx'), 'VisitsPage'),
})
const visit = screen('/visits/$visitId', () => import('./features/visits/VisitPage.tsx'), 'VisitPage')
const satisfaction = createRoute({
  getParentRoute: () => staff,
  path: '/satisfaction',
  validateSearch: (s: Searched) => keep(s, 'from', 'to', 'tab', 'which'),
  component: lazyRouteComponent(() => import('./features/surveys/SatisfactionPage.tsx'), 'SatisfactionPage'),
})
const surveySettings = screen('/settings/satisfaction', () => import('./features/surveys/SurveySettingsPage.tsx'), 'SurveySettingsPage')
const imports = screen('/settings/imports', () => import('./features/transfer/ImportsPage.tsx'), 'ImportsPage')
const importNew = screen('/settings/imports/new', () => import('./features/transfer/NewImportPage.tsx'), 'NewImportPage')
const importOne = screen('/settings/imports/$importId', () => import('./features/transfer/ImportPage.tsx'), 'ImportPage')
const exportsOf = screen('/settings/exports', () => import('./features/transfer/ExportsPage.tsx'), 'ExportsPage')
const audit = createRoute({
  getParentRoute: () => staff,
  path: '/audit',
  validateSearch: (s: Searched) => keep(s, 'area', 'who', 'from', 'until'),
  component: lazyRouteComponent(() => import('./features/audit/AuditPage.tsx'), 'AuditPage'),
})
const takeCall = createRoute({
  getParentRoute: () => staff,
  path: '/call',
  validateSearch: (s: Searched) => keep(s, 'call', 'person'),
  component: lazyRouteComponent(() => import('./features/calls/CallPage.tsx'), 'CallPage'),
})
const calls = createRoute({
  getParentRoute: () => staff,
  path: '/calls',
  validateSearch: (s: Searched) => keep(s, 'tab'),
  component: lazyRouteComponent(() => import('./features/calls/CallsPage.tsx'), 'CallsPage'),
})
const telephone = screen('/settings/telephone', () => import('./features/verification/TelephonePage.tsx'), 'TelephonePage')
const confirm = createRoute({
  getParentRoute: () => root,
  path: '/confirm/$token',
  component: lazyRouteComponent(() => import('./features/verification/ConfirmPage.tsx'), 'ConfirmPage'),
})
const desk = [
  takeCall,
  calls,
  telephone,
  audit,
  readymade,
  board,
  tasks,
  taskTemplates,
  time,
  timeSettings,
  satisfaction,
  surveySettings,
  visits,
  visit,
  people,
  person,
  organisations,
  organisation,
  teams,
  mail,
  mailboxConnected,
  health,
  settings,
  signInProviders,
  imports,
  importNew,
  importOne,
  exportsOf,
] as const

// The portal (features/portal), for those who ask; staff may look in
const portal = createRoute({
  getParentRoute: () => root,
  path: '/portal',
  beforeLoad: async ({ location }) => void (await signedIn(location.href)),
  pendingComponent: Loading,
  component: lazyRouteComponent(() => import('./features/portal/PortalShell.tsx'), 'PortalShell'),
})
const requestSearch = (search: Record<string, unknown>): { show?: 'past'; of?: 'all' } => ({
  ...(search['show'] === 'past' ? { show: 'past' } : {}),
  ...(search['of'] === 'all' ? { of: 'all' } : {}),
})
const portalHome = createRoute({
  getParentRoute: () => portal,
  path: '/',
  validateSearch: (s: Record<string, unknown>): { about?: string } => (text(s['about']) ? { about: text(s['about']) as string } : {}),
  component: lazyRouteComponent(() => import('./features/portal/PortalHome.tsx'), 'PortalHome'),
})
const portalRequests = createRoute({
  getParentRoute: () => portal,
  path: 'requests',
  validateSearch: requestSearch,
  component: lazyRouteComponent(() => import('./features/portal/RequestsPage.tsx'), 'RequestsPage'),
})
const portalRequest = createRoute({
  getParentRoute: () => portal,
  path: 'requests/$ticketId',
  component: lazyRouteComponent(() => import('./features/portal/RequestPage.tsx'), 'RequestPage'),
})
const portalSent = createRoute({
  getParentRoute: () => portal,
  path: 'sent/$ticketId',
  component: lazyRouteComponent(() => import('./features/portal/SentPage.tsx'), 'SentPage'),
})
const portalProfile = createRoute({
  getParentRoute: () => portal,
  path: 'profile',
  component: lazyRouteComponent(() => import('./features/profile/PortalProfilePage.tsx'), 'PortalProfilePage'),
})
const ask = portal.addChildren([portalHome, portalRequests, portalRequest, portalSent, portalProfile])

// The own profile, the first set-up, the answers in a solved mail, the sample company
const profile = screen('/profile', () => import('./features/profile/ProfilePage.tsx'), 'ProfilePage')
const setUpLink = createRoute({
  getParentRoute: () => root,
  path: '/set-up/$token',
  component: lazyRouteComponent(() => import('./features/setup/FirstAdministratorPage.tsx'), 'FirstAdministratorPage'),
})
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  validateSearch: (s: Record<string, unknown>): { step?: string } => (text(s['step']) ? { step: text(s['step']) as string } : {}),
  beforeLoad: async ({ location }) => void (await signedIn(location.href)),
  component: lazyRouteComponent(() => import('./features/setup/SetUpPage.tsx'), 'SetUpPage'),
})
const workReport = createRoute({
  getParentRoute: () => root,
  path: '/work-report/$reportId',
  beforeLoad: async ({ location }) => void (await signedIn(location.href)),
  component: lazyRouteComponent(() => import('./features/visits/ReportPage.tsx'), 'ReportPage'),
})
const answer = createRoute({
  getParentRoute: () => root,
  path: '/answer/$token',
  validateSearch: (s: Record<string, unknown>): { is?: 'solved' | 'still-broken' } =>
    s['is'] === 'solved' || s['is'] === 'still-broken' ? { is: s['is'] } : {},
  component: lazyRouteComponent(() => import('./features/answers/AnswerPage.tsx'), 'AnswerPage'),
})
const surveyAnswer = createRoute({
  getParentRoute: () => root,
  path: '/survey/$token',
  validateSearch: (s: Record<string, unknown>): { score?: 1 | 2 | 3 | 4 | 5 } => {
    const score = Number(s['score'])
    return score === 1 || score === 2 || score === 3 || score === 4 || score === 5 ? { score } : {}
  },
  component: lazyRouteComponent(() => import('./features/surveys/SurveyPage.tsx'), 'SurveyPage'),
})
const demoMail = createRoute({
  getParentRoute: () => root,
  path: '/demo/mail',
  validateSearch: (s: Record<string, unknown>): { of?: string; mail?: string } => ({
    ...(text(s['of']) ? { of: text(s['of']) as string } : {}),
    ...(text(s['mail']) ? { mail: text(s['mail']) as string } : {}),
  }),
  beforeLoad: async ({ location }) => void (await signedIn(location.href)),
  component: lazyRouteComponent(() => import('./features/demo/DemoMailPage.tsx'), 'DemoMailPage'),
})

const tree = root.addChildren([
  home,
  signIn,
  secondFactor,
  secondFactorSetUp,
  providerBack,
  connectAccount,
  link,
  staff.addChildren([tickets.addChildren([ticketNone, ticket]), ticketNew, ...desk, profile]),
  ask,
  setUpLink,
  setUp,
  workReport,
  answer,
  surveyAnswer,
  confirm,
  demoMail,
])

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingMs: 150,
})

// Most visits begin with the tickets: their screen is fetched while it is still being asked who is there.
if (/^\/(tickets|$)/.test(location.pathname)) {
  void shell.preload?.()
  void ticketsScreen.preload?.()
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
