import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { sendTo } from '../../server/features/mail/mail.testing.ts'
import { type MailTransport, smtpTransport } from '../../server/features/mail/outside.ts'
import { startSmtpIn } from '../../server/features/mail/smtp-in.ts'
import { type Desk, useDesk } from '../harness.ts'

/** Two installations that know each other's address: each takes the other's mail at its own SMTP door. */
const here = useDesk({ settings: { MAIL_DOMAIN: 'here.example' } })
const there = useDesk({ settings: { MAIL_DOMAIN: 'there.example' } })

/** Everything by which a program could know that a program wrote: the wire takes it off, to see what happens without. */
const marks = /^(auto-submitted|x-auto-response-suppress|precedence|x-loop|in-reply-to|references):/i
function withoutMarks(raw: Buffer, nth: number): Buffer {
  const text = raw.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter((line) => !marks.test(line))
  return Buffer.from(
    `${lines.map((line) => (/^subject:/i.test(line) ? `Subject: Something ${nth}` : line)).join('\r\n')}${text.slice(end)}`,
    'latin1',
  )
}

async function joined(strip: boolean, rounds: number): Promise<{ here: number; there: number; tickets: number }> {
  const [mailboxHere, mailboxThere] = [await here.mailbox('help@here.example'), await there.mailbox('help@there.example')]
  const doors = [
    await startSmtpIn(here.kernel, { port: 0, host: '127.0.0.1' }),
    await startSmtpIn(there.kernel, { port: 0, host: '127.0.0.1' }),
  ] as const
  let nth = 0
  const to = (port: number): MailTransport => {
    const wire = smtpTransport(`smtp://127.0.0.1:${port}`, 'desk.example')
    return (parcel) =>
      wire({ ...parcel, from: `help@${parcel.from.split('@')[1]}`, raw: strip ? withoutMarks(parcel.raw, ++nth) : parcel.raw })
  }
  here.kernel.outside.mailTransport = to(doors[1].port)
  there.kernel.outside.mailTransport = to(doors[0].port)
  try {
    await sendTo(here.kernel, { from: mailboxThere.address, to: [mailboxHere.address], subject: 'Our screen is dark' })
    for (let round = 0; round < rounds; round++) {
      await here.work()
      await there.work()
    }
  } finally {
    for (const door of doors) await door.stop()
  }
  const count = async (desk: Desk, text: ReturnType<typeof sql<{ n: number }>>) =>
    (await desk.kernel.asSystem(({ db }) => text.execute(db))).rows[0]!.n
  const automatic = () => sql<{ n: number }>`select count(*)::int as n from outbound_mail where kind <> 'reply' and state = 'sent'`
  return {
    here: await count(here, automatic()),
    there: await count(there, automatic()),
    tickets: await count(here, sql<{ n: number }>`select count(*)::int as n from ticket`),
  }
}

describe('C-033: two desks that write to each other', () => {
  it('stop after at most two automatic mails each way', async () => {
    const told = await joined(false, 6)
    expect(told.here, 'the first question was acknowledged').toBe(1)
    expect(told.there).toBeLessThanOrEqual(2)
    expect(told.tickets).toBe(1)
  })

  it('with every mark taken off on the wire they would go on, until the count of answers an hour ends it', async () => {
    const told = await joined(true, 8)
    expect(told.here + told.there).toBeGreaterThan(4)
    expect(Math.max(told.here, told.there)).toBeLessThanOrEqual(5)
  })
})
