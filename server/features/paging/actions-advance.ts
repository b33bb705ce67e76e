import { sql } from 'kysely'
import type { PolicyStep } from '../../../contract/paging.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { type Called, calledBy, catchAll, waysOf } from './access-targets.ts'
import { advanceJob } from './actions-begin.ts'
import { queueWays, type Way } from './actions-queue.ts'
import { following, isCatchAll, mostCatchAll, nobodyWait, type Place, waitAt } from './rules.ts'
import './events.ts'

/**
 * A page goes on: ringing, one step after another, until somebody acknowledges or it ends. Its row is locked for the
 * step, whoever comes meanwhile passes by (skip locked), and afterwards its time has moved on: two nodes never ring one
 * step twice. What is to be sent and the jobs that send it are rows of the same transaction: none is lost either. The
 * time is the later of the program's and the database's; a clock that was set back makes a page due, never silent.
 */
type Row = Place & {
  id: string
  ticket_id: string
  organisation_id: string | null
  policy_id: string | null
  urgency: 'high' | 'low'
  steps: PolicyStep[]
  loops: number
  catch_all_id: string | null
  state: 'ringing' | 'acknowledged'
  episode: number
  acknowledged_by_id: string | null
  unreached_at: Instant | null
}
export const later = (now: Instant) => sql`greatest(${now.toString()}::timestamptz, clock_timestamp())`

/** On the page `p`. A time that lies further ahead than its wait was written by a clock that is back where it belongs. */
export const isDue = (now: Instant) =>
  sql`p.next_at is not null and (p.next_at <= ${later(now)} or p.next_at > ${later(now)} + make_interval(mins => p.wait_minutes + 1))`

/** The page goes on if it is due, and nobody else is at it. */
export async function advanceDue(context: Context, pageId: string): Promise<void> {
  const due =
    await sql<Row>`select p.id, p.ticket_id, t.organisation_id, p.policy_id, p.urgency, p.steps, p.loops, p.catch_all_id, p.state, p.episode, p.step, p.loop,
      p.round, p.acknowledged_by_id, p.unreached_at
    from page p join ticket t on t.id = p.ticket_id
    where p.id = ${pageId} and ${isDue(context.now)} for update of p skip locked`.execute(context.db)
  for (const page of due.rows) await advance(context, page.state === 'acknowledged' ? await ringAgain(context, page) : page)
}

const about = (page: Row) => ({
  subject: { kind: 'page', id: page.id },
  ticketId: page.ticket_id,
  organisationId: page.organisation_id,
  audience: 'staff' as const,
})

/** Whoever acknowledged it did not end it in time. */
async function ringAgain(context: Context, page: Row): Promise<Row> {
  await sql`update page set state = 'ringing', acknowledged_at = null, acknowledged_by_id = null, acknowledged_via = null where id = ${page.id}`.execute(
    context.db,
  )
  await context.record({ type: 'page.rings-again', ...about(page), data: { pageId: page.id, byId: page.acknowledged_by_id } })
  return { ...page, state: 'ringing', episode: page.episode + 1, step: 0, loop: 0, round: 0 }
}

async function advance(context: Context, page: Row): Promise<void> {
  let place: Place = { step: page.step, loop: page.loop, round: page.round }
  const queued: Way[] = []
  for (;;) {
    const last = isCatchAll(page.steps, place)
    if (last && place.round >= mostCatchAll) return endUnanswered(context, page)
    const called = last ? await catchAll(context, page.ticket_id, page.catch_all_id) : await stepCalls(context, page, place)
    const rung = await ring(context, page, place, called)
    queued.push(...rung)
    if (rung.length > 0 || last) {
      if (rung.length === 0) await nobodyReached(context, page)
      await moveOn(context, page, following(page.steps, page.loops, place), rung.length > 0 ? waitAt(page.steps, place) : nobodyWait)
      break
    }
    place = following(page.steps, page.loops, place, true)
  }
  queueWays(context, queued)
  await failpoint('paging.before-advance-commit')
}

/** One after another: whose turn it is is counted for the policy's step, across all its pages. */
async function stepCalls(context: Context, page: Row, place: Place): Promise<Called[]> {
  const step = page.steps[place.step]!
  const called = await calledBy(context, page.ticket_id, step.targets)
  const people = called.filter((one) => one.personId !== null)
  if (step.mode === 'all' || people.length < 2 || page.policy_id === null) return called
  const counted = await sql<{ turn: number }>`insert into paging_turn (policy_id, step, turn) values (${page.policy_id}, ${place.step}, 1)
    on conflict (policy_id, step) do update set turn = paging_turn.turn + 1 returning turn`.execute(context.db)
  return [people[((counted.rows[0]?.turn ?? 1) - 1) % people.length]!]
}

/** The rings of one place and their tries; returns by which ways something is to go out. */
async function ring(context: Context, page: Row, place: Place, called: Called[]): Promise<Way[]> {
  const people = called.flatMap((one) => one.personId ?? [])
  const ways = people.length > 0 ? await waysOf(context, people, page.urgency) : new Map()
  const rows = called.map(({ target, personId, nobodyWhy }) => ({
    target,
    person_id: personId,
    nobody_why: personId !== null && (ways.get(personId)?.length ?? 0) === 0 ? 'no-channel' : nobodyWhy,
  }))
  if (rows.length === 0) return []
  const made = await sql<{
    id: string
    person_id: string | null
    nobody_why: string | null
  }>`insert into page_ring (page_id, episode, step, loop, round, at, person_id, target, nobody_why)
    select ${page.id}, ${page.episode}, ${place.step}, ${place.loop}, ${place.round}, ${context.now.toString()}::timestamptz, x.person_id, x.target, x.nobody_why
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (person_id bigint, target text, nobody_why text)
    on conflict do nothing returning id, person_id, nobody_why`.execute(context.db)
  const tries = made.rows.flatMap((row) =>
    row.person_id === null || row.nobody_why !== null
      ? []
      : (ways.get(row.person_id) ?? []).map((way: { kind: string; channelId: string | null; after: number }, n: number) => ({
          ring_id: row.id,
          person_id: row.person_id,
          place: n,
          kind: way.kind,
          channel_id: way.channelId,
          after: way.after,
        })),
  )
  if (tries.length === 0) return []
  const due = await sql<Way & { after: number }>`insert into page_attempt (ring_id, page_id, person_id, place, kind, channel_id, due_at)
    select x.ring_id, ${page.id}, x.person_id, x.place, x.kind, x.channel_id, ${context.now.toString()}::timestamptz + make_interval(mins => x.after)
    from jsonb_to_recordset(${JSON.stringify(tries)}::jsonb) as x (ring_id bigint, person_id bigint, place int, kind text, channel_id bigint, after int)
    returning person_id as "personId", kind, channel_id as "channelId",
      (extract(epoch from due_at - ${context.now.toString()}::timestamptz) / 60)::int as after`.execute(context.db)
  return due.rows.map(({ after, ...way }) => ({ ...way, ...(after > 0 ? { at: context.now.add({ minutes: after }) } : {}) }))
}

async function moveOn(context: Context, page: Row, to: Place, wait: number): Promise<void> {
  const moved = await sql<{
    at: Instant
  }>`update page set episode = ${page.episode}, step = ${to.step}, loop = ${to.loop}, round = ${to.round}, wait_minutes = ${wait},
      next_at = ${later(context.now)} + make_interval(mins => ${wait}), fence = fence + 1, first_rung_at = coalesce(first_rung_at, (select min(r.at) from page_ring r where r.page_id = page.id and r.nobody_why is null))
    where id = ${page.id} returning next_at as at`.execute(context.db)
  context.later(advanceJob(page.id, Temporal.Instant.from(moved.rows[0]!.at)))
}

/** Told once for each page, however long it lasts. */
export async function nobodyReached(context: Context, page: Pick<Row, 'id' | 'ticket_id' | 'organisation_id'>): Promise<void> {
  const told =
    await sql`update page set unreached_at = ${context.now.toString()} where id = ${page.id} and unreached_at is null returning 1`.execute(
      context.db,
    )
  if (told.rows.length > 0) await context.record({ type: 'page.nobody-reached', ...about(page as Row), data: { pageId: page.id } })
}

async function endUnanswered(context: Context, page: Row): Promise<void> {
  await sql`update page set state = 'ended', ended_why = 'unanswered', ended_at = ${context.now.toString()}, next_at = null, fence = fence + 1 where id = ${page.id}`.execute(
    context.db,
  )
  await context.record({ type: 'page.ended', ...about(page), data: { pageId: page.id, why: 'unanswered' } })
}
