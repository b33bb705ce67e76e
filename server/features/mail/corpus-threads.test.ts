import { existsSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { keepArrival } from './actions-arrive.ts'

// Real mails of other projects through the whole judge: where each lands. They are not part of this repository.
const folder = new URL('../../../../shared/data/mail/', import.meta.url)
const here = existsSync(new URL('cases.jsonl', folder))
if (!here) console.log('skipped: the corpus of real mails, the shared test data are not here')

type Case = {
  id: string
  group: string
  raw_path: string
  rewrite_message_id?: string
  expect: { threads_to_parent?: boolean; is_bounce?: boolean; is_auto_reply?: boolean }
}
type Entry = { verdict: string; reason: string; ticket_id: string | null; bounced: boolean }

describe.runIf(here)('real mails of other projects, judged', () => {
  const desk = useDesk()

  it('FT-38 replies land on the ticket they answer, bounces on the mail they are about, nothing is answered that no person wrote', {
    timeout: 300_000,
  }, async () => {
    const agent = await desk.person('agent')
    const casey = await desk.person('requester', { email: 'casey@customer.example' })
    const box = await desk.mailbox('help@desk.example')
    const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
    const made = await desk.call('POST /api/tickets', {
      as: agent,
      body: { subject: 'printer', body: 'x', requesterId: casey.id, acknowledge: false },
    })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Is it on?' } })
    const [{ message_id: parent }] = (await query(sql<{ message_id: string }>`select message_id from outbound_mail`)) as [
      { message_id: string },
    ]
    const rawOf = (one: Case, nonce: string) => {
      const fill: Record<string, string> = {
        '@@SUPPORT@@': box.address,
        '@@FROM@@': casey.email,
        '@@SUBJECT@@': 'Re: printer',
        '@@PARENT_MSGID@@': parent,
        '@@NONCE@@': nonce,
        '@@OWN_FQDN@@': 'desk.example',
      }
      let text = readFileSync(new URL(one.raw_path, folder)).toString('latin1')
      for (const [mark, value] of Object.entries(fill)) text = text.replaceAll(mark, value)
      return one.rewrite_message_id ? text.replaceAll(one.rewrite_message_id, parent) : text
    }
    const scores = new Map<string, { right: number; all: number; missed: string[] }>()
    const count = (name: string, id: string, right: boolean) => {
      const score = scores.get(name) ?? { right: 0, all: 0, missed: [] }
      scores.set(name, { right: score.right + (right ? 1 : 0), all: score.all + 1, missed: right ? score.missed : [...score.missed, id] })
    }
    const cases = readFileSync(new URL('cases.jsonl', folder), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
    for (const [n, one] of cases.entries()) {
      const raw = await desk.kernel.files.put(Buffer.from(rawOf(one, `n${n}`), 'latin1'))
      const from = one.group === 'reply' ? casey.email : one.group === 'bounce' ? '' : 'x@elsewhere.example'
      const id = await keepArrival(desk.kernel, {
        source: 'smtp',
        sourceKey: null,
        mailboxId: box.id,
        envelopeFrom: from,
        envelopeTo: [box.address],
        clientAddress: '127.0.0.1',
        clientName: 'c',
        messageId: null,
        raw,
      })
      const before = (await query(sql<{ n: number }>`select count(*)::int as n from outbound_mail`))[0]?.n
      await desk.work()
      const entry = (
        await query(
          sql<Entry>`select i.verdict, i.reason, i.ticket_id, m.bounce is not null as bounced from inbound_mail i left join message m on m.id = i.created_message_id where i.id = ${id}`,
        )
      )[0]!
      const after = (await query(sql<{ n: number }>`select count(*)::int as n from outbound_mail`))[0]?.n
      const where = `${one.id} (${entry.verdict} ${entry.reason})`
      count('one verdict', where, entry.verdict !== 'pending')
      const again = entry.reason === 'duplicate'
      if (one.expect.threads_to_parent) count(`${one.group} on its ticket`, where, entry.ticket_id === made.id || again)
      if (one.expect.is_bounce) count('bounce is a bounce', where, entry.verdict === 'bounced' || again)
      if (one.expect.is_auto_reply) count('automatic is not answered', where, before === after)
    }
    console.log(
      [...scores]
        .map(([name, { right, all, missed }]) => `${name} ${right}/${all}${missed.length > 0 ? `: ${missed.slice(0, 12).join(', ')}` : ''}`)
        .join('\n'),
    )
    const right = (name: string) => scores.get(name)?.right ?? 0
    expect(right('one verdict')).toBe(cases.length)
    expect(right('reply on its ticket')).toBe(125)
    expect(right('bounce on its ticket')).toBe(302)
    expect(right('bounce is a bounce')).toBeGreaterThanOrEqual(328)
    expect(right('automatic is not answered')).toBe(scores.get('automatic is not answered')?.all)
    const ticket = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })
    expect(ticket.status.meaning).toBe('open')
  })
})
