import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../../../test/database.ts'
import { factoriesOver } from '../../../test/factories.ts'
import { testSettings } from '../../../test/harness.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { pooledTransactor, poolOf } from '../../kernel/db.ts'
import { quietLog } from '../../kernel/log.ts'
import { kernelOver } from '../../program.ts'
import { openTicket } from '../tickets/actions-create.ts'
import { nextTicketFor } from './access-queue.ts'

/** What only happens between several connections: committed data, a database of its own. */
let clone: Clone
let kernel: Kernel
let teamId: string
let askerId: string
const dataDir = mkdtempSync(join(tmpdir(), 'fl-routing-'))
beforeAll(async () => {
  clone = await cloneDatabase()
  kernel = kernelOver(pooledTransactor(poolOf(clone.ownerUrl, 8, () => {}, 'firstline')), testSettings(dataDir), systemClock, quietLog)
  const make = factoriesOver(() => kernel)
  const people = [await make.person('agent'), await make.person('agent'), await make.person('agent')]
  teamId = (await make.team('Network', 2, people)).id
  askerId = (await make.person('requester')).id
  await query(sql`insert into routing_rule (position, name, team_id, created_at) values (1, 'All', ${teamId}, now())`)
  await query(
    sql`insert into team_routing (team_id, way, availability, waiting_weight, timeout_times) values (${teamId}, 'turn', 'available', 0.3, 2)`,
  )
})
afterAll(async () => {
  await kernel.transactor.close()
  await clone.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
const query = <T>(text: ReturnType<typeof sql<T>>) => kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const blank = { categoryId: null, onBehalfOfId: null, organisationId: null, siteId: null, teamId: null, assigneeId: null, mailboxId: null }
const open = () =>
  kernel.asSystem(async (context) => {
    const ticket = {
      ...blank,
      kind: 'incident',
      subject: 'x',
      impact: 1,
      urgency: 1,
      channel: 'api',
      requesterId: askerId,
      language: 'en',
    } as const
    const message = {
      kind: 'api',
      direction: 'in',
      audience: 'everyone',
      authorId: askerId,
      from: { name: '', email: '' },
      body: 'x',
    } as const
    return (await openTicket(context, { ...ticket, tags: [], acknowledge: false }, message)).id
  })
const spread = () =>
  query(
    sql<{
      n: number
    }>`select count(*)::int as n from ticket where team_id = ${teamId} and assignee_id is not null group by assignee_id order by 1`,
  )

it('SD-7 twelve that arrive in the same moment are given out evenly, in turn and by load', async () => {
  await Promise.all(Array.from({ length: 12 }, open))
  expect((await spread()).map(({ n }) => n)).toEqual([4, 4, 4])
  await query(sql`update team_routing set way = 'load' where team_id = ${teamId}`)
  await Promise.all(Array.from({ length: 6 }, open))
  expect((await spread()).map(({ n }) => n)).toEqual([6, 6, 6])
})

it('two who ask for the next ticket at once never get the same', async () => {
  await query(sql`update team_routing set way = 'pull' where team_id = ${teamId}`)
  await Promise.all(Array.from({ length: 4 }, open))
  const asked = await Promise.all(
    Array.from({ length: 5 }, () =>
      kernel.asSystem(async (context) => {
        const id = await nextTicketFor({ ...context, actor: { ...context.actor, teams: [teamId] } }, undefined)
        await new Promise((done) => setTimeout(done, 50))
        if (id !== null)
          await sql`update ticket set assignee_id = (select min(person_id) from team_member) where id = ${id}`.execute(context.db)
        return id
      }),
    ),
  )
  const got = asked.filter((id) => id !== null)
  expect(got).toHaveLength(4)
  expect(new Set(got).size).toBe(4)
})
