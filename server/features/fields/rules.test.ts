import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FieldFacts, type Given, judgeFields, type Values } from './rules.ts'

const field = (id: string, key: string, more: Partial<FieldFacts> = {}): FieldFacts => ({
  id,
  key,
  label: { en: key, de: key },
  type: 'text',
  choices: [],
  kinds: ['incident', 'request'],
  categoryIds: null,
  audience: 'staff',
  mandatoryIn: [],
  archived: false,
  ...more,
})
const one = (key: string, archived = false) => ({ key, label: { en: key, de: key }, archived })
const level = field('1', 'level', { type: 'choice', choices: [one('gold'), one('silver'), one('tin', true)] })
const judge = (fields: FieldFacts[], given: Given, more: Partial<Parameters<typeof judgeFields>[1]> = {}) =>
  judgeFields(fields, { ticket: { kind: 'incident', categoryId: null }, before: {}, given, by: 'staff', entering: null, ...more })
const issues = (...of: Parameters<typeof judge>) => judge(...of).issues.map(({ path, code }) => `${path} ${code}`)

describe('what a field takes', () => {
  it.each([
    ['text', ' two words ', 'two words'],
    ['number', 12.5, 12.5],
    ['date', '2028-02-29', '2028-02-29'],
    ['person', '12', '12'],
    ['person', 12, '12'],
    ['organisation', '7', '7'],
  ] as const)('%s takes %j', (type, given, held) => {
    expect(judge([field('9', 'it', { type })], { it: given })).toMatchObject({ issues: [], values: { 9: held } })
  })
  it.each([
    ['number', '12', 'number'],
    ['number', Number.NaN, 'number'],
    ['date', '2027-02-29', 'date'],
    ['date', '31.12.2027', 'date'],
    ['date', 20271231, 'date'],
    ['person', 'Ann', 'person'],
    ['organisation', '-1', 'organisation'],
  ] as const)('%s refuses %j', (type, given, code) => {
    expect(issues([field('9', 'it', { type })], { it: given })).toEqual([`fields.it ${code}`])
  })
  it('of choices those that are offered; an archived one stays where it is and is chosen no more', () => {
    expect(issues([level], { level: 'brass' })).toEqual(['fields.level choice'])
    expect(issues([level], { level: 'tin' })).toEqual(['fields.level choice'])
    expect(issues([level], { level: 'tin' }, { before: { 1: 'tin' } })).toEqual([])
  })
})

describe('who is asked for what', () => {
  const only = field('2', 'imei', { kinds: ['request'], categoryIds: ['5', '6'] })
  it('by kind and by category; what is not asked can be emptied, not filled', () => {
    expect(issues([only], { imei: 'x' })).toEqual(['fields.imei not_asked'])
    expect(issues([only], { imei: 'x' }, { ticket: { kind: 'request', categoryId: '7' } })).toEqual(['fields.imei not_asked'])
    expect(issues([only], { imei: 'x' }, { ticket: { kind: 'request', categoryId: '6' } })).toEqual([])
    expect(judge([only], { imei: null }, { before: { 2: 'x' } })).toMatchObject({ issues: [], values: {} })
  })
  it('a requester fills what the portal asks for, and is told of no other', () => {
    const asked = [field('3', 'room', { audience: 'portal', mandatoryIn: ['new'] }), field('4', 'cost', { mandatoryIn: ['new'] })]
    expect(issues(asked, { cost: '1' }, { by: 'requester', entering: 'new' })).toEqual(['fields.cost unknown', 'fields.room missing'])
  })
})

describe('what is mandatory', () => {
  const cause = field('5', 'cause', { mandatoryIn: ['resolved'] })
  it('GEN-3 is asked on the way into such a status, all at once, and not emptied again there', () => {
    expect(issues([cause, level, field('6', 'root', { mandatoryIn: ['resolved'] })], { level: 'x' }, { entering: 'resolved' })).toEqual([
      'fields.level choice',
      'fields.cause missing',
      'fields.root missing',
    ])
    expect(issues([cause], { cause: 'Dust' }, { entering: 'resolved' })).toEqual([])
    expect(issues([cause], {}, { entering: 'open' })).toEqual([])
    expect(issues([cause], { cause: '  ' }, { before: { 5: 'Dust' }, present: 'resolved' })).toEqual(['fields.cause missing'])
    expect(issues([cause], { cause: '' }, { before: { 5: 'Dust' }, present: 'open' })).toEqual([])
  })
  it('whatever is said, nothing changes that is not named, and what is wrong changes nothing', () => {
    const all = [level, field('7', 'n', { type: 'number' }), field('8', 't')]
    const value = fc.oneof(fc.string(), fc.double(), fc.constant(null))
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('level', 'n', 't', 'x'), value),
        fc.constantFrom<Values>({}, { 1: 'gold', 8: 'a' }),
        (given, before) => {
          const { issues, values, changes } = judge(all, given, { before })
          for (const f of all)
            if (!(f.key in given) || issues.some((i) => i.path === `fields.${f.key}`)) expect(values[f.id]).toBe(before[f.id])
          for (const c of changes) expect(c.from).not.toBe(c.to)
        },
      ),
    )
  })
})
