import { type Bound, call, timed } from './bounds-measure.ts'
import type { Connection } from './client.ts'
import { openConnection } from './client.ts'
import { type Program, quiet } from './programs.ts'

/**
 * Service levels: what they add to a new ticket, and how long 100,000 open clocks take to be counted anew when a calendar
 * changes, with somebody at work meanwhile. All tickets of the data are opened again for it.
 */
const clocks = 100_000
const goal = (priority: number, minutes: number) => ({
  when: { all: [{ field: 'priority', op: 'is', values: [priority] }], any: [] },
  time: { minutes },
})
const rule = (target: string, goals: object[]) => ({ key: target, name: target, target, goals })
const everyPriority = (first: number) => [1, 2, 3, 4, 5].map((priority) => goal(priority, first * priority))
const agreement = {
  kind: 'sla',
  name: 'Everybody',
  rules: [rule('first-response', everyPriority(60)), rule('resolution', everyPriority(480))],
}

export async function slaBounds(connection: Connection, program: Program): Promise<Bound[]> {
  const { db } = program
  const people = (await db.query<{ id: string }>(`select id from person where email like 'p%@bench.example' order by id desc limit 300`))
    .rows
  let turn = 0
  const create = () => {
    turn += 1
    const requesterId = people[turn % people.length]!.id
    return call(connection, 'POST', '/api/tickets', { subject: `Bench ticket ${turn}`, body: 'It does not print.', requesterId })
  }
  await timed(30, create)
  const without = await timed(200, create)
  const { id: calendarId, version } = await call<{ id: string; version: number }>(connection, 'POST', '/api/calendars', {
    name: 'Bench',
    timeZone: 'Europe/Berlin',
    hours: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['08:00', '17:00']]])),
  })
  await call(connection, 'POST', '/api/agreements', { ...agreement, calendar: { by: 'agreement', calendarId } })
  await quiet(program, 300)
  await timed(30, create)
  const added = (await timed(200, create)).map((ms) => ms - median(without))
  await everythingOpen(program)
  const first = await counted(program, async () => {
    await call(connection, 'POST', '/api/agreements', { ...agreement, name: 'Updates', rules: [rule('update', everyPriority(240))] })
  })
  const [list, anew] = await atWork(program, () =>
    counted(program, async () => {
      const path = `/api/calendars/${calendarId}`
      const body = JSON.stringify({ hours: { mon: [['07:00', '18:00']] } })
      const { status, body: said } = await connection.send({ method: 'PATCH', path, body, headers: { 'if-match': String(version) } })
      if (status !== 200) throw new Error(`${path}: ${status} ${said.subarray(0, 300).toString()}`)
    }),
  )
  const open = await db.query<{ n: number }>('select count(*)::int as n from sla_clock where ended_at is null')
  if ((open.rows[0]?.n ?? 0) < clocks) throw new Error(`Only ${open.rows[0]?.n} clocks are open.`)
  return [
    { name: 'what service levels add to a new ticket (two clocks)', most: 2, times: added },
    { name: `first count of the clocks of ${clocks} open tickets`, most: 120_000, times: [first] },
    { name: `${clocks} open clocks counted anew after a change of a calendar`, most: 30_000, times: [anew] },
    { name: 'ticket list of 50 meanwhile', most: 100, times: list },
  ]
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

async function everythingOpen({ db }: Program): Promise<void> {
  await db.query(`update ticket t set meaning = s.meaning, status_id = s.id, resolved_at = null, closed_at = null, resolution = null, resolution_code = null
    from (select id, meaning from status where meaning = 'open' order by id limit 1) s where t.merged_into_id is null and t.deleted_at is null`)
  await db.query('vacuum (analyze) ticket')
}

/** From the call until the event that says how many were counted. */
async function counted({ db }: Program, act: () => Promise<unknown>): Promise<number> {
  const seen = async () =>
    (await db.query<{ n: number }>(`select count(*)::int as n from event where type = 'agreements.recounted'`)).rows[0]!.n
  const before = await seen()
  const began = performance.now()
  await act()
  while ((await seen()) === before) await new Promise((go) => setTimeout(go, 100))
  return performance.now() - began
}

async function atWork({ port, token }: Program, act: () => Promise<number>): Promise<[number[], number]> {
  const reader = await openConnection(port, token)
  const times: number[] = []
  let going = true
  const reading = (async () => {
    while (going) {
      times.push(...(await timed(1, () => call(reader, 'GET', '/api/tickets?view=all-open&limit=50'))))
      await new Promise((go) => setTimeout(go, 50))
    }
  })()
  const took = await act()
  going = false
  await reading
  reader.close()
  return [times, took]
}
