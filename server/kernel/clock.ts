import { Temporal } from 'temporal-polyfill'

export { Temporal }
export type Instant = Temporal.Instant

/** Where `now` comes from: the machine, or a test or the sample company that moves it. Always passed in, never imported. */
export type Clock = { now(): Instant }

export const systemClock: Clock = { now: () => Temporal.Now.instant() }

export type MovedClock = Clock & { moveTo(at: Instant): void; advance(by: Temporal.DurationLike): void }

export function movedClock(start: Instant): MovedClock {
  let at = start
  return {
    now: () => at,
    moveTo: (to) => {
      at = to
    },
    advance: (by) => {
      at = at.add(by)
    },
  }
}

/** RFC 3339 in UTC with milliseconds, as it goes over the wire. */
export const onWire = (at: Instant): string => at.toString({ fractionalSecondDigits: 3 })
