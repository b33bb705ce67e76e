import { type Chosen, type Notice, presets, type QuietHours, reasons } from '../../../contract/notices.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import { nextAt, nextHour, quietUntil } from './rules-hours.ts'

/** What a person wants to be told, and what follows for the moment at which it goes out. Pure. */
type Reason = Notice['reason']
export type Preset = (typeof presets)[number]
type Ways = Pick<Chosen, 'byMail' | 'hourly' | 'daily' | 'byBrowser' | 'byPush' | 'notInApp'>

/** The same as the columns' defaults (0034): who chose nothing has no row. */
export const usual: Ways = {
  byMail: ['assigned', 'reply', 'mention', 'passed', 'task', 'shift', 'escalated'],
  hourly: [],
  daily: [],
  byBrowser: ['assigned', 'team', 'reply', 'mention', 'passed', 'task', 'due', 'breached', 'shift', 'escalated'],
  byPush: [],
  notInApp: [],
}
export const untouched: Omit<Chosen, keyof Ways> = { dailyAt: '08:00', quiet: [], mentionsInQuiet: 'through' }

export const waysOf: Record<Preset, Ways> = {
  usual,
  calm: {
    byMail: ['mention', 'help', 'shift', 'escalated'],
    hourly: [],
    daily: ['assigned', 'reply', 'passed', 'task', 'call-back', 'visit', 'undelivered'],
    byBrowser: ['mention', 'help', 'breached', 'escalated'],
    byPush: [],
    notInApp: ['team', 'task-done', 'view', 'burst'],
  },
  everything: { byMail: [...reasons], hourly: [], daily: [], byBrowser: [...reasons], byPush: [...reasons], notInApp: [] },
}

const same = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((reason) => other.includes(reason))
export const presetOf = (ways: Ways): Preset | null =>
  presets.find((name) => Object.entries(waysOf[name]).every(([way, listed]) => same(ways[way as keyof Ways], listed))) ?? null

/** Each reason is mailed one way at most: sooner wins over later. */
export function once(chosen: Chosen): Chosen {
  const unique = (list: Reason[], ...sooner: Reason[][]) => [...new Set(list)].filter((one) => !sooner.some((list) => list.includes(one)))
  const { byMail, hourly, daily, byBrowser, byPush, notInApp } = chosen
  return {
    ...chosen,
    byMail: unique(byMail),
    hourly: unique(hourly, byMail),
    daily: unique(daily, byMail, hourly),
    byBrowser: unique(byBrowser),
    byPush: unique(byPush),
    notInApp: unique(notInApp),
  }
}

export type Hours = { quiet: readonly QuietHours[]; mentionsInQuiet: string; zone: string }
export type Wait = 'hourly' | 'daily' | 'quiet'
type Mailed = Pick<Chosen, 'byMail' | 'hourly' | 'daily' | 'dailyAt'> & Hours

const isHeld = (reason: Reason, { mentionsInQuiet }: Hours): boolean => reason !== 'mention' || mentionsInQuiet === 'held'
export const heldUntil = (reason: Reason, hours: Hours, at: Instant): Instant | null =>
  isHeld(reason, hours) ? quietUntil(hours.quiet, hours.zone, at) : null

/** When the mail of something that could go out at `from` goes; null: by this person's choice, never. */
export function mailMoment(reason: Reason, from: Instant, chosen: Mailed): { at: Instant; why: 'at-once' | Wait } | null {
  const slot = chosen.byMail.includes(reason)
    ? ({ at: from, why: 'at-once' } as const)
    : chosen.hourly.includes(reason)
      ? ({ at: nextHour(chosen.zone, from), why: 'hourly' } as const)
      : chosen.daily.includes(reason)
        ? ({ at: nextAt(chosen.zone, chosen.dailyAt, from), why: 'daily' } as const)
        : null
  if (slot === null) return null
  const held = heldUntil(reason, chosen, slot.at)
  return held === null ? slot : { at: held, why: 'quiet' }
}

/** What to do now with a mail that is due: it goes, or it waits. After a standstill it goes once, whatever was missed. */
export function mailNow(
  due: { reason: Reason; dueAt: Instant; planned: Wait | null },
  chosen: Mailed,
  now: Instant,
): 'send' | 'off' | { until: Instant; why: Wait } {
  const planned = due.planned === null ? mailMoment(due.reason, due.dueAt, chosen) : { at: due.dueAt, why: due.planned }
  if (planned === null) return 'off'
  if (Temporal.Instant.compare(planned.at, now) > 0 && planned.why !== 'at-once') return { until: planned.at, why: planned.why }
  const held = heldUntil(due.reason, chosen, now)
  return held === null ? 'send' : { until: held, why: 'quiet' }
}
