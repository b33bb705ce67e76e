import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../../../test/database.ts'
import { testSettings } from '../../../test/harness.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { pooledTransactor, poolOf } from '../../kernel/db.ts'
import { quietLog } from '../../kernel/log.ts'
import { Problem } from '../../kernel/problem.ts'
import { kernelOver } from '../../program.ts'
import { accessTicket } from './access.ts'
import { openTicket } from './actions-create.ts'
import { mergeTickets, undoMerge } from './actions-merge.ts'
import { addLink } from './actions-relations.ts'
import { splitTicket } from './actions-split.ts'

/** What only happens between several connections: committed data, a database of its own. */
let clone: Clone
let kernel: Kernel
let askerId: string
const dataDir = mkdtempSync(join(tmpdir(), 'fl-relations-'))
beforeAll(async () => {
  clone = await cloneDatabase()
  kernel = kernelOver(pooledTransactor(poolOf(clone.ownerUrl, 8, () => {}, 'firstline')), testSettings(dataDir), systemClock, quietLog)
  const made = await query(
    sql<{ id: string }>`insert into person (name, email, created_at) values ('Casey', 'casey@people.example', now()) returning id`,
  )
  askerId = made[0]!.id
})
afterAll(async () => {
  await kernel.transactor.close()
  await clone.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
const query = <T>(text: ReturnType<typeof sql<T>>) => kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const open = (subject: string) =>
  kernel.asSystem(async (context) => {
    const blank = {
      categoryId: null,
      onBehalfOfId: null,
      organisationId: null,
      siteId: null,
      teamId: null,
      assigneeId: null,
      mailboxId: null,
    }
    const ticket = {
      ...blank,
      kind: 'incident',
      subject,
      impact: 1,
      urgency: 1,
      channel: 'api',
      requesterId: askerId,
      language: 'en',
      tags: [],
    } as const
    const message = {
      kind: 'api',
      direction: 'in',
      audience: 'everyone',
      authorId: askerId,
      from: { name: '', email: '' },
      body: subject,
    } as const
    return (await openTicket(context, { ...ticket, tags: [], acknowledge: false }, message)).id
  })
const merge = (fromId: string, intoId: string) =>
  kernel.asSystem((context) => mergeTickets(context, fromId, { intoId, tell: false, acrossOrganisations: false }))
/** What was refused for a reason; anything else fails the test. */
const refusals = async (tries: Promise<unknown>[]) =>
  (await Promise.allSettled(tries)).flatMap((one) => {
    if (one.status === 'fulfilled') return []
    if (!(one.reason instanceof Problem)) throw one.reason
    return [one.reason.code]
  })
/** What must stay true: no circle, and every message on the survivor of its home. */
const broken = () =>
  query(sql`select m.id from message m where m.ticket_id is distinct from firstline.survivor(coalesce(m.merged_from_id, m.ticket_id))
    union all select t.id from ticket t where firstline.survivor(t.id) is null`)

describe('relations made by many at once', () => {
  it('FT-72 merged crosswise at the same moment, one wins and the other is told; no circle', async () => {
    for (let n = 0; n < 8; n++) {
      const [a, b] = [await open('A'), await open('B')]
      expect(await refusals([merge(a, b), merge(b, a)])).toEqual(['ticket_merged'])
    }
    expect(await broken()).toEqual([])
  })

  it('FT-72 a chain of ten, a merge beside a split and beside an undo: no message without a ticket', async () => {
    const chain = await Promise.all(Array.from({ length: 10 }, (_, n) => open(`C${n}`)))
    const last = chain.at(-1)!
    for (const [n, id] of chain.slice(0, -1).entries()) await merge(id, chain[n + 1]!)
    const ends = await query(sql<{ s: string }>`select firstline.survivor(id) as s from ticket where id = any(${chain}::bigint[])`)
    expect(new Set(ends.map((row) => row.s)).size).toBe(1)
    const on = await query(sql<{ id: string }>`select id from message where ticket_id = ${last} order by id`)
    expect(on).toHaveLength(10)
    const other = await open('Other')
    const merges = await query(
      sql<{ id: string }>`select id from ticket_merge where into_id = ${last} and undone_at is null order by id limit 1`,
    )
    await refusals([
      merge(last, other),
      kernel.asSystem(async (context) =>
        splitTicket(context, await accessTicket(context, last, 'ticket.edit'), { messageIds: [on[3]!.id], how: 'move' }),
      ),
      kernel.asSystem((context) => undoMerge(context, merges[0]!.id)),
    ])
    expect(await broken()).toEqual([])
    expect((await query(sql<{ n: number }>`select count(*)::int as n from message where body like 'C%' or body = 'Other'`))[0]!.n).toBe(11)
  })

  it('two links that would close a circle together: one of them is refused', async () => {
    const [a, b] = [await open('A'), await open('B')]
    const child = (id: string, parent: string) =>
      kernel.asSystem(async (context) =>
        addLink(context, await accessTicket(context, id, 'ticket.edit'), { relation: 'child-of', ticketId: parent }),
      )
    expect(await refusals([child(a, b), child(b, a)])).toHaveLength(1)
  })
})
