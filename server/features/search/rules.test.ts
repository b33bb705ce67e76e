import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedFor, choosers, formsOf, mayBeMisspelt } from './rules.ts'
import { lexemesOf, markOff, markOn, snippetOf } from './rules-snippet.ts'

describe('what was typed', () => {
  it('falls into words, phrases and what must not occur', () => {
    expect(askedFor('printer "paper jam" -toner')).toMatchObject({
      words: ['printer'],
      phrases: ['paper jam'],
      without: ['toner'],
      beginning: false,
    })
    expect(askedFor('wi-fi slow')).toMatchObject({ words: ['wi-fi', 'slow'], without: [], beginning: true })
  })
  it('a dash between words excludes nothing', () => {
    expect(askedFor('bookmarks -- chrome - sync')).toMatchObject({ words: ['bookmarks', 'chrome', 'sync'], without: [] })
  })
  it('ends in a half word until a space follows', () => {
    expect(askedFor('netw').beginning).toBe(true)
    expect(askedFor('netw ').beginning).toBe(false)
  })
  it.each([
    ['1001', '1001'],
    ['#1001', '1001'],
    ['[#1001]', '1001'],
    ['101', null],
    ['1001 printer', null],
  ])('%s names the ticket %s', (typed, id) => {
    expect(askedFor(typed).ticketId).toBe(id)
  })
  it('an address is one', () => {
    expect(askedFor(' ada@people.example ').address).toBe('ada@people.example')
    expect(askedFor('ada@people').address).toBeNull()
  })
  it('never breaks, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (typed) => void mayBeMisspelt(askedFor(typed))))
  })
})

it('a word falls into its forms, however many it has', () => {
  expect(formsOf("'accounts' | 'account' | 'accounts':*")).toHaveLength(3)
  expect(formsOf("'e-mail' & 'e' & 'mail'")).toEqual(["'e-mail' & 'e' & 'mail'"])
})

describe('the snippet', () => {
  const plain = (text: string) => text.replaceAll(markOn, '[').replaceAll(markOff, ']')
  it('shows the place of the match, marked, by stem and without accents', () => {
    const text = `${'Guten Tag. '.repeat(40)}Meine Drucker und die Zugänge gehen nicht. ${'Danke. '.repeat(40)}`
    const snippet = plain(snippetOf(text, lexemesOf(`'drucker' | 'druck' & 'zugang'`)))
    expect(snippet).toContain('[Drucker] und die [Zugänge] gehen')
    expect(snippet.length).toBeLessThan(260)
    expect(snippet.startsWith('… ')).toBe(true)
  })
  it('does not mark what must not occur', () => {
    expect(plain(snippetOf('printer toner', lexemesOf(`'printer' & !'toner'`)))).toBe('[printer] toner')
  })
  it("keeps the marks of a stranger's text out", () => {
    expect(snippetOf(`a${markOn}b`, [])).toBe('ab')
  })
})

it('the rarest words choose the candidates', () => {
  const terms = [{ having: 5000 }, { having: 10 }, { having: 100 }]
  expect(choosers(terms)).toEqual([{ having: 10 }, { having: 100 }])
  expect(choosers([{ having: 90_000 }])).toHaveLength(1)
})
