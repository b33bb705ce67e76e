import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { onProblem } from '../../kernel/call.ts'
import { onLive, startLive } from '../../kernel/live.ts'
import { forgetSession } from '../../kernel/session.ts'
import { renewOnChanges } from './renew.ts'

/** False once the stream has been away for five seconds. */
export function useLiveConnection(): boolean {
  const [connected, setConnected] = useState(true)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stopHearing = onLive((event) => {
      if (event.kind !== 'state') return
      clearTimeout(timer)
      timer = event.on ? undefined : setTimeout(() => setConnected(false), 5000)
      if (event.on) setConnected(true)
    })
    const stopRenewing = renewOnChanges()
    const stop = startLive()
    return () => {
      clearTimeout(timer)
      stopHearing()
      stopRenewing()
      stop()
    }
  }, [])
  return connected
}

/** A session that ended elsewhere leads to the sign-in page and back here. */
export function useSignedOut(): void {
  const navigate = useNavigate()
  const href = useRouterState({ select: (state) => state.location.href })
  useEffect(
    () =>
      onProblem((problem) => {
        if (problem.code !== 'sign_in_needed') return
        forgetSession()
        void navigate({ to: '/sign-in', search: { next: href } })
      }),
    [navigate, href],
  )
}
