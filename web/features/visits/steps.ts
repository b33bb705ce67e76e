import { useEffect, useState } from 'react'
import type { Visit } from '../../../contract/visits.ts'
import { call } from '../../kernel/call.ts'
import { keyOf, queries, renew } from '../../kernel/query.ts'
import { toastProblem } from '../../ui/Toast.tsx'
import { isOffline, keepSteps, type Step, unsentSteps } from './unsent.ts'

/** Pressed is seen at once; sent in order, when there is a connection, with the time at which it was pressed. */
export function useSteps(visit: Visit) {
  const [waiting, setWaiting] = useState(() => unsentSteps(visit.id))
  const [busy, setBusy] = useState(false)
  const keep = (steps: Step[]) => {
    keepSteps(visit.id, steps)
    setWaiting(steps)
  }
  const send = async (steps: Step[]) => {
    setBusy(true)
    let left = steps
    for (const step of steps) {
      try {
        const now = await call('POST /api/visits/:id/step', { params: { id: visit.id }, body: step })
        queries.setQueryData(keyOf('GET /api/visits/:id', { params: { id: visit.id } }), now)
      } catch (cause) {
        if (isOffline(cause)) break
        // Refused, it would be refused for ever.
        toastProblem(cause)
      }
      left = left.slice(1)
      keep(left)
    }
    setBusy(false)
    renew('GET /api/visits', 'GET /api/tickets/:id/visits')
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: one listener for each visit; it reads what is kept at the time
  useEffect(() => {
    const again = () => void send(unsentSteps(visit.id))
    if (unsentSteps(visit.id).length > 0) again()
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [visit.id])
  const press = (state: Step['state'], reason = '') => {
    const steps = [...waiting, { state, reason, at: new Date().toISOString() }]
    keep(steps)
    void send(steps)
  }
  return { state: waiting.at(-1)?.state ?? visit.state, unsent: waiting.length > 0 && !busy, busy, press }
}
