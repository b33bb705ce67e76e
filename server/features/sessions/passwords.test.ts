import { describe, expect, it } from 'vitest'
import { hashPassword, isPassword, refuseWeak } from './passwords.ts'

describe('a password', () => {
  it.each([
    'password',
    'Passwort1!',
    'P@ssw0rd2026',
    '12345678',
    '1234567890',
    'qwertzuiop',
    'Sommer2026!',
    'aaaaaaaaaa',
    'abcabcabc',
    '1q2w3e4r5t',
    'iloveyou2',
    'firstline1',
    'DragonMaster',
    'ﬁrstline99',
  ])('that is tried first is refused: %s', (password) => {
    expect(() => refuseWeak(password, [])).toThrow(/tried first/)
  })
  it.each(['Lovelace', 'lovelace1815', 'ada.lovelace', 'Lovelace!!', 'Analytical1'])(
    'made of what is known of the person or company is refused: %s',
    (password) => {
      expect(() => refuseWeak(password, ['Ada Lovelace', 'ada.lovelace@example.com', 'Analytical'])).toThrow(/tried first/)
    },
  )
  it.each(['kurz', '1234567', 'äöüßé'])('shorter than 8 characters is refused: %s', (password) => {
    expect(() => refuseWeak(password, [])).toThrow(/8 characters/)
  })
  it.each(['correct horse battery staple', 'dogtoothviolet', 'zk7Pq0x!', 'kkkllmrg', '🦊🦉🦊🦔🐢🐙🐳🦩', 'ohne-grossbuchstaben'])(
    'needs no composition: %s',
    (password) => {
      expect(() => refuseWeak(password, ['Ada Lovelace'])).not.toThrow()
    },
  )
  it('G-087 counts to its last character, spaces, case and NUL included', async () => {
    const long = `${'x'.repeat(990)} Ä\u0000end`
    const stored = await hashPassword(long)
    expect(stored).toMatch(/^\$argon2id\$/)
    expect(await isPassword(stored, long)).toBe(true)
    for (const other of [long.slice(0, -1), long.trimEnd().toLowerCase(), long.replace('\u0000', ''), `${long} `, long.slice(0, 72)])
      expect(await isPassword(stored, other)).toBe(false)
  })
  it('never fits where none is stored', async () => {
    expect(await isPassword(undefined, 'whatever it is')).toBe(false)
  })
})
