import type { Timer } from '../../../contract/time.ts'
import { type Answer, call } from '../../kernel/call.ts'
import { keyOf, queries, renew, useCall } from '../../kernel/query.ts'
import { useNow } from '../../ui/TimeAgo.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { onClock } from './duration.ts'

/** My clocks run on the server; here they are shown, as old as the answer that told of them. */
export const useTimers = (): readonly Timer[] => useCall('GET /api/timers', {}, { staleTime: 60_000 }).data?.items ?? []
const renewTimers = () => renew('GET /api/timers')

const put = (answer: Answer<'GET /api/timers'>) => void queries.setQueryData(keyOf('GET /api/timers'), answer)

export const startTimer = (ticketId: string): Promise<void> =>
  call('POST /api/tickets/:id/timer/start', { params: { id: ticketId }, body: {} }).then(put, toastProblem)
export const pauseTimer = (ticketId: string): Promise<void> =>
  call('POST /api/tickets/:id/timer/pause', { params: { id: ticketId }, body: undefined as never }).then(put, toastProblem)
export const dropTimer = (ticketId: string): Promise<void> =>
  call('DELETE /api/tickets/:id/timer', { params: { id: ticketId } }).then(renewTimers, toastProblem)

/** What it has measured by now, by this machine's distance from the answer, whatever its clock says. */
export function secondsOf(timer: Timer, now: number, told: number): number {
  return timer.seconds + (timer.running ? Math.max(0, Math.round((now - told) / 1000)) : 0)
}

export function useElapsed(timer: Timer | undefined): { seconds: number; shown: string } {
  const now = useNow()
  const told = queries.getQueryState(keyOf('GET /api/timers'))?.dataUpdatedAt ?? now
  const seconds = timer ? secondsOf(timer, Math.max(now, told), told) : 0
  return { seconds, shown: onClock(seconds) }
}
