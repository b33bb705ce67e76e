import type { EmergencyQuestion } from '../../../contract/emergency.ts'
import { answerOf, type Digits } from './rules.ts'

/** What the emergency phone says and writes. The questions themselves are data. */
export type Language = 'en' | 'de'
export const speech = {
  en: {
    voice: 'en-GB',
    greeting: (company: string) => `This is the emergency phone of ${company}.`,
    press: (digit: number, text: string) => `${text}: press ${digit}.`,
    again: 'That was not understood.',
    tell: 'After the tone, please say your name, where you are and what has happened. When you are done, press the hash key.',
    paged: 'Whoever is on call is being told now.',
    noted: 'It is with the emergency that is already being worked on.',
    waits: 'We see to it on the next working day.',
    number: (digits: string) => `Your ticket number is: ${digits}. Once more: ${digits}.`,
    connecting: 'One moment, please. You are being connected.',
    goodbye: 'Thank you. Goodbye.',
    unknown: 'Unknown caller',
    subject: (who: string) => `Emergency call: ${who}`,
    answered: 'Severity questions',
    called: (line: string, who: string) => `Call to “${line}” from ${who}.`,
    withheld: 'a withheld number',
    none: 'no answer',
    said: 'What was said',
    hungUp: 'The caller hung up before saying what has happened.',
    recording: 'Recording at the telephone provider',
    many: 'This number has called several times within the hour; nobody was paged anew.',
  },
  de: {
    voice: 'de-DE',
    greeting: (company: string) => `Hier ist das Notfalltelefon von ${company}.`,
    press: (digit: number, text: string) => `${text}: Taste ${digit}.`,
    again: 'Das wurde nicht verstanden.',
    tell: 'Bitte nach dem Ton den Namen und den Ort nennen und sagen, was passiert ist. Am Ende die Rautetaste drücken.',
    paged: 'Die Bereitschaft wird jetzt alarmiert.',
    noted: 'Der Anruf wurde beim Notfall vermerkt, an dem schon gearbeitet wird.',
    waits: 'Das Team kümmert sich am nächsten Arbeitstag darum.',
    number: (digits: string) => `Die Ticketnummer lautet: ${digits}. Noch einmal: ${digits}.`,
    connecting: 'Einen Moment bitte, der Anruf wird verbunden.',
    goodbye: 'Vielen Dank. Auf Wiederhören.',
    unknown: 'Unbekannter Anruf',
    subject: (who: string) => `Notruf: ${who}`,
    answered: 'Fragen zur Schwere',
    called: (line: string, who: string) => `Anruf bei „${line}“ von ${who}.`,
    withheld: 'einer unterdrückten Nummer',
    none: 'keine Antwort',
    said: 'Gesagt wurde',
    hungUp: 'Es wurde aufgelegt, bevor gesagt war, was passiert ist.',
    recording: 'Aufnahme beim Telefonanbieter',
    many: 'Von dieser Nummer kamen in einer Stunde mehrere Anrufe; es wurde nicht erneut alarmiert.',
  },
} as const

/** One line for each question that was asked. */
export function answersInWords(questions: readonly EmergencyQuestion[], digits: Digits, language: Language): string {
  return questions
    .slice(0, digits.length)
    .map((question, n) => `${question.text[language]} ${answerOf(question, digits[n])?.text[language] ?? `(${speech[language].none})`}`)
    .join('\n')
}
