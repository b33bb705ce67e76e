import { beforeEach, expect, it } from 'vitest'
import { standingOf } from '../../server/features/sla/access-seen.ts'
import { recountLater } from '../../server/features/sla/actions.ts'
import { sameMoment } from '../../server/features/sla/rules-kept.ts'
import { Temporal } from '../../server/kernel/clock.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** Histories by chance, through HTTP: what the clocks became step by step is what they become when all is counted anew. */
const desk = useDesk()
let boss: TestPerson
let asker: TestPerson
let other: TestPerson
let teams: string[]
const actions = [
  { do: 'resolve', code: 'solved', text: 'Done.' },
  { do: 'tags', add: ['many'] },
]
const chance = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}
beforeEach(async () => {
  // The Friday before a night in which clocks are moved.
  desk.clock.moveTo(Temporal.Instant.from('2027-03-26T14:10:00Z'))
  const [ours, theirs] = [await desk.organisation(), await desk.organisation()]
  boss = await desk.person('administrator')
  asker = await desk.person('requester', { organisationId: ours.id })
  other = await desk.person('requester', { organisationId: theirs.id })
  teams = [(await desk.team()).id, (await desk.team()).id]
  const goal = (n: number, ...values: number[]) => ({
    when: { all: values.length > 0 ? [{ field: 'priority', op: 'is', values }] : [] },
    time: { minutes: n },
  })
  const rule = (target: string, more: object = {}) => ({
    key: target,
    name: target,
    target,
    goals: [goal(120, 1, 2), goal(700)],
    thresholds: [{ percent: 75, acts: [{ do: 'notify', whom: ['team'] }] }],
    ...more,
  })
  const agree = (name: string, more: object) =>
    desk.call('POST /api/agreements', { as: boss, body: { kind: 'sla', name, ...more } as never })
  await agree('Own', { organisationId: ours.id, rules: [rule('resolution', { clock: 'calendar' }), rule('next-response')] })
  await agree('All', {
    rules: [
      rule('first-response'),
      rule('resolution'),
      rule('update', { goals: [{ time: { days: 1, by: '16:00' } }] }),
      rule('fulfilment'),
    ],
  })
  await agree('Team', { kind: 'ola', teamId: teams[0], rules: [rule('resolution')] })
})

const newTicket = async () =>
  (
    await desk.call('POST /api/tickets', {
      as: boss,
      body: { subject: 'By chance', requesterId: asker.id, kind: 'incident', impact: 2, urgency: 2, acknowledge: false } as never,
    })
  ).id

type Clocks = Awaited<ReturnType<typeof clocks>>
const clocks = async (id: string) => (await desk.call('GET /api/tickets/:id/clocks', { as: boss, params: { id } })).items
const live = (all: Clocks) => all.filter((one) => one.endedAt === null)
const essence = (all: Clocks) =>
  live(all)
    .map(({ agreement, target, goal, state, dueAt, usedBusinessMs, usedCalendarMs, pausedSince, breachedAt }) =>
      [agreement.id, target, goal, state, dueAt, usedBusinessMs, usedCalendarMs, pausedSince, breachedAt]
        .map((one) => JSON.stringify(one))
        .join(' '),
    )
    .toSorted()

async function happen(id: string, next: () => number, statuses: string[]): Promise<void> {
  const at = { as: boss, params: { id } }
  const body = (of: object) => ({ ...at, body: of })
  const ask = (name: string, input: object) => desk.ask(name as 'GET /api/tickets', input as never)
  const now = await desk.ask('GET /api/tickets/:id', at)
  const edit = (of: object) => ask('PATCH /api/tickets/:id', { ...body(of), ifMatch: now.body?.version ?? 1 })
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!
  const ways: (() => Promise<unknown>)[] = [
    () => edit({ statusId: pick(statuses) }),
    () => edit({ statusId: pick(statuses) }),
    () => edit({ impact: pick([1, 2, 3]), urgency: pick([1, 2, 3]) }),
    () => edit({ teamId: pick([...teams, null]) }),
    () => edit({ requesterId: pick([asker, other]).id }),
    () => edit({ kind: pick(['incident', 'request']), tags: pick([[], ['a'], ['b', 'a']]) }),
    () => ask('POST /api/tickets/:id/replies', body({ body: 'Ours' })),
    () => ask('POST /api/tickets/:id/replies', { as: pick([asker, other]), params: { id }, body: { body: 'Theirs' } }),
    () => ask('POST /api/tickets/:id/resolve', { ...body({ code: 'solved', text: 'Done.' }), ifMatch: now.body?.version ?? 1 }),
    () => ask('POST /api/tickets/:id/reopen', body({})),
    () => ask('POST /api/tickets/:id/remove', at),
    () => ask('POST /api/tickets/:id/bring-back', at),
    async () => {
      const reply = await ask('POST /api/tickets/:id/replies', body({ body: 'Too soon', undoSeconds: 30 }))
      return ask('POST /api/messages/:id/undo', { as: boss, params: { id: (reply.body as unknown as { id: string }).id ?? '0' } })
    },
    async () => {
      const made = await desk.ask('POST /api/bulk', { as: boss, body: { ticketIds: [id], action: pick(actions) } as never })
      if (made.status !== 201) return made
      await ask('POST /api/bulk/:id/run', { as: boss, params: { id: made.body.id } })
      await desk.work()
      return ask('POST /api/bulk/:id/undo', { as: boss, params: { id: made.body.id } })
    },
    async () => {
      const into = await newTicket()
      const merged = await desk.ask('POST /api/tickets/:id/merge', body({ intoId: into, tell: false, acrossOrganisations: true }) as never)
      return merged.status === 200
        ? ask('POST /api/merges/:id/undo', { as: boss, params: { id: (merged.body as { mergeId: string }).mergeId } })
        : merged
    },
    async () => {
      const all = (now.body as { messages?: { id: string }[] }).messages ?? []
      return all.length > 1 ? ask('POST /api/tickets/:id/split', body({ messageIds: [all.at(-1)!.id] })) : undefined
    },
    async () => desk.clock.moveTo(desk.clock.now().subtract({ minutes: 60 })),
  ]
  const answer = (await pick(ways)()) as { status?: number } | undefined
  expect(answer?.status ?? 0).toBeLessThan(500)
}

/** All that a clock could see was seen: no way of changing a ticket passes the clocks by. */
const isSeen = (id: string) =>
  desk.kernel.asSystem(async (context) => {
    const standing = await standingOf(context, id)
    const last = standing?.history.at(-1)
    return last !== undefined && sameMoment(last, standing!.seen)
  })

it('counted anew they are what they were, the list says the same, and time set back harms nothing', async () => {
  const statuses = (await desk.call('GET /api/statuses', { as: boss })).items.map((one) => one.id)
  for (const seed of [1, 2]) {
    const next = chance(seed)
    const id = await newTicket()
    for (let n = 0; n < 16; n++) {
      desk.clock.advance({ minutes: Math.floor(next() * next() * 2000) })
      await happen(id, next, statuses)
      expect(await isSeen(id), `${seed}/${n}`).toBe(true)
      const seen = await desk.ask('GET /api/tickets/:id', { as: boss, params: { id } })
      if (seen.status === 404) continue
      const all = live(await clocks(id))
      const ours = all.filter((one) => one.agreement.kind === 'sla')
      const soonest = ours.flatMap((one) => (one.state === 'paused' ? [] : (one.dueAt ?? []))).toSorted()[0]
      if (soonest !== undefined) expect(seen.body.due?.at, `${seed}/${n}`).toBe(soonest)
      if (ours.length === 0) expect(seen.body.due, `${seed}/${n}`).toBeNull()
      if (['resolved', 'closed', 'cancelled'].includes(seen.body.status.meaning)) expect(all, `${seed}/${n}`).toEqual([])
      if (n % 5 > 0) continue
      await desk.kernel.asSystem(async (context) => recountLater(context, 'test', '1'))
      await desk.work()
      expect(essence(await clocks(id)), `${seed}/${n}`).toEqual(essence(all))
    }
  }
})
