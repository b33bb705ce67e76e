import { describe, expect, it, vi } from 'vitest'
import { ruleCondition } from '../../../contract/sla.ts'
import { condition } from '../../../contract/views.ts'

// The reader's language is kept in the browser, of which there is none here.
vi.stubGlobal('localStorage', { getItem: () => 'en' })
vi.stubGlobal('document', { documentElement: {} })
const { conditionOf, draftOf } = await import('./conditions.ts')

const kept = [
  { field: 'open', is: false },
  { field: 'meaning', op: 'is-not', values: ['waiting-vendor', 'scheduled'] },
  { field: 'status', op: 'is', values: ['3'] },
  { field: 'priority', op: 'is', values: [1, 2] },
  { field: 'impact', op: 'is', values: [3] },
  { field: 'urgency', op: 'is-not', values: [1, 2] },
  { field: 'channel', op: 'is', values: ['phone', 'mail'] },
  { field: 'category', op: 'is', values: ['none', '7'] },
  { field: 'organisation', op: 'is', values: ['none', '4', '5'] },
  { field: 'site', op: 'is-not', values: ['8', '9'] },
  { field: 'team', op: 'is', values: ['2'] },
  { field: 'assignee', op: 'is', values: ['none', '6'] },
  { field: 'tags', op: 'all', values: ['vip', 'line 3'] },
  { field: 'kind', op: 'is', values: ['incident'] },
  { field: 'own', fieldId: '11', type: 'text', op: 'is', values: ['a', 'b'] },
  { field: 'own', fieldId: '12', type: 'choice', op: 'is', values: ['13'] },
] as const

describe('a condition that is kept', () => {
  it('survives being opened and saved, whatever it asks', () => {
    for (const one of kept) {
      // It is one that the server takes, for views and for target rules.
      expect(condition.parse(one)).toEqual(one)
      expect(ruleCondition.parse(one)).toEqual(one)
      expect(conditionOf(draftOf(one as never, (_, value) => value))).toEqual(one)
    }
  })
  it('can be shown and changed in all that a clock follows, but for one: several texts of an own field', () => {
    const unshown = kept.filter((one) => draftOf(one as never, (_, value) => value).kept !== null)
    expect(unshown).toEqual([kept[14]])
  })
})
