import { createRoute, createRouter, redirect } from '@tanstack/react-router'
import { root, shell, signedIn, staff } from './routes-base.tsx'
import { desk, homeScreen, ticketsScreen } from './routes-desk.tsx'
import { open } from './routes-open.tsx'

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ location }) => {
    const me = await signedIn(location.href)
    throw redirect({ to: me.staff ? '/home' : '/portal', replace: true } as never)
  },
})

const tree = root.addChildren([home, staff.addChildren([...desk]), ...open])

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingMs: 150,
})

// Most visits begin here: the screen is fetched while it is still being asked who is there.
const first = /^\/(home)?$/.test(location.pathname) ? homeScreen : location.pathname.startsWith('/tickets') ? ticketsScreen : undefined
if (first) {
  void shell.preload?.()
  void first.preload?.()
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
