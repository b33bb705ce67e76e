import { describe, expect, it } from 'vitest'
import type { EmergencyQuestion } from '../../../contract/emergency.ts'
import { afterKey, digitByDigit, numberTold, severityOf, stepOf } from './rules.ts'
import { twimlFor } from './rules-twiml.ts'

type Answer = [digit: number, impact: number | null, urgency: number | null, leadsTo: 'page' | 'wait' | null]
const question = (...answers: Answer[]): EmergencyQuestion => ({
  text: { en: 'Q & "A"?', de: 'F?' },
  answers: answers.map(([digit, impact, urgency, leadsTo]) => ({
    digit,
    text: { en: `<${digit}>`, de: String(digit) },
    impact,
    urgency,
    leadsTo,
  })),
})
const questions = [question([1, 3, 3, 'page'], [2, 2, null, null]), question([1, null, 1, null], [4, 1, 2, 'wait'])]

describe('what answers say', () => {
  it.each([
    [[], null, null, null],
    [[2], 2, null, null],
    [[2, 4], 2, 2, 'wait'],
    [[1, 4], 3, 3, 'page'],
    [[null, 4], 1, 2, 'wait'],
    [[7, 7], null, null, null],
  ] as const)('%j is impact %s, urgency %s, %s', (digits, impact, urgency, leadsTo) => {
    expect(severityOf(questions, digits)).toEqual({ impact, urgency, leadsTo })
  })

  it.each([
    ['1', 0, [1], 0],
    ['9', 0, [], 1],
    ['', 1, [null], 0],
    ['2', 1, [2], 0],
    ['*', 1, [null], 0],
  ] as const)('the key "%s" at try %i leaves %j', (key, tries, answers, next) => {
    expect(afterKey({ questions, answers: [], tries }, key)).toEqual({ answers, tries: next })
  })
})

it('a step is one of ours or none', () => {
  expect([stepOf('q0-1'), stepOf('said'), stepOf('q10-0'), stepOf('said/x'), stepOf('')]).toEqual([
    { is: 'answer', nth: 0, tries: 1 },
    { is: 'said' },
    undefined,
    undefined,
    undefined,
  ])
})

it('numbers that stand for a withheld one are none, and a ticket is read out digit by digit', () => {
  expect([numberTold('+266696687'), numberTold('+49305550'), digitByDigit('1001')]).toEqual(['', '+49305550', '1, 0, 0, 1'])
})

it('what people wrote is text in the answer to the provider, never markup', () => {
  const call = { questions, answers: [], tries: 0, state: 'asking', language: 'en', ticketId: null, outcome: 'noted', fresh: true } as const
  const voice = { greeting: 'Hello</Say><Hangup/>', forwardTo: '', maxSeconds: 60, address: 'https://desk.example/hooks/voice/k' }
  const xml = twimlFor(call, voice)
  expect(xml).not.toContain('<Hangup/>')
  expect(xml).toContain('Q &#38; &#34;A&#34;?')
  expect(xml).toContain('&#60;1&#62;: press 1.')
})
