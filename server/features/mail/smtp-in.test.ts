import { createConnection } from 'node:net'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { rawMail, sendTo, someMessageId } from './mail.testing.ts'
import { startSmtpIn } from './smtp-in.ts'
import { hasBareLineEnd, messageIdIn } from './smtp-stream.ts'

const desk = useDesk({ settings: { MAIL_MAX_MB: '1' } })
let box: { id: string; address: string }
beforeEach(async () => {
  box = await desk.mailbox('help@desk.example')
})
const kept = () =>
  desk.kernel.transactor.transaction(
    async (db) =>
      (
        await sql<{
          message_id: string
          envelope_to: string[]
          sha256: string
        }>`select message_id, envelope_to, sha256 from inbound_mail order by id`.execute(db)
      ).rows,
  )

/** Speaks raw SMTP: writes each piece when the server has answered the one before. */
async function speak(pieces: (string | Buffer)[]): Promise<string[]> {
  const smtp = await startSmtpIn(desk.kernel, { port: 0, host: '127.0.0.1' })
  const answers: string[] = []
  await new Promise<void>((resolve, reject) => {
    const socket = createConnection(smtp.port, '127.0.0.1')
    const rest = [...pieces]
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.on('data', (data) => {
      for (const line of data
        .toString()
        .split('\r\n')
        .filter((one) => /^\d{3} /.test(one))) {
        answers.push(line)
        const next = rest.shift()
        if (next === undefined) socket.end()
        else socket.write(next)
      }
    })
  })
  await smtp.stop()
  return answers
}
const open = ['EHLO client.example\r\n', 'MAIL FROM:<a@b.example>\r\n', 'RCPT TO:<help@desk.example>\r\n', 'DATA\r\n']

describe('the door for mail', () => {
  it('a mail that was answered with 250 is in the journal, to be found by its Message-ID before it is judged', async () => {
    const messageId = someMessageId()
    expect(await sendTo(desk.kernel, { to: [box.address], messageId })).toMatch(/^250/)
    expect(await kept()).toMatchObject([{ message_id: messageId }])
    const agent = await desk.person('agent')
    for (const asked of [messageId, `<${messageId}>`]) {
      const { items } = await desk.call('GET /api/mail/journal', { as: agent, query: { messageId: asked } })
      expect(items).toMatchObject([{ messageId, verdict: 'pending', ticketId: null }])
    }
  })

  it('takes mail for our own addresses and their reply addresses, and never relays', async () => {
    const answers = await speak([
      'EHLO client.example\r\n',
      'MAIL FROM:<a@b.example>\r\n',
      'RCPT TO:<Help@DESK.example>\r\n',
      'RCPT TO:<help+00112233445566778899aabbccddeeff@desk.example>\r\n',
      'RCPT TO:<victim@elsewhere.example>\r\n',
      'RCPT TO:<"help@desk.example"@elsewhere.example>\r\n',
      'QUIT\r\n',
    ])
    expect(answers.slice(3, 7).map((one) => one.slice(0, 9))).toEqual([
      '250 Accep',
      '250 Accep',
      '550 5.7.1',
      expect.stringMatching(/^5\d\d /),
    ])
  })

  it('an archived mailbox takes nothing', async () => {
    await desk.kernel.transactor.transaction((db) => sql`update mailbox set archived_at = now()`.execute(db))
    await expect(sendTo(desk.kernel, { to: [box.address] })).rejects.toThrow('5.7.1')
  })

  it('a mail that is too large is refused with 552, announced or not, and nothing of it stays', async () => {
    const announced = await speak(['EHLO client.example\r\n', 'MAIL FROM:<a@b.example> SIZE=99999999\r\n', 'QUIT\r\n'])
    expect(announced[2]).toMatch(/^552/)
    const large = `${rawMail({ to: [box.address] })}${'x'.repeat(70)}\r\n`.replace(
      'It does',
      `${`${'y'.repeat(70)}\r\n`.repeat(18_000)}It does`,
    )
    const answers = await speak([...open, `${large}.\r\n`, 'QUIT\r\n'])
    expect(answers[5]).toMatch(/^552/)
    expect(await kept()).toEqual([])
  })

  // B-026. The defence off: the library alone takes such a mail as one with a strange body.
  it.each([
    ['a bare line feed', 'Subject: a\r\n\r\none\n.\nMAIL FROM:<evil@x.example>\r\n'],
    ['a bare carriage return', 'Subject: a\r\n\r\none\r.\rMAIL FROM:<evil@x.example>\r\n'],
    ['a line feed at the very end', 'Subject: a\r\n\r\none\n\r\n'],
  ])('%s is refused, whole, and no second mail comes of it', async (_, content) => {
    const answers = await speak([...open, `${content}.\r\n`, 'QUIT\r\n'])
    expect(answers[5]).toMatch(/^550 5\.5\.2/)
    expect(await kept()).toEqual([])
  })

  it('line ends are seen across the pieces in which they come', () => {
    const all = (...chunks: string[]) => {
      let last = false
      return chunks.some((chunk) => {
        const found = hasBareLineEnd(Buffer.from(chunk), last)
        last = chunk.endsWith('\r')
        return found
      })
    }
    expect(all('a\r', '\nb\r\n')).toBe(false)
    expect(all('a\r', 'b')).toBe(true)
    expect(all('a', '\nb')).toBe(true)
    expect(all('a\n')).toBe(true)
    expect(all('a\r\n\r\n')).toBe(false)
  })

  it('when the database cannot keep it the sender is asked to try again, and has lost nothing', async () => {
    const { transactor } = desk.kernel
    const takes = transactor.transaction
    let calls = 0
    transactor.transaction = ((work: never, choices: never) =>
      calls++ === 0 ? takes.call(transactor, work, choices) : Promise.reject(new Error('disk full'))) as typeof takes
    const answer = await sendTo(desk.kernel, { to: [box.address] }).catch((cause: Error) => cause.message)
    transactor.transaction = takes
    expect(answer).toContain('451')
  })

  it('a Message-ID is found in the head only, folded or not', () => {
    expect(messageIdIn(Buffer.from('A: b\r\nMessage-ID:\r\n <x@y>\r\n\r\n'))).toBe('x@y')
    expect(messageIdIn(Buffer.from('A: b\r\n\r\nMessage-ID: <x@y>\r\n'))).toBeNull()
  })
})
