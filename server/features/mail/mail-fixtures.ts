// Reads the mails of test/fixtures/mail for this folder's tests.

import { readFileSync } from 'node:fs'

export const fixture = (name: string): Uint8Array => readFileSync(new URL(`../../../test/fixtures/mail/${name}.eml`, import.meta.url))

/** A mail from its lines, for tests in which every byte is in view. */
export const mailOf = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\r\n'), 'latin1')

/** A plain reply with this body. */
export const replyOf = (body: string): Uint8Array =>
  Buffer.from(`From: Casey <casey@customer.example>\r\nTo: help@desk.example\r\nSubject: Re: printer\r\n\r\n${body}`, 'utf8')
