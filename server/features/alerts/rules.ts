/**
 * What becomes of an alert, by table. One alert at most lives for a key of a source. It waits (delay, repeats), is
 * suppressed (planned work), open, acknowledged, cleared. What a machine says again is counted; what comes late or about
 * nothing is let be; what turns too often has to hold before its recovery counts.
 */
export type AlertState = 'waiting' | 'suppressed' | 'open' | 'acknowledged' | 'cleared'
export type Action = 'trigger' | 'acknowledge' | 'resolve'
/** Of its ticket: none yet, somebody or nobody works on it, resolved, or closed for good (merged, deleted, closed). */
export type TicketStand = 'none' | 'working' | 'resolved' | 'closed'
export type Standing = {
  state: AlertState
  /** Milliseconds of Unix time, all of them. */
  beganAt: number | null
  clearedAt: number | null
  turns: readonly number[]
  held: boolean
  ticket: TicketStand
  ticketEndedAt: number | null
}
export type Verb = 'begin' | 'count' | 'same' | 'late' | 'return' | 'renew' | 'acknowledge' | 'clear' | 'hold' | 'nothing'
export type Patience = { intervalMinutes: number; flapAfter: number }

export const holdMinutes = 10
export const flapWindowMinutes = 30
export const stormWindowMinutes = 5

const minute = 60_000
export const turnsWithin = (turns: readonly number[], now: number): number[] => turns.filter((at) => now - at <= flapWindowMinutes * minute)

/** The turn that is just being made counts. */
export const flaps = (turns: readonly number[], now: number, { flapAfter }: Patience): boolean =>
  flapAfter > 0 && turnsWithin(turns, now).length + 1 >= flapAfter

export function verbFor(
  alert: Standing | undefined,
  told: { action: Action; beganAt: number | null },
  patience: Patience,
  now: number,
): Verb {
  if (alert === undefined) return told.action === 'trigger' ? 'begin' : 'nothing'
  if (told.action === 'acknowledge') return alert.state === 'open' ? 'acknowledge' : 'nothing'
  if (told.action === 'resolve') return afterResolve(alert, told.beganAt, patience, now)
  return alert.state === 'cleared' ? afterCleared(alert, told.beganAt, patience, now) : whileLive(alert, told.beganAt, patience, now)
}

const older = (told: number | null, known: number | null) => told !== null && known !== null && told < known

function afterResolve(alert: Standing, beganAt: number | null, patience: Patience, now: number): Verb {
  if (alert.state === 'cleared') return 'nothing'
  if (older(beganAt, alert.beganAt)) return 'late'
  if (alert.held) return 'nothing'
  const shown = alert.state === 'open' || alert.state === 'acknowledged'
  return shown && flaps(alert.turns, now, patience) ? 'hold' : 'clear'
}

function whileLive(alert: Standing, beganAt: number | null, { intervalMinutes }: Patience, now: number): Verb {
  if (older(beganAt, alert.beganAt)) return 'late'
  const shown = alert.state === 'open' || alert.state === 'acknowledged'
  const over = alert.ticket === 'resolved' || alert.ticket === 'closed'
  // Somebody finished it, and the machine still complains: it is given the interval to notice.
  if (shown && over && alert.ticketEndedAt !== null && now - alert.ticketEndedAt > intervalMinutes * minute) return 'renew'
  // Of an episode that has gone away already: the two overtook each other.
  if (beganAt !== null && beganAt === alert.beganAt) return alert.held ? 'late' : 'same'
  return 'count'
}

function afterCleared(alert: Standing, beganAt: number | null, { intervalMinutes }: Patience, now: number): Verb {
  if (beganAt !== null && alert.beganAt !== null && beganAt <= alert.beganAt) return 'late'
  if (alert.ticket === 'none') return 'begin'
  if (alert.ticket === 'working') return 'return'
  const fresh = alert.clearedAt !== null && now - alert.clearedAt <= intervalMinutes * minute
  return fresh && alert.ticket === 'resolved' ? 'return' : 'renew'
}

/** Told often enough, and for long enough. */
/** Further ahead was written by a clock that is back where it belongs: rather too early than not for an hour. */
const wrongClock = 60_000

export const isRipe = (
  { streak, firstAt }: { streak: number; firstAt: number },
  source: { consecutive: number; delaySeconds: number },
  now: number,
): boolean => streak >= source.consecutive && (now >= firstAt + source.delaySeconds * 1000 || firstAt > now + wrongClock)

/** Impact and urgency that give this priority. */
export const gravityOf = (priority: number): { impact: number; urgency: number } =>
  ({ 1: { impact: 3, urgency: 3 }, 2: { impact: 3, urgency: 2 }, 3: { impact: 2, urgency: 2 }, 4: { impact: 2, urgency: 1 } })[
    priority
  ] ?? {
    impact: 1,
    urgency: 1,
  }
