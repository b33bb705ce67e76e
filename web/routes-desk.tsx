import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { archived, keep, type Searched, text, ticketSearch, who } from './addresses.ts'
import { warmList } from './features/tickets/list.ts'
import { screen, staff } from './routes-base.tsx'

// Tickets (features/tickets): list and conversation are panes of one screen, each with its own address
export const ticketsScreen = lazyRouteComponent(() => import('./features/tickets/TicketsScreen.tsx'), 'TicketsScreen')
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
const absences = screen('/absences', () => import('./features/absences/AbsencesPage.tsx'), 'AbsencesPage')
const organisations = createRoute({
  getParentRoute: () => staff,
  path: '/organisations',
  validateSearch: (s: Searched) => ({ ...keep(s, 'q'), ...archived(s) }),
  component: lazyRouteComponent(() => import('./features/people/OrganisationsPage.tsx'), 'OrganisationsPage'),
})
const organisationNew = screen('/organisations/new', () => import('./features/customers/NewCustomerPage.tsx'), 'NewCustomerPage')
const organisationPath = screen('/organisations/$organisationId/path', () => import('./features/customers/PathPage.tsx'), 'PathPage')
const organisation = screen('/organisations/$organisationId', () => import('./features/people/OrganisationPage.tsx'), 'OrganisationPage')
const teams = createRoute({
  getParentRoute: () => staff,
  path: '/teams',
  validateSearch: (s: Searched) => keep(s, 'tab'),
  component: lazyRouteComponent(() => import('./features/teams/TeamsPage.tsx'), 'TeamsPage'),
})
const queues = screen('/queues', () => import('./features/routing/QueuesPage.tsx'), 'QueuesPage')
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
const automation = createRoute({
  getParentRoute: () => staff,
  path: '/automation',
  validateSearch: (s: Searched) => keep(s, 'tab'),
  component: lazyRouteComponent(() => import('./features/automation/AutomationPage.tsx'), 'AutomationPage'),
})
const settings = screen('/settings', () => import('./features/settings/SettingsPage.tsx'), 'SettingsPage')
const board = createRoute({
  getParentRoute: () => staff,
  path: '/board/$viewId',
  validateSearch: (s: Record<string, unknown>): { by?: string } => (text(s['by']) ? { by: text(s['by']) as string } : {}),
  component: lazyRouteComponent(() => import('./features/views/BoardPage.tsx'), 'BoardPage'),
})
const table = createRoute({
  getParentRoute: () => staff,
  path: '/table/$viewId',
  validateSearch: (s: Record<string, unknown>): { sort?: string } => (text(s['sort']) ? { sort: text(s['sort']) as string } : {}),
  component: lazyRouteComponent(() => import('./features/views/TablePage.tsx'), 'TablePage'),
})
const tasks = createRoute({
  getParentRoute: () => staff,
  path: '/tasks',
  validateSearch: (s: Searched) => keep(s, 'whose', 'state'),
  component: lazyRouteComponent(() => import('./features/tasks/TasksPage.tsx'), 'TasksPage'),
})
const ownFields = screen('/settings/fields', () => import('./features/fields/FieldsPage.tsx'), 'FieldsPage')
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
const onCall = createRoute({
  getParentRoute: () => staff,
  path: '/on-call',
  validateSearch: (s: Searched) => keep(s, 'tab'),
  component: lazyRouteComponent(() => import('./features/oncall/OnCallPage.tsx'), 'OnCallPage'),
})
const rota = screen('/on-call/$rotaId', () => import('./features/oncall/RotaPage.tsx'), 'RotaPage')
const satisfaction = createRoute({
  getParentRoute: () => staff,
  path: '/satisfaction',
  validateSearch: (s: Searched) => keep(s, 'from', 'to', 'tab', 'which'),
  component: lazyRouteComponent(() => import('./features/surveys/SatisfactionPage.tsx'), 'SatisfactionPage'),
})
const calendars = screen('/settings/calendars', () => import('./features/calendars/CalendarsPage.tsx'), 'CalendarsPage')
const agreements = screen('/settings/agreements', () => import('./features/agreements/AgreementsPage.tsx'), 'AgreementsPage')
const surveySettings = screen('/settings/satisfaction', () => import('./features/surveys/SurveySettingsPage.tsx'), 'SurveySettingsPage')
const imports = screen('/settings/imports', () => import('./features/transfer/ImportsPage.tsx'), 'ImportsPage')
const importNew = screen('/settings/imports/new', () => import('./features/transfer/NewImportPage.tsx'), 'NewImportPage')
const importOne = screen('/settings/imports/$importId', () => import('./features/transfer/ImportPage.tsx'), 'ImportPage')
const exportsOf = screen('/settings/exports', () => import('./features/transfer/ExportsPage.tsx'), 'ExportsPage')
export const homeScreen = lazyRouteComponent(() => import('./features/figures/HomePage.tsx'), 'HomePage')
const homePage = createRoute({ getParentRoute: () => staff, path: '/home', component: homeScreen })
const exceptionList = screen('/home/$list', () => import('./features/figures/ExceptionPage.tsx'), 'ExceptionPage')
const figures = createRoute({
  getParentRoute: () => staff,
  path: '/figures',
  validateSearch: (s: Searched) =>
    keep(
      s,
      'from',
      'to',
      'team',
      'organisation',
      'organisationName',
      'kind',
      'priority',
      'channel',
      'person',
      'personName',
      'figure',
      'which',
      'by',
    ),
  component: lazyRouteComponent(() => import('./features/figures/FiguresPage.tsx'), 'FiguresPage'),
})
const radar = createRoute({
  getParentRoute: () => staff,
  path: '/radar',
  validateSearch: (s: Searched) => keep(s, 'state', 'order'),
  component: lazyRouteComponent(() => import('./features/radar/RadarPage.tsx'), 'RadarPage'),
})
const radarIssue = screen('/radar/$issueId', () => import('./features/radar/IssuePage.tsx'), 'IssuePage')
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
const paging = screen('/settings/paging', () => import('./features/paging/PagingPage.tsx'), 'PagingPage')
const pages = screen('/pages', () => import('./features/paging/PagesPage.tsx'), 'PagesPage')
const alerts = createRoute({
  getParentRoute: () => staff,
  path: '/alerts',
  validateSearch: (s: Searched) => keep(s, 'source'),
  component: lazyRouteComponent(() => import('./features/alerts/AlertsPage.tsx'), 'AlertsPage'),
})
const alertSources = screen('/settings/alert-sources', () => import('./features/alerts/AlertSourcesPage.tsx'), 'AlertSourcesPage')
const telephone = screen('/settings/telephone', () => import('./features/verification/TelephonePage.tsx'), 'TelephonePage')
const emergency = screen('/settings/emergency', () => import('./features/emergency/EmergencyPage.tsx'), 'EmergencyPage')
const profile = screen('/profile', () => import('./features/profile/ProfilePage.tsx'), 'ProfilePage')

/** The staff app, each screen loaded when it is first shown. The rail shows what is registered here (features/shell/places.ts). */
export const desk = [
  tickets.addChildren([ticketNone, ticket]),
  ticketNew,
  homePage,
  exceptionList,
  figures,
  radar,
  radarIssue,
  takeCall,
  calls,
  telephone,
  paging,
  pages,
  alerts,
  alertSources,
  emergency,
  audit,
  readymade,
  automation,
  board,
  table,
  tasks,
  ownFields,
  taskTemplates,
  time,
  timeSettings,
  satisfaction,
  surveySettings,
  calendars,
  agreements,
  visits,
  onCall,
  rota,
  visit,
  people,
  person,
  absences,
  organisations,
  organisationNew,
  organisationPath,
  organisation,
  teams,
  queues,
  mail,
  mailboxConnected,
  health,
  settings,
  signInProviders,
  imports,
  importNew,
  importOne,
  exportsOf,
  profile,
] as const
