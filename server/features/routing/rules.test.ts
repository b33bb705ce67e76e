import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Conditions, type Facts, matchRule, wordsOf } from './rules.ts'

const facts = (more: Partial<Facts> = {}): Facts => ({
  mailboxId: null,
  categoryIds: [],
  organisationId: null,
  subject: '',
  body: '',
  ...more,
})
const rule = (more: Partial<Conditions> = {}): Conditions => ({
  mailboxId: null,
  categoryId: null,
  organisationId: null,
  words: [],
  ...more,
})

describe('which rule a ticket meets', () => {
  it('the first whose every condition holds', () => {
    const rules = [rule({ mailboxId: '1', words: ['vpn'] }), rule({ mailboxId: '1' }), rule()]
    expect(matchRule(rules, facts({ mailboxId: '1', subject: 'VPN is down' }))).toBe(rules[0])
    expect(matchRule(rules, facts({ mailboxId: '1', subject: 'Mouse' }))).toBe(rules[1])
    expect(matchRule(rules, facts({ mailboxId: '2', subject: 'VPN' }))).toBe(rules[2])
    expect(matchRule(rules.slice(0, 2), facts({ subject: 'VPN' }))).toBeUndefined()
  })

  it('a rule for a category takes what stands below it', () => {
    expect(matchRule([rule({ categoryId: '3' })], facts({ categoryIds: ['30', '3'] }))).toBeDefined()
    expect(matchRule([rule({ categoryId: '30' })], facts({ categoryIds: ['3'] }))).toBeUndefined()
  })

  it.each<[string, string, boolean]>([
    ['vpn', 'Mein VPN geht nicht', true],
    ['vpn', 'OpenVPNclient', false],
    ['port', 'the portal', false],
    ['Drucker', 'Die Druckerpatrone ist leer', true],
    ['drucker', 'Netzwerkdrucker', false],
    ['störung', 'STORUNG im Lager', true],
    ['straße', 'Hauptstrasse', false],
    ['straße', 'Strasse 5', true],
    ['wi-fi', 'The Wi Fi is slow', true],
    ['new starter', 'A new starter comes', true],
    ['new starter', 'starter, new', false],
    ['new starter', 'new\nstarters on Monday', true],
    ['...', 'anything ...', false],
  ])('"%s" in "%s": %s', (word, text, expected) => {
    expect(matchRule([rule({ words: [word] })], facts({ body: text })) !== undefined).toBe(expected)
  })

  it('any word of a text is found in it, whatever stands around', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-zäöü]{2,9}$/), fc.string(), (before, word, after) => {
        expect(matchRule([rule({ words: [word.toUpperCase()] })], facts({ subject: `${before} ${word} ${after}` }))).toBeDefined()
        expect(wordsOf(word)).toHaveLength(1)
      }),
    )
  })
})
