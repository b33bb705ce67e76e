import type { AgreementForm, Preview } from '../../../contract/sla.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { type JobTypes, job } from '../../kernel/jobs.ts'
import type { CalendarForm } from '../calendars/rules-days.ts'
import { visibleTicketIds } from '../tickets/access.ts'
import { readAgreement } from './access.ts'
import { openTickets, type SeenTicket } from './access-open.ts'
import { termsNow, worldAt, worldFrom } from './access-world.ts'
import { overlapsOf, refuseTerms } from './actions-checks.ts'
import { dueOfTicket, keepClocks } from './actions-clocks.ts'
import type { ClockFacts } from './rules-clock.ts'
import { clockRow, momentRow } from './rules-kept.ts'
import { movesOf, recounted } from './rules-recount.ts'
import type { KeptAgreement, World } from './rules-terms.ts'
import './events.ts'

/**
 * Clocks of all open tickets counted anew, newest first: each batch is a transaction of its own and leaves behind the job
 * for the next, so that a restart goes on where it was, and people who work on a ticket wait for one batch at most.
 */
const atOnce = 400
const batchesInJob = 25

export async function recount(kernel: Kernel, payload: JobTypes['sla.recount']): Promise<void> {
  let so = payload
  for (let n = 0; n < batchesInJob; n++) {
    const next = await kernel.asSystem((context) => recountBatch(context, so, n === batchesInJob - 1))
    if (!next) return
    so = next
  }
}

async function recountBatch(context: Context, so: JobTypes['sla.recount'], last: boolean): Promise<JobTypes['sla.recount'] | null> {
  const world = await worldAt(context, (await termsNow(context)).edition)
  const tickets = await openTickets(context, { below: so.below, many: atOnce, lock: true })
  const changed = tickets.flatMap((ticket) => changesOf(world, ticket, context.now.epochMilliseconds))
  if (changed.length > 0)
    await keepClocks(context, {
      moments: changed.flatMap(({ ticket }) => (ticket.isNew ? ticket.moments.map((moment) => momentRow(ticket.id, moment)) : [])),
      clocks: changed.flatMap(({ clocks }) => clocks.map(clockRow)),
      dues: changed.map(({ ticket, all }) => dueOfTicket(world, ticket.id, all)),
    })
  const next = {
    ...so,
    below: tickets.at(-1)?.id ?? so.below,
    tickets: so.tickets + tickets.length,
    clocks: so.clocks + changed.reduce((sum, { clocks }) => sum + clocks.length, 0),
  }
  if (tickets.length === atOnce) {
    if (last) context.later(job('sla.recount', next, { queue: 'sla-recount', priority: 10 }))
    return next
  }
  const { cause, causeId } = so
  const data = { cause, causeId, tickets: next.tickets, clocks: next.clocks }
  await context.record({ type: 'agreements.recounted', subject: { kind: 'agreements', id: causeId }, audience: 'staff', data })
  return null
}

type Changed = { ticket: SeenTicket; clocks: ClockFacts[]; all: ClockFacts[] }
/** What is the same but for the time that it was counted to is not written again. */
function changesOf(world: World, ticket: SeenTicket, now: number): Changed[] {
  const all = recounted(world, ticket.moments, ticket.open, now).map((clock) => ({ ...clock, ticketId: ticket.id }))
  const clocks = all.filter((clock) => {
    const old = ticket.open.find((one) => one.id === clock.id)
    return !old || essence(old) !== essence(clock)
  })
  return clocks.length > 0 || ticket.isNew ? [{ ticket, clocks, all }] : []
}
const essence = ({ dueAt, state, ruleKey, agreementId, version, goalAt, calendarId, zone, pausedAt, breachedAt }: ClockFacts): string =>
  JSON.stringify([dueAt, state, ruleKey, agreementId, version, goalAt, calendarId, zone, pausedAt, breachedAt])

const [mostLooked, mostShown] = [20_000, 200]

export async function previewTerms(context: Context, agreementId: string | null, form: AgreementForm): Promise<Preview> {
  const { world } = await proposed(context, agreementId, form)
  return { ...(await movesIn(context, world)), overlaps: await overlapsOf(context, agreementId, form) }
}

/** Agreements as they are, and as they would be with these terms; terms that cannot be saved are refused. */
export async function proposed(
  context: Context,
  agreementId: string | null,
  form: AgreementForm,
): Promise<{ own: KeptAgreement; now: World; world: World }> {
  if (agreementId !== null) await readAgreement(context, agreementId)
  await refuseTerms(context, form)
  const terms = await termsNow(context)
  const { organisationId, teamId, startsOn, endsOn, kind } = form
  const old = terms.agreements.find(({ id }) => id === agreementId)
  const version = (old?.version ?? 0) + 1
  const own: KeptAgreement = { id: agreementId ?? '0', version, kind, organisationId, teamId, startsOn, endsOn, terms: form }
  const agreements = old ? terms.agreements.map((one) => (one === old ? own : one)) : [...terms.agreements, own]
  return { own, now: await worldFrom(context, terms), world: await worldFrom(context, { ...terms, agreements }) }
}

export async function previewCalendar(context: Context, id: string, form: CalendarForm): Promise<Preview> {
  return { ...(await movesIn(context, await worldFrom(context, await termsNow(context), { id, form }))), overlaps: [] }
}

/** Restricted ones are counted and not named. */
export async function seenOf<T extends { ticket: { id: string } }>(context: Context, items: T[]): Promise<T[]> {
  const seen = await visibleTicketIds(context, [...new Set(items.map(({ ticket }) => ticket.id))])
  return items.filter(({ ticket }) => seen.has(ticket.id))
}

async function movesIn(context: Context, world: World): Promise<Omit<Preview, 'overlaps'>> {
  const items: Preview['items'] = []
  let [looked, count, below] = [0, 0, null as string | null]
  for (;;) {
    const tickets = await openTickets(context, { below, many: atOnce })
    for (const { id, subject, moments, open } of tickets) {
      const moves = movesOf(open, recounted(world, moments, open, context.now.epochMilliseconds))
      count += moves.length
      for (const move of moves.slice(0, mostShown - items.length)) items.push({ ticket: { id, number: Number(id), subject }, ...move })
    }
    looked += tickets.length
    below = tickets.at(-1)?.id ?? null
    const more = looked >= mostLooked
    if (tickets.length < atOnce || more)
      return { looked, more: more && tickets.length === atOnce, count, items: await seenOf(context, items) }
  }
}
