import { subjectTag } from '../tickets/rules.ts'
import type { Desk, LetterFacts, ReplyFacts } from './access-letters.ts'
import { layOut } from './layout.ts'
import { fill, type Language, phrases, wordingOf } from './wording.ts'

/** From facts to words: each of our mails, pure. */
export type Letter = { subject: string; text: string; html: string }

/** `hours`: when the desk answers, told while it is closed; else empty. */
export function acknowledgement(facts: LetterFacts, hours = ''): Letter {
  const language = facts.personLanguage
  const tag = subjectTag(facts.ticketId)
  const words = phrases[language]
  const values = { number: facts.ticketId, subject: facts.subject, name: facts.name, hours, company: facts.company }
  const filled = facts.verified
    ? fill('acknowledgement', wordingOf('acknowledgement', language, facts.wording), values)
    : unverifiedBody(facts, language, hours)
  const body = filled.replace(/\n{3,}/g, '\n\n')
  const subject = facts.verified ? words.receivedSubject(facts.subject, tag) : `${words.received(facts.ticketId)} ${tag}`
  return { subject, ...layOut({ body, footer: words.footer(facts.ticketId) }) }
}

/** C-035: the mailbox's own wording counts only when it would repeat nothing of the stranger's. */
function unverifiedBody(facts: LetterFacts, language: Language, hours: string): string {
  const own = facts.wording.acknowledgement?.[language]
  const safe = own && !/\{\{\s*(?:subject|name)\s*\}\}/.test(own) ? own : wordingOf('acknowledgement-unverified', language)
  return fill('acknowledgement', safe, { number: facts.ticketId, hours, company: facts.company })
}

export function resolvedLetter(facts: LetterFacts, addresses: { solved: string; stillBroken: string }): Letter {
  const language = facts.personLanguage
  const words = phrases[language]
  const values = {
    number: facts.ticketId,
    subject: facts.subject,
    name: facts.name,
    company: facts.company,
    resolution: facts.resolution ?? '',
    days: String(facts.closeAfterDays),
  }
  const body = fill('resolved', wordingOf('resolved', language, facts.wording), values).replace(/\n{3,}/g, '\n\n')
  const buttons = [
    { label: words.solved, address: addresses.solved },
    { label: words.stillBroken, address: addresses.stillBroken },
  ]
  return {
    subject: words.resolvedSubject(facts.subject, subjectTag(facts.ticketId)),
    ...layOut({ body, buttons, footer: words.footer(facts.ticketId) }),
  }
}

/** Whoever has not proved their address is told the numbers only (C-035). */
export function mergedLetter(facts: LetterFacts, intoId: string): Letter {
  const words = phrases[facts.personLanguage]
  const tag = subjectTag(facts.ticketId)
  const subject = facts.verified ? `${facts.subject} ${tag}` : `${words.merged(facts.ticketId, intoId)} ${tag}`
  const body = facts.verified
    ? words.mergedText(facts.name, facts.ticketId, intoId, facts.company)
    : words.mergedText('', facts.ticketId, intoId, facts.company)
  return { subject, ...layOut({ body, footer: words.footer(intoId) }) }
}

export function replyLetter(facts: ReplyFacts): Letter {
  const language = facts.ticketLanguage
  const values = { number: facts.ticketId, subject: facts.subject, name: facts.name, company: facts.company, agent: facts.agent }
  const body = fill('reply', wordingOf('reply', language, facts.wording), { ...values, text: facts.body })
  const own = facts.signature[language]?.trim()
  const signature = fill('signature', own ? own : wordingOf('signature', language), values)
  return {
    subject: `${facts.subject} ${subjectTag(facts.ticketId)}`,
    ...layOut({ body, signature, footer: phrases[language].footer(facts.ticketId) }),
  }
}

export function systemLetter(
  kind: 'sign-in' | 'invitation' | 'reset',
  desk: Desk,
  to: { name: string; language: Language; link: string; until: string },
): Letter {
  const words = phrases[to.language]
  const [subject, body, label] = {
    'sign-in': [words.signInSubject(desk.company), words.signInText(to.name, to.until), words.signIn] as const,
    invitation: [words.invitationSubject(desk.company), words.invitationText(to.name, to.until), words.invitation] as const,
    reset: [words.resetSubject(desk.company), words.resetText(to.name, to.until), words.reset] as const,
  }[kind]
  return { subject, ...layOut({ body, buttons: [{ label, address: to.link }], footer: desk.company }) }
}

export function testLetter(language: Language): Letter {
  const words = phrases[language]
  return { subject: words.testSubject, ...layOut({ body: words.testText }) }
}
