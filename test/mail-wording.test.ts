import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { needsPerson, sentences } from '../server/features/mail/mailbox-trouble.ts'
import { allowed, built } from '../server/features/mail/wording.ts'
import { kinds, ownWords, variables } from '../web/features/mail/wording.ts'

/** What the form says beforehand is what the server does: the two lists stand apart, because the page loads no server code. */
describe('the wordings of a mailbox', () => {
  it.each(kinds)('%s: the same variables and the same words of ours', (kind) => {
    expect([...variables[kind]].sort()).toEqual([...(allowed[kind] ?? [])].sort())
    expect(ownWords[kind]).toEqual(built[kind])
  })
  it('none is known to one side only', () => {
    expect(Object.keys(allowed).sort()).toEqual([...kinds].sort())
  })
})

describe('why a mailbox cannot be reached', () => {
  it('each code has words in both languages', () => {
    // The catalogue itself needs a browser; that both languages have the same keys is for the compiler.
    const texts = readFileSync(new URL('../web/features/mail/mailbox-texts.ts', import.meta.url), 'utf8')
    for (const cause of Object.keys(sentences)) expect(texts.split(`'cause.${cause}':`), cause).toHaveLength(3)
    expect(needsPerson('consent-lost')).toBe(true)
  })
})
