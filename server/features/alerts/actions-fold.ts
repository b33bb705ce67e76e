import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { companySettings } from '../company/access.ts'
import {
  atOnce,
  type Event,
  lockSource,
  newIds,
  type Row,
  rowsByKey,
  rowsDue,
  silencesNow,
  stormLives,
  stormNow,
  waitingEvents,
} from './access-folding.ts'
import { sourceToFold } from './access-sources.ts'
import { comeBack, type Fold, type Outcome, writeFold } from './actions-fold-end.ts'
import { keepLines, raiseStorm, stormFor, tellCleared, tellReturn, ticketFor } from './actions-tickets.ts'
import { holdMinutes, isRipe, turnsWithin, type Verb, verbFor } from './rules.ts'
import './events.ts'

/**
 * Makes alerts and tickets of what was told: for each source in the order in which it came, five hundred at a time, each
 * portion in a transaction of its own. Thousands of repeats cost a handful of statements.
 */

export async function foldAll(kernel: Kernel, sourceId: string): Promise<void> {
  for (let more = true; more; ) {
    more = await kernel.asSystem(async (context) => {
      const found = await foldSome(context, sourceId)
      await failpoint('alerts.before-fold-commit')
      return found
    })
    await failpoint('alerts.after-fold-commit')
  }
}

/** One portion; says whether there may be more. */
export async function foldSome(context: Context, sourceId: string): Promise<boolean> {
  await lockSource(context, sourceId)
  const source = await sourceToFold(context.db, sourceId)
  if (!source) return false
  const events = await waitingEvents(context, sourceId)
  const rows = await rowsByKey(context, sourceId, [...new Set(events.map((event) => event.key))])
  const due = await rowsDue(context, sourceId)
  if (events.length === 0 && due.length === 0) return false
  const { language, timeZone } = await companySettings(context.db)
  const fold: Fold = {
    context,
    source,
    speech: { language: language === 'de' ? 'de' : 'en', zone: timeZone },
    now: context.now.epochMilliseconds,
    rows: new Map(rows.map((row) => [row.key, row])),
    dirty: new Set(),
    lines: new Set(),
    clearedStorms: new Map(),
    ids: await newIds(context, Math.max(events.length, 1)),
    silences: await silencesNow(context, sourceId),
    ...(await stormNow(context, sourceId)),
    joined: false,
  }
  const outcomes: Outcome[] = []
  for (const event of events) {
    const verb = await takeEvent(fold, event)
    outcomes.push({ id: event.id, alertId: fold.rows.get(event.key)?.id ?? null, outcome: verb })
  }
  const waiting = due.map((row) => fold.rows.get(row.key) ?? keepRow(fold, row))
  for (const row of waiting) await settleDue(fold, row)
  await keepLines(fold, [...fold.lines])
  await writeFold(fold, outcomes)
  for (const [stormId, ticketId] of fold.clearedStorms) if (!(await stormLives(context, stormId))) await tellCleared(fold, ticketId)
  comeBack(fold, waiting)
  return events.length === atOnce
}

const keepRow = ({ rows }: Fold, row: Row): Row => {
  rows.set(row.key, row)
  return row
}

async function takeEvent(fold: Fold, event: Event): Promise<Verb> {
  const row = fold.rows.get(event.key)
  const beganAt = event.body.beganAt === null ? null : Date.parse(event.body.beganAt)
  const standing = row && {
    ...row,
    beganAt: row.began,
    clearedAt: row.cleared,
    held: row.hold !== null,
    ticket: row.stand,
    ticketEndedAt: row.ended,
  }
  const patience = { intervalMinutes: fold.source.interval_minutes, flapAfter: fold.source.flap_after }
  const verb = verbFor(standing, { action: event.action, beganAt }, patience, event.at)
  if (verb === 'begin' || verb === 'renew') await begin(fold, event, beganAt, row)
  else if (row) await goOn(fold, row, event, verb, beganAt)
  return verb
}

async function goOn(fold: Fold, row: Row, event: Event, verb: Verb, beganAt: number | null): Promise<void> {
  if (verb === 'late' || verb === 'nothing') return
  fold.dirty.add(row)
  row.last = Math.max(row.last, event.at)
  if (event.action === 'trigger') takeOver(row, event, beganAt)
  if (verb === 'acknowledge') {
    row.state = 'acknowledged'
    row.acknowledged = event.at
    await tell(fold, row, 'alert.acknowledged')
  }
  if (verb === 'hold') {
    row.hold = event.at + holdMinutes * 60_000
    row.turns = [...turnsWithin(row.turns, event.at), event.at]
  }
  if (verb === 'clear') await clear(fold, row, event.at)
  if (verb === 'count') await count(fold, row, event.at)
  if (verb === 'return') await comeAgain(fold, row, event.at)
}

function takeOver(row: Row, { severity, summary, device, body }: Event & { device?: string }, beganAt: number | null): void {
  row.severity = severity
  row.summary = summary
  row.device = device ?? body.device
  row.condition = body.condition
  row.began = beganAt ?? row.began
  row.details = { text: body.text, runbook: body.runbook, links: body.links, values: body.values }
}

async function begin(fold: Fold, event: Event, beganAt: number | null, before: Row | undefined): Promise<void> {
  if (before && before.state !== 'cleared') {
    before.state = 'cleared'
    before.cleared = event.at
    before.hold = null
    fold.dirty.add(before)
  }
  const row: Row = {
    id: fold.ids.pop() ?? (await newIds(fold.context, 1))[0]!,
    key: event.key,
    device: event.body.device,
    condition: event.body.condition,
    severity: event.severity,
    summary: event.summary,
    state: 'waiting',
    count: 1,
    streak: 1,
    began: beganAt,
    first: event.at,
    last: event.at,
    opens: event.at + fold.source.delay_seconds * 1000,
    opened: null,
    acknowledged: null,
    cleared: null,
    hold: null,
    turns: [],
    ticketId: null,
    stormId: null,
    previousId: before?.id ?? null,
    lineId: null,
    told: null,
    details: { text: event.body.text, runbook: event.body.runbook, links: event.body.links, values: event.body.values },
    stand: 'none',
    ended: null,
  }
  // Both are written in one statement, the old one first: only one of a key may live.
  fold.rows.set(event.key, row)
  fold.dirty.add(row)
  await ripen(fold, row, event.at, before?.ticketId ?? null)
}

const isSilenced = ({ silences }: Fold, { device }: Row) => silences.some((one) => one.device === '' || one.device === device.toLowerCase())

async function ripen(fold: Fold, row: Row, at: number, before: string | null = null): Promise<void> {
  const { consecutive, delay_seconds } = fold.source
  if (!isRipe({ streak: row.streak, firstAt: row.first }, { consecutive, delaySeconds: delay_seconds }, at)) return
  fold.dirty.add(row)
  if (!isSilenced(fold, row)) return open(fold, row, before)
  row.state = 'suppressed'
  await tell(fold, row, 'alert.suppressed')
}

async function open(fold: Fold, row: Row, before: string | null): Promise<void> {
  row.state = 'open'
  row.stand = 'working'
  const { storm_after } = fold.source
  if (storm_after > 0 && (fold.storm || fold.lately >= storm_after)) {
    fold.storm ??= await stormFor(fold, row, lonelyHere(fold))
    fold.joined = true
    await raiseStorm(fold, fold.storm, row)
    row.stormId = fold.storm.id
    row.ticketId = fold.storm.ticketId
  } else row.ticketId = await ticketFor(fold, row, before)
  fold.lately += 1
  row.opened = fold.now
  row.told = fold.now
  await tell(fold, row, 'alert.opened')
}

/** Of this portion: they are not in the table yet. */
const lonelyHere = ({ dirty }: Fold): string[] =>
  [...dirty].flatMap((row) => (row.opened !== null && row.ticketId !== null && row.stormId === null ? [row.ticketId] : []))

async function count(fold: Fold, row: Row, at: number): Promise<void> {
  row.count += 1
  if (row.state === 'waiting') {
    row.streak += 1
    return ripen(fold, row, at)
  }
  if (row.hold !== null) {
    row.hold = null
    row.turns = [...turnsWithin(row.turns, at), at]
  }
  if (row.stormId === null) fold.lines.add(row)
  // Once a minute is enough for those who look on.
  if (at - (row.told ?? 0) < 60_000) return
  row.told = at
  await tell(fold, row, 'alert.repeated')
}

async function comeAgain(fold: Fold, row: Row, at: number): Promise<void> {
  row.count += 1
  row.turns = [...turnsWithin(row.turns, at), at]
  row.cleared = null
  row.acknowledged = null
  if (isSilenced(fold, row)) {
    row.state = 'suppressed'
    return tell(fold, row, 'alert.suppressed')
  }
  row.state = 'open'
  row.stand = 'working'
  row.ended = null
  if (row.ticketId !== null) await tellReturn(fold, row.ticketId)
  await tell(fold, row, 'alert.returned')
}

async function clear(fold: Fold, row: Row, at: number, held = false): Promise<void> {
  const shown = row.state === 'open' || row.state === 'acknowledged'
  row.state = 'cleared'
  row.cleared = at
  row.hold = null
  row.turns = held ? [] : shown ? [...turnsWithin(row.turns, at), at] : row.turns
  fold.dirty.add(row)
  if (shown && row.ticketId !== null && row.stormId === null) await tellCleared(fold, row.ticketId)
  if (shown && row.ticketId !== null && row.stormId !== null) fold.clearedStorms.set(row.stormId, row.ticketId)
  // How it stands now is asked anew when it comes back within this portion.
  if (shown && row.stand === 'working') await standAnew(fold, row)
  await tell(fold, row, 'alert.cleared')
}

async function standAnew({ context, now }: Fold, row: Row): Promise<void> {
  const found = await sql<{ meaning: string }>`select meaning from ticket where id = ${row.ticketId}`.execute(context.db)
  if (found.rows[0]?.meaning !== 'resolved') return
  row.stand = 'resolved'
  row.ended = now
}

async function settleDue(fold: Fold, row: Row): Promise<void> {
  if (row.state === 'waiting') return ripen(fold, row, fold.now, await ticketBefore(fold, row))
  if (row.state === 'suppressed' && !isSilenced(fold, row)) {
    fold.dirty.add(row)
    if (row.ticketId === null) return open(fold, row, await ticketBefore(fold, row))
    row.state = 'open'
    await tellReturn(fold, row.ticketId)
    return tell(fold, row, 'alert.returned')
  }
  if (row.hold !== null && row.hold <= fold.now && row.state !== 'cleared') await clear(fold, row, row.hold, true)
}

async function ticketBefore({ context }: Fold, { previousId }: Row): Promise<string | null> {
  if (previousId === null) return null
  const found = await sql<{ ticket_id: string | null }>`select ticket_id from alert where id = ${previousId}`.execute(context.db)
  return found.rows[0]?.ticket_id ?? null
}

type Told = 'alert.opened' | 'alert.suppressed' | 'alert.repeated' | 'alert.returned' | 'alert.acknowledged' | 'alert.cleared'
async function tell({ context, source }: Fold, row: Row, type: Told): Promise<void> {
  const data = { alertId: row.id, sourceId: source.id, severity: row.severity, count: row.count }
  const of = {
    subject: { kind: 'alert', id: row.id },
    ticketId: row.ticketId,
    organisationId: source.organisation_id,
    audience: 'staff' as const,
  }
  await context.record({ type, ...of, data })
}
