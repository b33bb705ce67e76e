import type { Chosen, Notice, NoticeChoices } from '../../../contract/notices.ts'
import { keyOf, queries, useSend } from '../../kernel/query.ts'
import { toastProblem } from '../../ui/Toast.tsx'

/** What one ticks is kept at once: only what changed goes over the wire, so that two quick ticks do not undo each other. */
export type Reason = Notice['reason']
export type MailWay = 'now' | 'hourly' | 'daily' | 'off'
const key = keyOf('GET /api/notices/choices')

/** Read again once nothing is on its way: an answer from between two ticks would take the second back for a moment. */
let onTheWay = 0
function arrived() {
  onTheWay -= 1
  if (onTheWay > 0) return
  for (const queryKey of [key, keyOf('GET /api/notices/preview')]) void queries.invalidateQueries({ queryKey })
}

export function useChoose() {
  const send = useSend('PUT /api/notices/choices', {
    onDone: arrived,
    onProblem: (cause) => {
      arrived()
      toastProblem(cause)
    },
  })
  return (change: Partial<Chosen> & { preset?: 'calm' | 'usual' | 'everything' }) => {
    onTheWay += 1
    void queries.cancelQueries({ queryKey: key })
    queries.setQueryData<NoticeChoices>(key, (now) => now && { ...now, ...change })
    send.mutate({ body: change })
  }
}

export const mailWayOf = (chosen: Chosen, reason: Reason): MailWay =>
  chosen.byMail.includes(reason) ? 'now' : chosen.hourly.includes(reason) ? 'hourly' : chosen.daily.includes(reason) ? 'daily' : 'off'

export function withMailWay(chosen: Chosen, reason: Reason, way: MailWay): Pick<Chosen, 'byMail' | 'hourly' | 'daily'> {
  const list = (name: 'byMail' | 'hourly' | 'daily', its: MailWay) => {
    const others = chosen[name].filter((one) => one !== reason)
    return way === its ? [...others, reason] : others
  }
  return { byMail: list('byMail', 'now'), hourly: list('hourly', 'hourly'), daily: list('daily', 'daily') }
}

export const turned = (list: readonly Reason[], reason: Reason, on: boolean): Reason[] =>
  on ? [...list.filter((one) => one !== reason), reason] : list.filter((one) => one !== reason)

export const groups: { name: 'mine' | 'together' | 'team' | 'time' | 'desk'; reasons: readonly Reason[] }[] = [
  {
    name: 'mine',
    reasons: ['assigned', 'reply', 'passed', 'task', 'task-done', 'call-back', 'visit', 'back', 'snooze-over', 'undelivered'],
  },
  { name: 'together', reasons: ['mention', 'help', 'help-answer', 'side', 'side-chase'] },
  { name: 'team', reasons: ['team', 'unclaimed', 'escalated', 'view', 'burst'] },
  { name: 'time', reasons: ['due', 'breached', 'shift'] },
  { name: 'desk', reasons: ['rule', 'switched-off', 'reply-dropped', 'system'] },
]
