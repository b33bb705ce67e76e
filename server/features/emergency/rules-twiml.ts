import type { EmergencyQuestion } from '../../../contract/emergency.ts'
import { type Asked, digitByDigit } from './rules.ts'
import { type Language, speech } from './words.ts'

/**
 * What the machine on the phone does next, in TwiML (https://www.twilio.com/docs/voice/twiml). It is made of the call's
 * state alone: a step that is told twice gets the same answer twice.
 */
export type Spoken = Asked & {
  state: 'forwarded' | 'asking' | 'recording' | 'opened' | 'taken' | 'given-up'
  language: Language
  ticketId: string | null
  /** What became of it, once it is opened. */
  outcome: 'paged' | 'noted' | 'waits'
  fresh: boolean
}
export type Voice = { greeting: string; forwardTo: string; maxSeconds: number; address: string }

const escaped = (text: string) =>
  // XML 1.0 has no other control characters, and not these two; whoever reads it aloud needs none.
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are dropped
    .replace(/[\u0000-\u001f\ufffe\uffff]/g, ' ')
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const say = (language: Language, text: string) => `<Say language="${speech[language].voice}">${escaped(text)}</Say>`
const document = (...parts: string[]) => `<?xml version="1.0" encoding="UTF-8"?>\n<Response>${parts.join('')}</Response>`

export function twimlFor(call: Spoken, voice: Voice): string {
  const words = speech[call.language]
  const greeting = call.fresh ? say(call.language, voice.greeting) : ''
  const address = (step: string) => escaped(`${voice.address}/${step}`)
  const question = call.questions[call.answers.length]
  if (call.state === 'forwarded')
    return document(
      greeting,
      say(call.language, words.connecting),
      `<Dial timeout="30" method="POST" action="${address('dialled')}"><Number>${escaped(voice.forwardTo)}</Number></Dial>`,
    )
  if (call.state === 'asking' && question) return document(greeting, gather(call, question, address))
  if (call.state === 'asking' || call.state === 'recording')
    return document(
      greeting,
      say(call.language, words.tell),
      `<Record maxLength="${voice.maxSeconds}" timeout="6" finishOnKey="#" playBeep="true" transcribe="true" method="POST" action="${address('said')}" transcribeCallback="${address('text')}"/>`,
      // Silence records nothing, and the provider goes on here.
      `<Redirect method="POST">${address('said')}</Redirect>`,
    )
  if (call.state !== 'opened' || call.ticketId === null) return document('<Hangup/>')
  const number = say(call.language, words.number(digitByDigit(call.ticketId)))
  return document(say(call.language, words[call.outcome]), number, say(call.language, words.goodbye), '<Hangup/>')
}

function gather(call: Spoken, question: EmergencyQuestion, address: (step: string) => string): string {
  const words = speech[call.language]
  const parts = [
    ...(call.tries > 0 ? [words.again] : []),
    question.text[call.language],
    ...question.answers.map((one) => words.press(one.digit, one.text[call.language])),
  ]
  const step = address(`q${call.answers.length}-${call.tries}`)
  const asked = parts.map((text) => say(call.language, text)).join('')
  return `<Gather input="dtmf" numDigits="1" timeout="8" actionOnEmptyResult="true" method="POST" action="${step}">${asked}</Gather>`
}
