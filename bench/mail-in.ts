import { connect } from 'node:net'
import { figuresOf, loop, type Scenario, type Talk } from './measure.ts'
import type { Program } from './programs.ts'

/**
 * Mail in, through the real port: each connection hands over one plain mail after another. The row's time ends when the
 * last of them has its verdict, and each must have opened a ticket with its own subject.
 */
export const mailIn: Scenario = {
  name: 'mail in, to its verdict',
  floor: 100,
  follows: true,
  async drive(program, connections, seconds) {
    const mark = `bench-${process.pid}-${Date.now().toString(36)}`
    const began = performance.now()
    const handed = await loop(await Promise.all(Array.from({ length: connections }, () => speakSmtp(program.smtpPort, mark))), seconds)
    const opened = await openedBy(program, mark, handed.requests)
    const faults = [
      ...(handed.wrong > 0 ? [`${handed.wrong} not taken: ${handed.firstWrong}`] : []),
      ...(opened === handed.requests ? [] : [`${handed.requests} mails, ${opened} tickets`]),
    ]
    const { perSecond, seconds: took } = figuresOf(new Array(handed.requests), performance.now() - began, connections, [])
    return { ...handed, perSecond, seconds: took, wrong: faults.length, ...(faults[0] ? { firstWrong: faults[0] } : {}) }
  },
}

async function openedBy({ db }: Program, mark: string, mails: number): Promise<number> {
  const until = performance.now() + 60_000
  for (;;) {
    const found = await db.query<{ judged: number; opened: number }>(
      `select /* bench */ count(*) filter (where i.verdict <> 'pending')::int as judged, count(distinct t.id)::int as opened
       from inbound_mail i left join ticket t on t.id = i.ticket_id and t.subject = i.subject and i.verdict = 'created'
       where i.message_id like $1 and i.received_at > now() - interval '10 minutes' and i.id > (select max(id) - 20000 from inbound_mail)`,
      [`${mark}.%`],
    )
    const { judged = 0, opened = 0 } = found.rows[0] ?? {}
    if (judged >= mails || performance.now() > until) return opened
    await new Promise((go) => setTimeout(go, 50))
  }
}

const mailOf = (nth: number, mark: string): string =>
  [
    `From: Person ${nth} <p${100 + (nth % 1800)}@bench.example>`,
    'To: desk@bench.example',
    `Subject: The printer on floor ${nth % 9} jams again, ${mark}, ${nth}`,
    `Message-ID: <${mark}.${nth}@mail.bench.example>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hello,',
    '',
    'since this morning it takes two sheets at once, and after the third page it stops with a red light.',
    'I have opened every flap that I could find.',
    '',
    'Kind regards',
    '.',
    '',
  ].join('\r\n')

function speakSmtp(port: number, mark: string): Promise<Talk> {
  return new Promise((ready, failed) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    socket.once('error', failed)
    let told = ''
    let waiting: ((line: string) => void) | undefined
    socket.on('data', (text) => {
      told += text.toString('latin1')
      const last = /(?:^|\n)(\d{3} [^\n]*)\r\n$/.exec(told)?.[1]
      if (last === undefined) return
      told = ''
      waiting?.(last)
    })
    socket.on('close', () => waiting?.('000 The connection was closed.'))
    const answer = () => new Promise<string>((done) => (waiting = done))
    const say = (text: string) => {
      const heard = answer()
      socket.write(text)
      return heard
    }
    const turn = async (nth: number) => {
      for (const command of [`MAIL FROM:<p${100 + (nth % 1800)}@bench.example>\r\n`, 'RCPT TO:<desk@bench.example>\r\n', 'DATA\r\n']) {
        const heard = await say(command)
        if (!/^[23]/.test(heard)) return heard
      }
      const heard = await say(mailOf(nth, mark))
      return heard.startsWith('250') ? undefined : heard
    }
    void answer()
      .then(() => say('EHLO client.bench.example\r\n'))
      .then(() => ready({ turn, close: () => socket.end('QUIT\r\n') }))
  })
}
