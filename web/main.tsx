import './ui/styles.ts'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import { onLive } from './kernel/live.ts'
import { isOlder, noteHeard } from './kernel/live-position.ts'
import { queries } from './kernel/query.ts'
import { companyQuery, meQuery } from './kernel/session.ts'
import { accentProperties, themeFor } from './kernel/theme.ts'
import { router } from './routes.tsx'
import { Toasts } from './ui/Toast.tsx'

// Asked for before anything is drawn: every screen needs them, but before the sign-in there is nobody to ask about.
if (!/^\/(sign-in|link|set-up|answer)\b/.test(location.pathname)) void queries.prefetchQuery(meQuery)
void queries.prefetchQuery(companyQuery)

onLive((event) => {
  if (event.kind === 'look') void queries.invalidateQueries({ predicate: (query) => isOlder(query, event.position) })
  noteHeard(event.kind === 'change' ? event.change.position : 'position' in event ? event.position : undefined, event.kind === 'look')
})

// After an update the files that an open tab still asks for are gone: it is loaded anew, once. Drafts are kept by the server.
addEventListener('vite:preloadError', (event) => {
  const key = 'firstline-loaded-anew'
  if (Date.now() - Number(sessionStorage.getItem(key)) < 60_000) return
  sessionStorage.setItem(key, String(Date.now()))
  event.preventDefault()
  location.reload()
})

function App() {
  const { data } = useQuery(companyQuery)
  const accent = data?.accent ?? null
  const theme = useMemo(() => themeFor(accent), [accent])
  const resolver = useMemo(() => () => ({ variables: accentProperties(accent), light: {}, dark: {} }), [accent])
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={resolver}>
      <RouterProvider router={router} />
      <Toasts />
    </MantineProvider>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
