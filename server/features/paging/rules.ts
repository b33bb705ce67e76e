import type { PolicyStep } from '../../../contract/paging.ts'
import type { Condition } from '../../../contract/views.ts'

/** Where a page stands, what comes next, and what counts as an acknowledgement. Pure. */
export type Place = { step: number; loop: number; round: number }

/** Past the last step and the last loop stands the catch-all, which goes on ringing. */
export const catchAllWait = 15
/** A day of it; then the page ends unanswered, and says so. */
export const mostCatchAll = 96
/** When nobody at all could be told, it is tried again so soon. */
export const nobodyWait = 5

export const isCatchAll = (steps: readonly unknown[], { step }: Place): boolean => step >= steps.length
export const waitAt = (steps: readonly PolicyStep[], place: Place): number => steps[place.step]?.wait ?? catchAllWait

/** `skip`: the repeats of this step are left out (it was passed on, or led to nobody). */
export function following(steps: readonly PolicyStep[], loops: number, place: Place, skip = false): Place {
  const { step, loop, round } = place
  if (isCatchAll(steps, place)) return { step, loop, round: round + 1 }
  if (!skip && round < (steps[step]?.repeat ?? 0)) return { step, loop, round: round + 1 }
  if (step + 1 < steps.length) return { step: step + 1, loop, round: 0 }
  if (loop < loops) return { step: 0, loop: loop + 1, round: 0 }
  return { step: steps.length, loop, round: 0 }
}

/** Each person has at most one message by one way in so many seconds; what comes meanwhile goes together. */
export const foldSeconds = 15
/** An outside call ends within ten seconds: whoever holds a message for longer is gone. */
export const staleSeconds = 20
export const linkHours = 24

export type WayAfter = { kind: 'mail' | 'push' | 'sms' | 'webhook'; channelId: string | null; after: number }

/** In the order in which they are used. Who chose no mail is still mailed last: a way of which the desk itself takes care. */
export function orderedWays(chosen: readonly WayAfter[], hasMail: boolean): WayAfter[] {
  const ordered = [...chosen].sort((a, b) => a.after - b.after || Number(a.channelId ?? 0) - Number(b.channelId ?? 0))
  if (!hasMail || ordered.some((way) => way.kind === 'mail')) return ordered.filter((way) => hasMail || way.kind !== 'mail')
  const last = ordered.at(-1)
  return [...ordered, { kind: 'mail', channelId: null, after: last ? last.after + 5 : 0 }]
}

/** The first line that somebody wrote in answer to a page's mail. */
export function isAcknowledgement(text: string): boolean {
  const first = text.split('\n').find((line) => line.trim() !== '') ?? ''
  return /^\s*(ok(ay)?|ack(nowledged?)?|yes|ja|übernommen|bestätigt|bin dran|i have it)\s*[.!]*\s*$/i.test(first)
}

/** The code out of an SMS: a number alone says nothing about who sent it, so the code is demanded. */
export const codeIn = (text: string): string | undefined => /(?:^|\D)(\d{6})(?!\d)/.exec(text)?.[1]

/** `*.example.com` also means hosts below it, and never example.com itself. */
export const hostMatches = (host: string, pattern: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1 : host === pattern

export const usualHosts = ['ntfy.sh', 'hooks.slack.com', '*.webhook.office.com', '*.logic.azure.com', '*.powerplatform.com', 'matrix.org']
/** Where the browsers' makers take pushes; an address elsewhere comes from no browser. */
export const pushHosts = ['fcm.googleapis.com', '*.push.services.mozilla.com', '*.push.apple.com', '*.notify.windows.com']

export const isPersonal = (condition: Condition): boolean =>
  condition.field === 'unread' ||
  condition.field === 'following' ||
  ('values' in condition && condition.values.some((value) => value === 'me' || value === 'mine' || value === 'my-teams'))
