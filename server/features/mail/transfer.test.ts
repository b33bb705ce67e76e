import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeTransfer } from './transfer.ts'

const decode = (text: string, encoding: string) => Buffer.from(decodeTransfer(Buffer.from(text, 'latin1'), encoding)).toString('latin1')

test.each([
  ['aGVsbG8=', 'hello'],
  ['aGVs\r\nbG8=\r\n', 'hello'],
  ['aGk=aGk=', 'hihi'],
  ['aGk=\r\naG8h', 'hiho!'],
  ['*aG*k=#', 'hi'],
  ['', ''],
])('base64 %j is read as %j', (encoded, decoded) => {
  expect(decode(encoded, 'BASE64')).toBe(decoded)
})

test.each([
  ['a=3Db', 'a=b'],
  ['a=3db=\r\nc', 'a=bc'],
  ['soft=  \r\nbreak', 'softbreak'],
  ['100=% and =ZZ', '100=% and =ZZ'],
  ['end=', 'end'],
])('quoted-printable %j is read as %j', (encoded, decoded) => {
  expect(decode(encoded, 'quoted-printable')).toBe(decoded)
})

test('base64 of any bytes comes back whole, in one piece or in several', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (one, two) => {
      const encoded = Buffer.from(Buffer.from(one).toString('base64') + Buffer.from(two).toString('base64'))
      expect(Buffer.from(decodeTransfer(encoded, 'base64'))).toEqual(Buffer.concat([one, two]))
    }),
  )
})
