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
import { kernelOver } from '../../program.ts'
import { judgeInbound } from './jobs-judge.ts'
import { rawMail, sendTo, someMessageId } from './mail.testing.ts'
import { startSmtpIn } from './smtp-in.ts'

/** What only happens between several connections: committed data, a database of its own. */
let clone: Clone
let kernel: Kernel
const dataDir = mkdtempSync(join(tmpdir(), 'fl-mail-'))
beforeAll(async () => {
  clone = await cloneDatabase()
  kernel = kernelOver(pooledTransactor(poolOf(clone.ownerUrl, 10, () => {}, 'firstline')), testSettings(dataDir), systemClock, quietLog)
  await kernel.asSystem(({ db }) =>
    sql`insert into mailbox (name, address, created_at) values ('Help', 'help@desk.example', now()), ('IT', 'it@desk.example', now())`.execute(
      db,
    ),
  )
})
afterAll(async () => {
  await kernel.transactor.close()
  await clone.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
const query = <T>(text: ReturnType<typeof sql<T>>) => kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const judgeAll = async () => {
  const pending = await query(sql<{ id: string }>`select id from inbound_mail where verdict = 'pending'`)
  await Promise.all(pending.flatMap(({ id }) => [judgeInbound(kernel, id), judgeInbound(kernel, id)]))
}

describe('many at once', () => {
  it('the same mail by ten ways at the same moment is one message (FT-23)', async () => {
    const messageId = someMessageId()
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        sendTo(kernel, { to: [n % 2 === 0 ? 'help@desk.example' : 'it@desk.example'], messageId, subject: 'Once' }),
      ),
    )
    await judgeAll()
    const verdicts = await query(
      sql<{
        verdict: string
        n: number
      }>`select verdict, count(*)::int as n from inbound_mail where message_id = ${messageId} group by 1 order by 1`,
    )
    expect(verdicts).toEqual([
      { verdict: 'created', n: 1 },
      { verdict: 'ignored', n: 9 },
    ])
    expect(await query(sql`select 1 from message where subject = 'Once'`)).toHaveLength(1)
  })

  it('ten mails of somebody new at the same moment make one person, ten tickets and at most three answers', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        sendTo(kernel, { from: 'new@elsewhere.example', to: ['help@desk.example'], subject: `Ten ${n}` }),
      ),
    )
    await judgeAll()
    expect(await query(sql`select 1 from person where email = 'new@elsewhere.example'`)).toHaveLength(1)
    expect(await query(sql`select 1 from ticket where subject like 'Ten %'`)).toHaveLength(10)
    expect(await query(sql`select 1 from outbound_recipient where address = 'new@elsewhere.example'`)).toHaveLength(3)
  })

  it('what is answered with 250 is there, every time, and is judged exactly once', async () => {
    const ids = Array.from({ length: 60 }, () => someMessageId())
    const smtp = await startSmtpIn(kernel, { port: 0, host: '127.0.0.1' })
    const nodemailer = (await import('nodemailer')).default
    const client = nodemailer.createTransport({ host: '127.0.0.1', port: smtp.port, ignoreTLS: true, pool: true, maxConnections: 8 })
    const answers = await Promise.all(
      ids.map((messageId, n) =>
        client.sendMail({
          envelope: { from: 'a@b.example', to: ['help@desk.example'] },
          raw: rawMail({ from: `p${n}@b.example`, to: ['help@desk.example'], messageId }),
        }),
      ),
    )
    client.close()
    await smtp.stop()
    expect(answers.every((one) => one.response.startsWith('250'))).toBe(true)
    expect(await query(sql`select 1 from inbound_mail where message_id = any(${ids}::text[]) and verdict = 'pending'`)).toHaveLength(60)
    await judgeAll()
    expect(await query(sql`select 1 from inbound_mail where message_id = any(${ids}::text[]) and verdict = 'created'`)).toHaveLength(60)
    expect(await query(sql`select 1 from known_message where message_id = any(${ids}::text[])`)).toHaveLength(60)
  })
})
