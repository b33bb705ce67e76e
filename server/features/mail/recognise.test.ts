import { describe, expect, test } from 'vitest'
import { fixture, mailOf } from './mail-fixtures.ts'
import { readMail } from './read-mail.ts'

const read = (name: string) => readMail(fixture(name))
const withHeaders = (...headers: string[]) =>
  readMail(mailOf('From: Anna <anna@kunde.example>', 'To: help@desk.example', ...headers, '', 'words'))

describe('mail that no person wrote', () => {
  test('a German out-of-office note is automatic and no bounce', async () => {
    const mail = await read('vacation-german')
    expect(mail.automatic).toEqual({ why: 'auto-submitted' })
    expect(mail.bounce).toBeNull()
    expect(mail.subject).toBe('Automatische Antwort: [#1001] Drucker im 3. Stock')
  })

  test('an out-of-office note that lost its header is known by null sender and subject', async () => {
    const mail = await read('vacation-without-header')
    expect(mail.automatic).toEqual({ why: 'vacation' })
    expect(mail.bounce).toBeNull()
  })

  test('a complaint of a feedback loop is automatic and no bounce', async () => {
    const mail = await read('feedback-loop')
    expect(mail.automatic).toEqual({ why: 'feedback-loop' })
    expect(mail.bounce).toBeNull()
  })

  test.each([
    ['Auto-Submitted: auto-replied', 'auto-submitted'],
    ['Auto-Submitted: auto-generated (rejected)', 'auto-submitted'],
    ['Precedence: bulk', 'precedence'],
    ['Precedence: auto_reply', 'vacation'],
    ['X-Autoreply: yes', 'vacation'],
    ['X-Auto-Response-Suppress: OOF, AutoReply', 'suppress'],
    ['List-Id: <news.example>', 'list'],
    ['Return-Path: <>', 'null-sender'],
  ])('%s means that nothing answers', async (header, why) => {
    expect((await withHeaders(header)).automatic).toEqual({ why })
  })

  test.each([
    ['Auto-Submitted: no'],
    ['X-Auto-Response-Suppress: DR, RN, NRN'],
    ['Subject: Abwesenheitsnotiz einrichten'],
    ['Subject: Re: out of office replies do not work'],
    ['Subject: Undelivered mail returned to sender, what does that mean?'],
    ['Return-Path: <anna@kunde.example>'],
  ])('a person may well send "%s"', async (header) => {
    const mail = await withHeaders(header)
    expect(mail.automatic).toBeNull()
    expect(mail.bounce).toBeNull()
  })

  test('a read receipt and a receipt of delivery are automatic and no bounce', async () => {
    const report = (type: string, ...fields: string[]) =>
      readMail(
        mailOf(
          'From: a@b.example',
          `Content-Type: multipart/report; report-type=${type}; boundary=r`,
          '',
          '--r',
          '',
          'Receipt',
          '--r',
          `Content-Type: message/${type}`,
          '',
          ...fields,
          '--r--',
        ),
      )
    const reading = await report(
      'disposition-notification',
      'Final-Recipient: rfc822;a@b.example',
      'Disposition: manual-action/MDN-sent-manually; displayed',
    )
    const delivery = await report(
      'delivery-status',
      'Reporting-MTA: dns; b.example',
      '',
      'Final-Recipient: rfc822;a@b.example',
      'Action: delivered',
      'Status: 2.0.0',
    )
    for (const mail of [reading, delivery]) {
      expect(mail.automatic).toEqual({ why: 'auto-submitted' })
      expect(mail.bounce).toBeNull()
    }
  })

  test('loop marks of another desk are reported', async () => {
    expect((await withHeaders('X-Loop: desk-7f3a', 'X-Loop: other')).loopMarks).toEqual(['desk-7f3a', 'other'])
  })
})

describe('mail that could not be delivered', () => {
  test('a Postfix report names the recipient, the code and the mail it is about', async () => {
    const mail = await read('bounce-postfix')
    expect(mail.bounce).toEqual({
      recipients: ['gone@kunde.example'],
      hard: true,
      status: '5.1.1',
      reason: 'user-unknown',
      originalMessageIds: ['t1001.abc@desk.example'],
    })
    expect(mail.automatic).toEqual({ why: 'bounce' })
  })

  test('a German Exchange report of a full mailbox is soft', async () => {
    expect((await read('bounce-exchange')).bounce).toEqual({
      recipients: ['petra.klein@kunde.example'],
      hard: false,
      status: '5.2.2',
      reason: 'mailbox-full',
      originalMessageIds: ['t1002.def@desk.example'],
    })
  })

  test('a qmail notice is read from its prose', async () => {
    expect((await read('bounce-qmail')).bounce).toEqual({
      recipients: ['nobody@nowhere.example'],
      hard: true,
      status: '5.1.2',
      reason: 'host-unknown',
      originalMessageIds: ['t1003.ghi@desk.example'],
    })
  })

  test('a person who forwards a bounce report has not bounced', async () => {
    const mail = await readMail(
      mailOf(
        'From: Anna <anna@kunde.example>',
        'Subject: WG: Unzustellbar',
        '',
        'Was heisst das?',
        '',
        'From: MAILER-DAEMON@x.example',
        '550 5.1.1 user unknown',
      ),
    )
    expect(mail.bounce).toBeNull()
    expect(mail.automatic).toBeNull()
  })
})
