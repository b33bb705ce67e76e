import { describe, expect, it } from 'vitest'
import type { TicketRow } from '../../../contract/tickets.ts'
import { type Groups, linesOf, startsOf } from './grouped.ts'

const row = (id: string, team: string | null) => ({ id, team: team ? { id: team, name: `Team ${team}` } : null }) as TicketRow
const groups = (more: Partial<Groups> = {}): Groups => ({
  by: 'team',
  of: [
    { key: 'none', name: '', count: 1 },
    { key: '7', name: 'Team 7', count: 2 },
  ],
  more: false,
  closed: new Set(),
  turn: () => {},
  ...more,
})
const rows = [row('1', null), row('2', '7'), row('3', '7')]
const keys = (from: Groups | undefined, of = rows) => linesOf(of, from).map((line) => line.key)

describe('a list in groups', () => {
  it('shows each ticket once below the head of its group, and nothing of one that is folded but its head', () => {
    expect(keys(undefined)).toEqual(['1', '2', '3'])
    expect(keys(groups())).toEqual(['head:none', '1', 'head:7', '2', '3'])
    expect(keys(groups({ closed: new Set(['7']) }))).toEqual(['head:none', '1', 'head:7'])
  })

  it('offers the whole of a group that holds more than is shown, and says when only the first thousand are divided', () => {
    const large = groups({ of: [{ key: '7', name: 'Team 7', count: 60 }] })
    expect(keys(large, rows.slice(1))).toEqual(['head:7', '2', '3', 'rest:7'])
    expect(keys(groups({ more: true }))).toEqual(['head:none', '1', 'rest:none', 'head:7', '2', '3', 'rest:7', 'cut'])
  })

  it('held still, keeps a row whose group has gone meanwhile', () => {
    expect(keys(groups({ of: [{ key: 'none', name: '', count: 1 }] }))).toEqual(['head:none', '1', 'head:7', '2', '3'])
  })

  it('knows where each line begins', () => {
    expect([...startsOf(linesOf(rows, groups()))]).toEqual([
      ['head:none', 0],
      ['1', 34],
      ['head:7', 112],
      ['2', 146],
      ['3', 224],
    ])
  })
})
