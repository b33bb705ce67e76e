import type { Query } from '@tanstack/react-query'
import { beforeEach, describe, expect, it, vi } from 'vitest'

type Positions = typeof import('./live-position.ts')
let at: Positions
beforeEach(async () => {
  vi.resetModules()
  at = await import('./live-position.ts')
})
const query = (queryHash: string) => ({ queryHash }) as Query
const read = (hash: string, position: string | null, further = false): boolean => {
  const answer = { items: [] }
  at.noteAnswer(answer, position)
  return at.noteQuery(hash, answer, further)
}

describe('what is old when a stream begins', () => {
  it('an answer read since the position is not, one read before it is, and one without a position always is', () => {
    read('list', 'p.5')
    read('early', 'p.4')
    read('portal', null)
    expect(['list', 'early', 'portal', 'unknown'].map((hash) => at.isOlder(query(hash), 'p.5'))).toEqual([false, true, true, true])
  })
  it('counts are numbers, not texts', () => {
    read('list', 'p.9')
    expect(at.isOlder(query('list'), 'p.10')).toBe(true)
  })
  it('after a restart of the server everything is', () => {
    read('list', 'p.9')
    expect(at.isOlder(query('list'), 'q.0')).toBe(true)
  })
  it('when the stream does not say where it begins everything is', () => {
    read('list', 'p.9')
    expect(at.isOlder(query('list'), undefined)).toBe(true)
  })
  it('what the stream has told up to there is not, though it was read long before', () => {
    read('list', 'p.1')
    at.noteHeard('p.7', false)
    expect(at.isOlder(query('list'), 'p.7')).toBe(false)
    expect(at.isOlder(query('list'), 'p.8')).toBe(true)
  })
  it('a list of several pages is as old as its first', () => {
    read('list', 'p.1')
    read('list', 'p.6', true)
    expect(at.isOlder(query('list'), 'p.6')).toBe(true)
    read('list', 'p.6')
    expect(at.isOlder(query('list'), 'p.6')).toBe(false)
  })
  it('an answer that was on its way when the stream began is asked for again, one read after it is not', () => {
    at.noteHeard('p.3', true)
    expect(read('list', 'p.2')).toBe(true)
    expect(read('list', 'p.3')).toBe(false)
    expect(read('portal', null)).toBe(false)
  })
})
