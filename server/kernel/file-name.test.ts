import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attachmentName } from './file-name.ts'

/** What no display name may be: a path, empty, hidden, too long, a device, or deceptive. */
function dangers(name: string): string[] {
  const found: string[] = []
  if (/[/\\]/.test(name)) found.push('path')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) found.push('control character')
  if (/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(name)) found.push('invisible or reordering character')
  if (name === '' || name.length > 150) found.push('length')
  if (/^[.\s]|[.\s]$/.test(name)) found.push('dot or space at an end')
  if (/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name)) found.push('device')
  return found
}

describe('a file name from a stranger', () => {
  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\..\\report.docx', 'report.docx'],
    ['a\0.png', 'a .png'],
    ['invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['\u200b.htaccess', 'htaccess'],
    ['NUL', '_NUL'],
    ['com1.txt', '_com1.txt'],
    ['trailing. . .', 'trailing'],
    ['x\r\nContent-Type: text/html', 'html'],
    ['...', 'attachment.pdf'],
    ['', 'attachment.pdf'],
    [undefined, 'attachment.pdf'],
    ['Rechnung März 2026.pdf', 'Rechnung März 2026.pdf'],
  ])('%j is shown as %j', (given, shown) => {
    expect(attachmentName(given, 'application/pdf')).toBe(shown)
  })

  test('is safe whatever it was, and the same when normalised again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = attachmentName(given, 'image/png')
        expect(dangers(name)).toEqual([])
        expect(attachmentName(name, 'image/png')).toBe(name)
      }),
      { numRuns: 2000 },
    )
  })

  const corpus = new URL('../../../../shared/data/security/filenames.jsonl', import.meta.url)
  if (!existsSync(corpus)) console.log('skipped: known hostile file names, the shared test data are not here')
  test.runIf(existsSync(corpus))('is safe for every known hostile name', () => {
    const rows = readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as { payload: string })
    expect(rows.filter((row) => dangers(row.payload).length > 0).length).toBeGreaterThan(10)
    expect(rows.flatMap((row) => dangers(attachmentName(row.payload, 'image/png')))).toEqual([])
  })
})
