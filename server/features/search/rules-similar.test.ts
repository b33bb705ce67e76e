import { describe, expect, it } from 'vitest'
import { type Candidate, likeness, ranked, wordsOf } from './rules-similar.ts'

const words = (subject: string, body = '') => wordsOf(subject, body).map(({ word, share }) => `${word} ${share}`)

describe('the words that are compared', () => {
  it('are those of the subject, double, and of the beginning of the text; each once', () => {
    expect(words('Outlook: cannot send "mail"', 'Outlook hangs')).toEqual(['Outlook 1', 'cannot 1', 'send 1', 'mail 1', 'hangs 0.6'])
  })
  it.each([
    ['an error code is one word', 'Error 0x80070005 (again)', '0x80070005 1'],
    ['a short name in capitals counts', 'SAP on PC', 'PC 1'],
    ['a machine keeps its name', 'Printer PRN-04 jams', 'PRN-04 1'],
  ])('%s', (_, subject, word) => expect(words(subject)).toContain(word))
  it('quoted lines and what stands below the greeting say nothing of the matter', () => {
    expect(words('Gateway', 'VPN drops\n> the old mail\nKind regards\nNora Berg\nNordwind')).toEqual(['Gateway 1', 'VPN 0.6', 'drops 0.6'])
  })
  it('are bounded, whatever is pasted, and hold no control characters', () => {
    const many = Array.from({ length: 500 }, (_, n) => `word${n}\u0000x`).join(' ')
    expect(wordsOf(many, many).length).toBeLessThanOrEqual(34)
    expect(JSON.stringify(wordsOf(many, many))).not.toContain('u0000')
  })
})

const one = (more: Partial<Candidate>): Candidate => ({
  id: '1',
  number: 1,
  subject: 'x',
  meaning: 'open',
  requester: { id: '1', name: 'x' },
  organisation: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  resolutionCode: null,
  resolution: null,
  words: ['vpn', 'gateway'],
  same: [],
  score: 1,
  covered: 0.5,
  categoryNear: false,
  ageInDays: 10,
  ...more,
})

describe('what comes first', () => {
  const said = 'The certificate was renewed and loaded.'
  const solved = { meaning: 'resolved' as const, resolutionCode: 'solved' as const, resolution: said }
  it.each<[string, Partial<Candidate>, Partial<Candidate>]>([
    ['the same person before a stranger', { same: ['requester'] }, {}],
    ['the same category before a neighbouring one', { same: ['category'] }, { categoryNear: true }],
    ['a neighbouring category before a strange one', { categoryNear: true }, {}],
    ['what shares more of the telling words', { covered: 0.8 }, { covered: 0.3 }],
    ['the newer of two', { ageInDays: 5 }, { ageInDays: 700 }],
    ['solved with a text before solved without', solved, { ...solved, resolution: 'ok' }],
    ['solved before no fault found', solved, { ...solved, resolutionCode: 'no-fault' }],
    ['closed before cancelled', { ...solved, meaning: 'closed' }, { ...solved, meaning: 'cancelled' }],
  ])('%s', (_, first, second) => expect(likeness(one(first))).toBeGreaterThan(likeness(one(second))))

  it('being from the same place makes nothing alike that shares hardly a word', () => {
    const all: Candidate['same'] = ['requester', 'organisation', 'site', 'category']
    expect(ranked([one({ covered: 0.05, same: all })])).toEqual({ open: [], solved: [] })
    expect(ranked([one({ covered: 0.12, words: ['printer'] })]).open).toEqual([])
  })
  it('open and solved are two lists, eight of each at most', () => {
    const many = Array.from({ length: 20 }, (_, n) => one({ id: String(n), score: n, ...(n % 2 ? solved : {}) }))
    const { open, solved: done } = ranked(many)
    expect([open.length, done.length, open[0]?.id, done[0]?.id]).toEqual([8, 8, '18', '19'])
  })
})
