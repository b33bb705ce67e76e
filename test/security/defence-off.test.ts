import { createConnection } from 'node:net'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { beforeEach, describe, expect, it } from 'vitest'
import { keepArrival } from '../../server/features/mail/actions-arrive.ts'
import { rawMail, sendTo, someMessageId, type Written } from '../../server/features/mail/mail.testing.ts'
import { startSmtpIn } from '../../server/features/mail/smtp-in.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/**
 * The other half of four defences whose first half stands beside the code: the same attack with the defence taken away
 * reaches its goal. So the defence is what stops it, and not something else on the way.
 */
const zone: Record<string, string> = { '_dmarc.people.example': 'v=DMARC1; p=reject', 'people.example': 'v=spf1 -all' }
const resolveDns = (name: string): Promise<string[][]> =>
  zone[name] ? Promise.resolve([[zone[name]]]) : Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
const desk = useDesk({ outside: { resolveDns } })
let agent: TestPerson
let casey: TestPerson
let box: { id: string; address: string }
beforeEach(async () => {
  agent = await desk.person('agent', { email: 'maya@people.example' })
  casey = await desk.person('requester', { email: 'casey@people.example' })
  box = await desk.mailbox('help@desk.example')
})
const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)

/** A stranger's machine; a neighbour's is believed without asking, which is the check switched off. */
const stranger = '203.0.113.5'
const unchecked = '127.0.0.1'
async function bring(mail: Written, clientAddress: string): Promise<{ verdict: string; reason: string }> {
  const messageId = someMessageId()
  const raw = await desk.kernel.files.put(Buffer.from(rawMail({ to: [box.address], ...mail, messageId })))
  const arrival = { sourceKey: null, mailboxId: box.id, envelopeFrom: 'x@evil.example', envelopeTo: [box.address], messageId, raw }
  await keepArrival(desk.kernel, { ...arrival, source: 'smtp', clientAddress, clientName: 'mx.evil.example' })
  await desk.work()
  return (
    await query(sql<{ verdict: string; reason: string }>`select verdict, reason from inbound_mail where message_id = ${messageId}`)
  )[0]!
}
async function ticketOfCasey() {
  const ticket = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Mouse', requesterId: casey.id } })
  const [ours] = await query(sql<{ message_id: string }>`select message_id from outbound_mail where ticket_id = ${ticket.id}`)
  return { id: ticket.id, answering: `In-Reply-To: <${ours!.message_id}>` }
}
const asSeenBy = async (who: TestPerson, id: string) => (await desk.ask('GET /api/tickets/:id', { as: who, params: { id } })).text

describe("B-019: a requester's name on a stranger's mail", () => {
  it('unchecked it is taken for theirs and shown to all; checked it is for staff only', async () => {
    const ticket = await ticketOfCasey()
    await bring({ from: casey.email, headers: [ticket.answering], body: 'FORGED-UNCHECKED' }, unchecked)
    expect(await asSeenBy(casey, ticket.id)).toContain('FORGED-UNCHECKED')
    await bring({ from: casey.email, headers: [ticket.answering], body: 'FORGED-CHECKED' }, stranger)
    expect(await asSeenBy(agent, ticket.id)).toContain('FORGED-CHECKED')
    expect(await asSeenBy(casey, ticket.id)).not.toContain('FORGED-CHECKED')
  })
})

describe('B-020: a forged Authentication-Results header', () => {
  it("who believes it finds an agent's proven mail; we ask DNS and find none", async () => {
    const forged = 'Authentication-Results: desk.example; dkim=pass header.d=people.example; dmarc=pass header.from=people.example'
    const ticket = await ticketOfCasey()
    const mail = { from: agent.email, headers: [ticket.answering, forged], body: 'Pay to this account.' }
    const believed = /^Authentication-Results:.*dmarc=pass header\.from=([\w.]+)/im.exec(rawMail(mail))
    expect(believed?.[1], 'the careless reader takes it for the domain of the agent').toBe(agent.email.split('@')[1])
    const judged = await bring(mail, stranger)
    expect(judged).toEqual({ verdict: 'quarantined', reason: 'spoofed-agent' })
    expect(await asSeenBy(casey, ticket.id)).not.toContain('Pay to this account.')
    // The same letter with its words taken as proof (a sample company believes this machine) speaks as the desk.
    await query(sql`insert into setting (name, value, changed_at) values ('demo', '{}', now())`)
    expect((await bring(mail, unchecked)).verdict).toBe('followed-up')
    expect(await asSeenBy(casey, ticket.id)).toContain('Pay to this account.')
  })
})

describe('B-026: mail smuggling', () => {
  const smuggled = 'MAIL FROM:<ceo@desk.example>\nRCPT TO:<casey@people.example>\nDATA\nFrom: ceo@desk.example\n\nSMUGGLED'
  const payload = `From: a@b.example\r\nSubject: a\r\n\r\none\n.\n${smuggled}\r\n`
  /** Says it byte by byte, as no mail client would; the answer to the dot. */
  const deliver = (port: number) =>
    new Promise<string>((resolve, reject) => {
      const socket = createConnection(port, '127.0.0.1')
      const say = [
        'EHLO client.example\r\n',
        'MAIL FROM:<a@b.example>\r\n',
        `RCPT TO:<${box.address}>\r\n`,
        'DATA\r\n',
        `${payload}.\r\n`,
        'QUIT\r\n',
      ]
      const heard: string[] = []
      socket.on('error', reject)
      socket.on('close', () => resolve(heard[5] ?? ''))
      socket.on('data', (data) => {
        for (const line of data
          .toString()
          .split('\r\n')
          .filter((one) => /^\d{3} /.test(one))) {
          heard.push(line)
          socket.write(say.shift() ?? '')
        }
      })
    })

  it('the library alone takes it, and passed on it is two mails to a lenient server; our door refuses it', async () => {
    const taken: string[] = []
    const careless = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, _session, done) {
        const pieces: Buffer[] = []
        stream.on('data', (piece: Buffer) => pieces.push(piece))
        stream.on('end', () => {
          taken.push(Buffer.concat(pieces).toString())
          done()
        })
      },
    })
    await new Promise<void>((go) => careless.listen(0, '127.0.0.1', go))
    const { port } = careless.server.address() as { port: number }
    await deliver(port)
    await new Promise<void>((go) => careless.close(go))
    expect(taken).toHaveLength(1)
    const lenient = taken[0]!.split(/\r?\n\.\r?\n/)
    expect(lenient).toHaveLength(2)
    expect(lenient[1]).toMatch(/^MAIL FROM:<ceo@desk\.example>/)

    const ours = await startSmtpIn(desk.kernel, { port: 0, host: '127.0.0.1' })
    expect(await deliver(ours.port)).toMatch(/^550 5\.5\.2/)
    await ours.stop()
    expect(await query(sql`select 1 from inbound_mail`)).toEqual([])
  })
})

describe('C-031: an autoresponder that hides what it is', () => {
  const rounds = 9
  const answersTo = async (robot: string) =>
    (await query(sql`select 1 from outbound_recipient where address = ${`${robot}@partner.example`}`)).length
  const write = async (robot: string, round: number) => {
    await sendTo(desk.kernel, {
      to: [box.address],
      from: `${robot}@partner.example`,
      subject: `I am away ${round}`,
      body: `Round ${round}`,
    })
    await desk.work()
  }

  it('without the memory of what was answered each round brings another answer, for ever; with it there are five', async () => {
    for (const robot of ['forgotten', 'remembered']) await desk.person('requester', { email: `${robot}@partner.example` })
    for (let round = 0; round < rounds; round++) {
      await query(sql`delete from automatic_answer`)
      await write('forgotten', round)
    }
    expect(await answersTo('forgotten')).toBe(rounds)
    for (let round = 0; round < rounds; round++) await write('remembered', round)
    expect(await answersTo('remembered')).toBe(5)
  })
})
