import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { keepPostHere } from './actions-demo-post.ts'

const desk = useDesk({ settings: { SMTP_URL: 'smtp://127.0.0.1:9' } })
const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)

it('in the sample company no mail leaves the machine: it lies in the mailbox of its recipient', async () => {
  expect(await keepPostHere(desk.kernel)).toBe(false)
  await query(sql`insert into setting (name, value, changed_at) values ('demo', '{}', now())`)
  expect(await keepPostHere(desk.kernel)).toBe(true)
  const [agent, casey] = [await desk.person('agent'), await desk.person('requester', { email: 'casey@customer.example' })]
  await desk.mailbox('support@localhost', { acknowledge: 'off' })
  const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Mouse', requesterId: casey.id } })
  await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Hi' } })
  desk.clock.advance({ seconds: 11 })
  await desk.work()
  expect(await query(sql`select address, subject, from_address from demo_mail`)).toEqual([
    { address: casey.email, subject: `Mouse [#${made.id}]`, from_address: 'support@localhost' },
  ])
  expect((await desk.call('GET /api/mail/outbox', { as: agent })).items).toMatchObject([{ state: 'sent' }])
})
