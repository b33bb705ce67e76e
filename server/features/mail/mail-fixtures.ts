// Reads the mails of test/fixtures/mail for this folder's tests.

import { readFileSync } from 'node:fs'

export const fixture = (name: string): Uint8Array => readFileSync(new URL(`../../../test/fixtures/mail/${name}.eml`, import.meta.url))

/** A mail from its lines, for tests in which every byte is in view. */
export const mailOf = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\r\n'), 'latin1')
