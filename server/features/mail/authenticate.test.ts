import { generateKeyPairSync } from 'node:crypto'
import { sql } from 'kysely'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { keepArrival } from './actions-arrive.ts'
import { isLoopback, isNeighbour, proofOf } from './authenticate.ts'
import { rawMail, someMessageId, type Written } from './mail.testing.ts'

/** Signed with real keys; DNS answers from this table. */
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const zone: Record<string, string[]> = {
  's1._domainkey.people.example': [`v=DKIM1; k=rsa; p=${keys.publicKey.toString('base64')}`],
  '_dmarc.people.example': ['v=DMARC1; p=reject'],
  'people.example': ['v=spf1 -all'],
  's1._domainkey.evil.example': [`v=DKIM1; k=rsa; p=${keys.publicKey.toString('base64')}`],
  '_dmarc.evil.example': ['v=DMARC1; p=none'],
}
let questions = 0
const resolveDns = (name: string, type: string): Promise<string[][]> => {
  questions++
  const found = type === 'TXT' ? zone[name] : undefined
  return found ? Promise.resolve(found.map((one) => [one])) : Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
}

const desk = useDesk({ outside: { resolveDns } })
let agent: TestPerson
let casey: TestPerson
let box: { id: string; address: string }
let ticket: { id: string }
let ours: string
const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
beforeEach(async () => {
  agent = await desk.person('agent', { email: 'maya@people.example' })
  casey = await desk.person('requester', { email: 'casey@people.example' })
  box = await desk.mailbox('help@desk.example')
  ticket = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Mouse', requesterId: casey.id } })
  ours = (await query(sql<{ message_id: string }>`select message_id from outbound_mail`))[0]!.message_id
})

async function signed(raw: string, domain: string): Promise<string> {
  const key = { signingDomain: domain, selector: 's1', privateKey: keys.privateKey }
  const result = await dkimSign(raw, { ...key, signatureData: [{ ...key, algorithm: 'rsa-sha256' }] })
  return `${String(result.signatures).trimEnd()}\r\n${raw}`
}
/** As if brought by a machine somewhere in the world. */
async function bring(mail: Written, more: { sign?: string; client?: string } = {}) {
  const messageId = someMessageId()
  const plain = rawMail({ to: [box.address], headers: [`In-Reply-To: <${ours}>`], ...mail, messageId })
  const raw = await desk.kernel.files.put(Buffer.from(more.sign ? await signed(plain, more.sign) : plain))
  await keepArrival(desk.kernel, {
    source: 'smtp',
    sourceKey: null,
    mailboxId: box.id,
    envelopeFrom: 'x@evil.example',
    envelopeTo: [box.address],
    clientAddress: more.client ?? '203.0.113.5',
    clientName: 'mx.evil.example',
    messageId,
    raw,
  })
  await desk.work()
  return (
    await query(
      sql<{
        verdict: string
        reason: string
        authentication: Record<string, string>
      }>`select verdict, reason, authentication from inbound_mail where message_id = ${messageId}`,
    )
  )[0]!
}
const see = () => desk.call('GET /api/tickets/:id', { as: agent, params: { id: ticket.id } })

describe('who wrote it', () => {
  it('an agent whose domain signed the mail answers by mail', async () => {
    expect(await bring({ from: agent.email, body: 'On it.' }, { sign: 'people.example' })).toMatchObject({
      verdict: 'followed-up',
      authentication: { result: 'pass', dkim: 'pass', dmarc: 'pass' },
    })
    expect((await see()).messages.at(-1)).toMatchObject({ direction: 'out', author: { id: agent.id }, text: 'On it.' })
  })

  it('B-018: a signature of another domain, or a mail changed after it was signed, makes nobody an agent', async () => {
    expect(await bring({ from: agent.email }, { sign: 'evil.example' })).toMatchObject({
      verdict: 'quarantined',
      reason: 'spoofed-agent',
      authentication: { result: 'fail' },
    })
    const changed = (
      await signed(rawMail({ from: agent.email, to: [box.address], headers: [`In-Reply-To: <${ours}>`], body: 'ok' }), 'people.example')
    ).replace('ok', 'pay now')
    expect(await bring({ raw: changed } as Written)).toBeUndefined()
    expect((await query(sql<{ reason: string }>`select reason from inbound_mail order by id desc limit 1`))[0]).toEqual({
      reason: 'spoofed-agent',
    })
    expect((await see()).messages).toHaveLength(1)
  })

  it("B-019: a requester's name under a failed DMARC is shown to staff only, marked, and changes nothing", async () => {
    expect(await bring({ from: casey.email, body: 'SPOOFED' })).toMatchObject({
      verdict: 'followed-up',
      authentication: { result: 'fail', dmarc: 'fail' },
    })
    const seen = await see()
    expect(seen.messages.at(-1)).toMatchObject({ internal: true, unverified: 'dmarc-fail', author: null })
    expect((await desk.ask('GET /api/tickets/:id', { as: casey, params: { id: ticket.id } })).text).not.toContain('SPOOFED')
    // and a guessable tag does not even reach the ticket
    expect(await bring({ from: casey.email, headers: [], subject: `Re: [#${ticket.id}]` })).toMatchObject({
      verdict: 'quarantined',
      reason: 'unknown-user-update',
    })
  })

  it("B-020: an Authentication-Results header is nobody's word", async () => {
    const headers = [
      `In-Reply-To: <${ours}>`,
      'Authentication-Results: desk.example; dkim=pass header.d=people.example; dmarc=pass header.from=people.example',
      'Received-SPF: pass',
    ]
    expect(await bring({ from: agent.email, headers })).toMatchObject({ verdict: 'quarantined', reason: 'spoofed-agent' })
  })

  it("a neighbour's unsigned mail is judged without a single question to DNS", async () => {
    const before = questions
    expect(await bring({ from: casey.email }, { client: '127.0.0.1' })).toMatchObject({
      verdict: 'followed-up',
      authentication: { result: 'none' },
    })
    expect(questions).toBe(before)
  })

  it('a name server that does not answer delays a mail by seconds and convicts nobody', async () => {
    const never = () => new Promise<string[]>(() => {})
    const began = performance.now()
    const proof = await proofOf(
      Buffer.from(rawMail({ from: casey.email })),
      { source: 'smtp', clientAddress: '203.0.113.5', clientName: 'x', envelopeFrom: 'a@b.example' },
      never,
      'desk.example',
    )
    expect(proof.result).toBe('none')
    expect(performance.now() - began).toBeLessThan(6_500)
  })

  it('knows its neighbours', () => {
    expect(
      ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.2.3', '192.168.1.1', '172.20.0.1', 'fe80::1', 'fd00::1'].map(isNeighbour),
    ).not.toContain(false)
    expect(['203.0.113.5', '172.32.0.1', '8.8.8.8', '2001:db8::1'].map(isNeighbour)).not.toContain(true)
    expect(isLoopback('::ffff:127.0.0.1')).toBe(true)
    expect(isLoopback('10.0.0.1')).toBe(false)
  })
})
