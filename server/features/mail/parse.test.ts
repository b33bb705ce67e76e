import { afterAll, describe, expect, test } from 'vitest'
import { fixture, mailOf } from './mail-fixtures.ts'
import { startMailParser } from './parse.ts'
import { MailTooHard, type ParsedMail } from './parsed-mail.ts'
import { readMail } from './read-mail.ts'

const read = (name: string): Promise<ParsedMail> => readMail(fixture(name))
const names = (mail: ParsedMail) => mail.attachments.map((one) => one.name)

describe('who wrote, to whom, about what', () => {
  test('a German Outlook reply yields one author, its thread and its words', async () => {
    const mail = await read('reply-outlook-german')
    expect(mail.from).toEqual({ name: 'Krause, Anna', address: 'Anna.Krause@kunde.example' })
    expect(mail.to).toEqual([{ name: 'Support', address: 'help@desk.example' }])
    expect(mail.inReplyTo).toEqual(['t1001.abc@desk.example'])
    expect(mail.references).toEqual(['first@kunde.example', 't1001.abc@desk.example'])
    expect(mail.date).toBe('2026-03-03T08:00:00.000Z')
    expect(mail.language).toBe('de')
    expect(mail.text).toContain('schwarz-weiß')
    expect(mail.text).toContain('Tel. +49 30 1234567')
  })

  test('a mail with two From headers has no author', async () => {
    const mail = await read('several-from')
    expect(mail.from).toBeUndefined()
    expect(mail.fromProblem).toBe('several')
  })

  test.each([
    ['two mailboxes', 'a@x.example, b@y.example', undefined, 'several'],
    ['a group of two', 'team: a@x.example, b@y.example;', undefined, 'several'],
    ['no address', 'Nobody', undefined, 'unreadable'],
    ['nothing', '', undefined, 'missing'],
    ['an address as a name', 'agent@desk.example <evil@x.example>', 'evil@x.example', undefined],
    ['a quoted address as a name', '"agent@desk.example" <evil@x.example>', 'evil@x.example', undefined],
    ['an address in a comment', 'evil@x.example (agent@desk.example)', 'evil@x.example', undefined],
    ['an encoded second mailbox', '=?utf-8?Q?a=40x.example=3E=2C_b?= <evil@x.example>', 'evil@x.example', undefined],
  ])('From with %s is read one way only', async (_case, from, address, problem) => {
    const mail = await readMail(mailOf(`From: ${from}`, 'To: help@desk.example', '', 'x'))
    expect(mail.from?.address).toBe(address)
    expect(mail.fromProblem).toBe(problem)
  })

  test('a mail without Message-ID and Date is still a mail', async () => {
    const mail = await readMail(mailOf('From: a@b.example', 'Date: yesterday', '', 'x'))
    expect(mail.messageId).toBeUndefined()
    expect(mail.date).toBeUndefined()
  })

  test('two deliveries of one mail have one content hash, another body has another', async () => {
    const first = ['From: a@b.example', 'Date: Mon, 2 Mar 2026 08:00:00 +0100', 'Subject: x', '', 'words']
    const again = await readMail(mailOf('Received: by other.example', 'Delivered-To: help@desk.example', ...first, ''))
    const changed = await readMail(mailOf(...first.slice(0, 4), 'other words'))
    const { contentHash } = await readMail(mailOf(...first))
    expect(again.contentHash).toBe(contentHash)
    expect(changed.contentHash).not.toBe(contentHash)
    expect(again.originalRecipients).toEqual(['help@desk.example'])
  })
})

describe('characters', () => {
  test('UTF-7 is read in the subject and in the body', async () => {
    const mail = await read('utf7')
    expect(mail.subject).toBe('Grüße aus München')
    expect(mail.text).toBe('Grüße aus München: 2 + 2, [ok]')
  })

  test('8-bit headers and bodies without a declaration are read as people meant them', async () => {
    const mail = await read('undeclared-latin1')
    expect(mail.from?.name).toBe('Jürgen')
    expect(mail.subject).toBe('Grüße aus Köln')
    expect(mail.text).toContain('Drücker ist kaputt, € 5')
  })

  test.each([
    ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42], '日本'],
    ['gb18030', [0xd6, 0xd0, 0xce, 0xc4], '中文'],
    ['x-mac-roman', [0x9f, 0x8a], 'üä'],
    ['windows-1252', [0x80, 0xe4], '€ä'],
    ['iso-8859-15', [0xa4], '€'],
    ['x-unheard-of', [0xfc], 'ü'],
    ['utf-8', [0xfc, 0x62, 0xe4], 'übä'],
  ])('a body in %s is readable', async (charset, bytes, expected) => {
    const head = mailOf('From: a@b.example', `Content-Type: text/plain; charset="${charset}"`, '', '')
    expect((await readMail(Buffer.concat([head, Buffer.from(bytes)]))).text).toBe(expected)
  })

  test('subjects are one line without control, bidi or zero-width characters', async () => {
    const mail = await read('hostile-names')
    expect(mail.subject).toBe('invoicegpj.exe Bcc: all@x.example')
  })
})

describe('bodies and attachments', () => {
  test('attachment names are safe whatever was sent', async () => {
    const mail = await read('hostile-names')
    expect(names(mail).slice(0, 5)).toEqual(['passwd', 'invoicegnp.exe', '_CON.txt', 'report.docx', 'attachment.pdf'])
    expect(names(mail)[5]).toMatch(/^x{146}\.pdf$/)
  })

  test('an unencoded attachment keeps every byte, line ends included', async () => {
    const lines = ['--b', 'Content-Disposition: attachment; filename=a.txt', '', 'one', 'two', '', '--b--']
    const mail = await readMail(mailOf('From: a@b.example', 'Content-Type: multipart/mixed; boundary=b', '', ...lines))
    expect(Buffer.from(mail.attachments[0]?.bytes ?? []).toString()).toBe('one\r\ntwo\r\n')
  })

  test('winmail.dat is opened: its text is the body, its file has its real name', async () => {
    const mail = await read('winmail')
    expect(mail.text).toBe('Bitte sehen Sie sich den Anhang an.')
    expect(names(mail)).toEqual(['Quartal März.txt'])
    expect(Buffer.from(mail.attachments[0]?.bytes ?? []).toString()).toBe('numbers of the quarter\n')
  })

  test('an attached mail is opened: its words and its files are there, and the mail itself', async () => {
    const mail = await read('forward-attached')
    expect(mail.text).toContain('Mein Bildschirm flackert')
    expect(names(mail).sort()).toEqual(['Bildschirm flackert.eml', 'foto.png'])
  })

  test('mails inside mails are opened five deep and no deeper', async () => {
    const mail = await read('nested-seven')
    expect(mail.text).toContain('words of level 6')
    expect(mail.text).not.toContain('the deepest words')
    // The first unopened one and the outermost, which has them all.
    expect(mail.attachments.map((one) => Buffer.from(one.bytes).includes('the deepest words'))).toEqual([true, true])
  })

  test('an invitation is text and is never expanded', async () => {
    const mail = await read('calendar')
    expect(mail.text).toBe('Bitte den Termin annehmen.')
    expect(mail.calendar).toContain('RRULE:FREQ=SECONDLY')
    expect(mail.html).not.toContain('onerror')
  })

  test('a picture of the mail is tied to its part, a picture of the web is not loaded, a script is gone', async () => {
    const mail = await read('inline-picture')
    expect(mail.attachments[0]).toMatchObject({ name: 'shot.png', contentId: 'shot@kunde', inline: true, size: 8 })
    expect(mail.html).toContain('data-cid="shot@kunde"')
    expect(mail.html).toContain('data-remote-src="https://tracker.example/p.gif"')
    expect(mail.html).not.toMatch(/script|alert/)
  })

  test('NUL bytes reach nobody', async () => {
    const mail = await readMail(mailOf('From: a\0 <a@b.example>', 'Subject: a\0b', 'X-Odd: a\0b', '', 'x\0y'))
    const { headers, ...facts } = mail
    expect(JSON.stringify([facts, [...headers]])).not.toContain('\\u0000')
    expect(mail.text).toBe('xy')
  })
})

describe('a mail that an agent passes on names its first author', () => {
  const petra = { name: 'Petra Miller', address: 'petra@customer.example' }
  test.each([
    ['forward-outlook-german', { name: 'Müller, Petra', address: 'petra@kunde.example' }, 'Bildschirm flackert'],
    ['forward-attached', { name: 'Petra Müller', address: 'petra@kunde.example' }, 'Bildschirm flackert'],
    ['forward-gmail', petra, 'Screen flickers'],
    ['forward-apple', petra, 'Screen flickers'],
    ['forward-thunderbird', petra, 'Screen flickers'],
  ])('%s', async (name, from, subject) => {
    const mail = await read(name)
    expect(mail.forwarded).toMatchObject({ from, subject })
    expect(mail.forwarded?.date).toMatch(/2026/)
  })

  test('a reply is no forward, though it quotes a header block', async () => {
    expect((await read('reply-outlook-german')).forwarded).toBeNull()
    expect((await read('reply-outlook-english')).forwarded).toBeNull()
  })
})

describe('every mail has one outcome', () => {
  const parser = startMailParser({ workers: 1 })
  afterAll(() => parser.close())
  const nested = (depth: number) =>
    Array.from({ length: depth }, (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`).join('')
  const html = 'From: a@b.example\r\nContent-Type: text/html\r\n\r\n'

  test.each([
    ['1,000 parts', `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\nhi\r\n'.repeat(1000)}--x--`],
    ['no boundary', 'From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhi'],
    ['two content types', 'From: a@b.example\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\n<b>hi'],
    ['bad base64', 'From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=*#=a'],
    ['bare carriage returns', 'From: a@b.example\rSubject: x\r\rhi'],
    ['a header line of 1 MB', `From: a@b.example\r\nSubject: ${'x'.repeat(1_000_000)}\r\n\r\nhi`],
    ['200,000 recipients', `From: a@b.example\r\nTo: ${'a@b.example, '.repeat(200_000)}\r\n\r\nhi`],
    ['100,000 quote levels', `From: a@b.example\r\n\r\n${'>'.repeat(100_000)} hi`],
    ['300 mails in each other', `From: a@b.example\r\n${'Content-Type: message/rfc822\r\n\r\n'.repeat(300)}hi`],
    ['90 levels', `From: a@b.example\r\n${nested(90)}\r\nhi`],
  ])('%s becomes a message', async (_case, raw) => {
    const mail = await parser.parse(Buffer.from(raw, 'latin1'))
    expect(mail.text.length + mail.attachments.length).toBeGreaterThan(0)
  })

  test.each([
    ['a nesting of 300', `From: a@b.example\r\n${nested(300)}\r\nhi`, 'too-complex'],
    ['headers of 5 MB', `From: a@b.example\r\nX: ${'x'.repeat(5_000_000)}\r\n\r\nhi`, 'too-complex'],
    [
      '6,000 parts',
      `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\nhi\r\n'.repeat(6000)}`,
      'too-complex',
    ],
    ['nothing', '', 'unreadable'],
    ['no header of a mail', '\x00\xff\x01'.repeat(500), 'unreadable'],
  ])('%s goes to quarantine with a reason', async (_case, raw, reason) => {
    await expect(parser.parse(Buffer.from(raw, 'latin1'))).rejects.toMatchObject({ name: 'MailTooHard', reason })
  })

  test('a mail over the limit goes to quarantine without being read', async () => {
    await expect(parser.parse(new Uint8Array(2000), { bytes: 1000 })).rejects.toMatchObject({ reason: 'too-large' })
  })

  test('HTML too complex to render keeps its text', async () => {
    const mail = await parser.parse(Buffer.from(`${html}${'<table><tr><td>'.repeat(50_000)}the words`))
    expect(mail.htmlTooComplex).toBe(true)
    expect(mail.html).toBeUndefined()
    expect(mail.text).toBe('the words')
  })

  test('a body of 20 MB is cut for reading and kept whole as an attachment', async () => {
    const body = 'a line of a long log file\r\n'.repeat(750_000)
    const mail = await parser.parse(Buffer.from(`From: a@b.example\r\n\r\n${body}`))
    expect(mail.textCut).toBe(true)
    expect(mail.text.length).toBeLessThan(8_000_001)
    expect(mail.attachments[0]?.size).toBe(body.length)
  })
})

describe('a mail that stops its worker costs itself only', () => {
  const file = new URL('../../../test/fixtures/mail/failing-worker.mjs', import.meta.url)
  test.each(['crash', 'exit', 'loop'])('after a %s the next mail is read', async (word) => {
    const parser = startMailParser({ workers: 1, file })
    const limits = { milliseconds: 1500 }
    const bad = parser.parse(Buffer.from(word), limits)
    const next = parser.parse(Buffer.from('fine'), limits)
    await expect(bad).rejects.toBeInstanceOf(MailTooHard)
    await expect(bad).rejects.toMatchObject({ reason: 'too-complex' })
    await expect(next).resolves.toMatchObject({ subject: 'fine' })
    await parser.close()
  })

  test('the clock stops a real mail, and the same worker pool reads the next', async () => {
    const parser = startMailParser({ workers: 1 })
    const heavy = Buffer.from(`From: a@b.example\r\n\r\n${'x\r\n'.repeat(3_000_000)}`)
    await expect(parser.parse(heavy, { milliseconds: 5 })).rejects.toMatchObject({ reason: 'too-complex' })
    await expect(parser.parse(fixture('reply-gmail'))).resolves.toMatchObject({ subject: 'Re: [#1005] VPN' })
    await parser.close()
  })
})
