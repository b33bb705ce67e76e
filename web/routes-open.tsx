import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import './features/sessions/arrived.ts'
import { next, text } from './addresses.ts'
import { root, signedIn } from './routes-base.tsx'
import { Loading } from './ui/States.tsx'

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
const pageLink = createRoute({
  getParentRoute: () => root,
  path: '/page/$token',
  component: lazyRouteComponent(() => import('./features/paging/PageLinkPage.tsx'), 'PageLinkPage'),
})
const confirm = createRoute({
  getParentRoute: () => root,
  path: '/confirm/$token',
  component: lazyRouteComponent(() => import('./features/verification/ConfirmPage.tsx'), 'ConfirmPage'),
})

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
const portalReach = createRoute({
  getParentRoute: () => portal,
  path: 'reach',
  component: lazyRouteComponent(() => import('./features/emergency/ReachPage.tsx'), 'ReachPage'),
})
const ask = portal.addChildren([portalHome, portalRequests, portalRequest, portalSent, portalReach, portalProfile])

// The first set-up, paper, the answers in a solved mail, the sample company
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
const printing = lazyRouteComponent(() => import('./features/print/PrintPage.tsx'), 'PrintPage')
const printed = (['/tickets/$ticketId/print', '/portal/requests/$ticketId/print'] as const).map((path) =>
  createRoute({
    getParentRoute: () => root,
    path,
    beforeLoad: async ({ location }) => void (await signedIn(location.href)),
    component: printing,
  }),
)
const emergencyCard = createRoute({
  getParentRoute: () => root,
  path: '/emergency-card',
  validateSearch: (s: Record<string, unknown>): { organisation?: string } =>
    text(s['organisation']) ? { organisation: text(s['organisation']) as string } : {},
  beforeLoad: async ({ location }) => void (await signedIn(location.href)),
  component: lazyRouteComponent(() => import('./features/emergency/CardPage.tsx'), 'CardPage'),
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

/** What is reached without the staff app: signing in, the portal, links in mails. */
export const open = [
  signIn,
  secondFactor,
  secondFactorSetUp,
  providerBack,
  connectAccount,
  link,
  ask,
  setUpLink,
  setUp,
  workReport,
  ...printed,
  emergencyCard,
  answer,
  surveyAnswer,
  confirm,
  pageLink,
  demoMail,
] as const
