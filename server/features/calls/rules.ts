import type { CtiEvent } from '../../../contract/calls.ts'

/**
 * What a telephone system tells, in our words. Zammad's generic CTI says newCall, answer and hangup with a cause; some
 * say it plainly. A call that ended without an answer was missed, unless it was we who called.
 */
export type CallTold = {
  what: 'ringing' | 'answered' | 'ended' | 'missed'
  callId: string
  direction: 'in' | 'out'
  /** The other side, as it was told; '' where it was withheld. */
  number: string
  /** Our side: numbers, extensions or names of those who ring or took it. */
  own: string[]
  queue: string
  cause: string
}
const whatOf = {
  newCall: 'ringing',
  answer: 'answered',
  hangup: 'ended',
  ringing: 'ringing',
  answered: 'answered',
  ended: 'ended',
  missed: 'missed',
} as const

export function callTold(event: CtiEvent): CallTold {
  const direction = event.direction ?? 'in'
  const [other, own] = direction === 'in' ? [event.from, event.to] : [event.to, event.from]
  const users = event.user === undefined ? [] : [event.user].flat()
  const taken = event.answeringNumber ? [event.answeringNumber] : []
  return {
    what: whatOf[event.event],
    callId: event.callId,
    direction,
    number: asDialled(other),
    own: [...new Set([...taken, ...users, own].map((one) => one.trim()).filter((one) => one !== ''))],
    queue: event.queue ?? '',
    cause: event.cause ?? '',
  }
}

/** E.164 comes without its plus: long digits without a leading zero are one. */
export function asDialled(told: string): string {
  const number = told
    .replace(/^(sip|tel):/i, '')
    .replace(/@.*$/, '')
    .trim()
  if (!/\d/.test(number)) return ''
  return /^[1-9]\d{6,14}$/.test(number) ? `+${number}` : number
}

export type CallState = 'ringing' | 'answered' | 'ended' | 'missed'
/** Events may come twice and in any order; a call never goes back. */
const rank: Record<CallState, number> = { ringing: 0, answered: 1, ended: 2, missed: 2 }
export function stateAfter(before: CallState | null, told: CallTold['what'], direction: 'in' | 'out', wasAnswered: boolean): CallState {
  const next: CallState = told === 'ended' ? (wasAnswered || direction === 'out' ? 'ended' : 'missed') : told
  if (before === null) return next
  // An answer that is told after the end makes a missed call one that was taken.
  if (before === 'missed' && told === 'answered') return 'ended'
  return rank[next] > rank[before] ? next : before
}
