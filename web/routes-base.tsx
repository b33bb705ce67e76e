import { createRootRoute, createRoute, lazyRouteComponent, Outlet, type RouteComponent, redirect } from '@tanstack/react-router'
import { problemIn } from './kernel/call.ts'
import { setLanguage } from './kernel/language.ts'
import { queries } from './kernel/query.ts'
import { type Me, meQuery } from './kernel/session.ts'
import { NotFound } from './ui/NotFound.tsx'
import { ErrorState, Loading } from './ui/States.tsx'

/** What all screens stand in. */
export const root = createRootRoute({
  component: Outlet,
  errorComponent: ({ error }) => <ErrorState cause={error} onRetry={() => location.reload()} />,
  notFoundComponent: NotFound,
})

/** Who is signed in, or off to the sign-in page and back afterwards. */
export async function signedIn(href: string): Promise<Me> {
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

// The staff app: rail and top bar around every screen below
export const shell = lazyRouteComponent(() => import('./features/shell/Shell.tsx'), 'Shell')
export const staff = createRoute({
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
export const screen = <const P extends string, K extends string>(path: P, load: () => Promise<Record<K, RouteComponent>>, name: K) =>
  createRoute({ getParentRoute: () => staff, path, component: lazyRouteComponent(load, name) })
