import type pg from 'pg'
import type { Response } from './client.ts'
import { mailIn } from './mail-in.ts'
import { overHttp, type Scenario } from './measure.ts'

/** The rows of docs/benchmarks.md. Each answer is checked for what it must hold, not only for its status. */
export type Ground = { requesterIds: string[]; openTickets: string[]; closedTickets: string[] }

export async function groundOf(db: pg.Client): Promise<Ground> {
  const ids = async (text: string) => (await db.query<{ id: string }>(text)).rows.map((row) => row.id)
  return {
    requesterIds: await ids(`select id from person where email like 'p%@bench.example' order by id desc limit 500`),
    closedTickets: await ids(`select id from ticket where meaning = 'closed' and id % 5 = 0 order by id`),
    openTickets: await ids(`select id from ticket where meaning = 'open' order by id limit 5000`),
  }
}

const json = (response: Response) => JSON.parse(response.body.toString()) as Record<string, unknown>
const unless = (ok: boolean, response: Response) => (ok ? undefined : `${response.status} ${response.body.subarray(0, 300).toString()}`)
const attachment = Buffer.alloc(1024 * 1024, 'firstline ')

export function scenarios(ground: Ground): Scenario[] {
  // Closed ones: the row below replies to open ones, and these keep their five messages.
  const someTicket = (turn: number) => ground.closedTickets[(turn * 7919) % ground.closedTickets.length]
  const boundary = 'firstline-bench'
  const upload = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\ncontent-type: application/octet-stream\r\n\r\n`,
    ),
    attachment,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const search = (name: string, q: string, floor: number, least: number): Scenario => ({
    name,
    floor,
    ceiling: 40,
    drive: overHttp({
      request: () => ({ method: 'GET', path: `/api/search?q=${q}&kind=ticket&limit=20` }),
      wrong: (r) => unless(r.status === 200 && (json(r).items as unknown[]).length >= least && r.body.includes(q), r),
    }),
  })
  return [
    {
      name: 'ticket list of 50',
      floor: 500,
      ceiling: 20,
      drive: overHttp({
        request: (turn) => ({ method: 'GET', path: turn % 2 ? '/api/tickets?view=all-open&limit=50' : '/api/tickets?limit=50' }),
        wrong: (r) => unless(r.status === 200 && (json(r).items as unknown[]).length === 50, r),
      }),
    },
    {
      name: 'ticket with five messages',
      floor: 800,
      ceiling: 20,
      drive: overHttp({
        request: (turn) => ({ method: 'GET', path: `/api/tickets/${someTicket(turn)}` }),
        wrong: (r, turn) => {
          const t = r.status === 200 ? json(r) : {}
          return unless(t.id === String(someTicket(turn)) && (t.messages as unknown[]).length === 5, r)
        },
      }),
    },
    search('search for a word in 1 % of tickets', 'quartz', 250, 20),
    search('search for a word in 8 tickets', 'zirconium', 700, 8),
    {
      name: 'create a ticket',
      follows: true,
      floor: 250,
      ceiling: 20,
      drive: overHttp({
        request: (turn) => ({
          method: 'POST',
          path: '/api/tickets',
          headers: { 'idempotency-key': `bench-${process.pid}-${Date.now()}-${turn}` },
          body: JSON.stringify({
            subject: `Bench ticket ${turn}`,
            body: 'The printer on the second floor does not print since this morning.',
            requesterId: ground.requesterIds[turn % ground.requesterIds.length],
          }),
        }),
        wrong: (r, turn) => unless(r.status === 201 && json(r).subject === `Bench ticket ${turn}`, r),
      }),
    },
    {
      name: 'reply to a ticket',
      follows: true,
      floor: 300,
      ceiling: 20,
      drive: overHttp({
        request: (turn) => ({
          method: 'POST',
          path: `/api/tickets/${ground.openTickets[turn % ground.openTickets.length]}/replies`,
          headers: { 'idempotency-key': `bench-r-${process.pid}-${Date.now()}-${turn}` },
          body: JSON.stringify({ body: `We look into it, turn ${turn}.` }),
        }),
        wrong: (r, turn) => unless(r.status === 201 && json(r).text === `We look into it, turn ${turn}.`, r),
      }),
    },
    {
      name: 'attachment of 1 MB',
      floor: 25,
      drive: overHttp({
        request: () => ({
          method: 'POST',
          path: '/api/uploads',
          body: upload,
          headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        }),
        wrong: (r) => unless(r.status === 201 && r.body.includes('"size":1048576'), r),
      }),
    },
    mailIn,
  ]
}
