// Mail that no person wrote, so that nothing automatic ever answers it (RFC 3834, section 2: "MUST NOT" be answered).
// The strong signs are headers; the words of a subject count only together with a null return path or an auto-reply
// header, because people do write "Re: out of office" themselves.

import type { AutomaticReason } from './parsed-mail.ts'

export interface AutomaticEvidence {
  header: (name: string) => string | undefined
  subject: string
  fromAddress: string
  contentType: string
  isBounce: boolean
}

const VACATION_SUBJECT =
  /^(?:re:\s*|aw:\s*)?(?:(?:automatische antwort|automatic reply|auto(?:matic)?[- ]?(?:reply|response|antwort)|autoreply|autosvar|réponse automatique|respuesta automática|risposta automatica)\b|out of (?:the )?office|abwesenheits?(?:notiz|benachrichtigung|nachricht|assistent)?\b|abwesend\b|i am (?:away|out of)|on (?:vacation|leave|holiday)|vacation (?:reply|message|notice)|urlaub(?:sbedingt|snotiz|svertretung)|nicht im (?:büro|haus)|away from (?:my mail|the office)|absence)/i
const AUTOMATIC_ADDRESS = /^(?:mailer-daemon|postmaster|auto-?reply|autoresponder|vacation)@/i
const REPLY_HEADERS = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-auto-reply',
  'x-autoreply-from',
  'x-mail-autoreply',
  'x-vacation',
]
const LIST_HEADERS = ['list-id', 'list-unsubscribe', 'list-post', 'list-help', 'list-subscribe', 'x-mailing-list', 'mailing-list']

/** Why a mail counts as automatic, or null when a person may have written it. */
export function recogniseAutomatic(mail: AutomaticEvidence): { why: AutomaticReason } | null {
  const why = reason(mail)
  return why ? { why } : null
}

function reason(mail: AutomaticEvidence): AutomaticReason | null {
  const { header } = mail
  if (isFeedbackLoop(mail)) return 'feedback-loop'
  if (mail.isBounce) return 'bounce'
  // RFC 3464 and 8098: delivery and read receipts, whatever other headers they have.
  if (/multipart\/report/i.test(mail.contentType)) return 'auto-submitted'
  const submitted = header('auto-submitted')?.trim().toLowerCase()
  const vacationSubject = VACATION_SUBJECT.test(mail.subject)
  // RFC 3834, 5: any value but "no" means a program sent it.
  if (submitted && !/^no(?:$|[\s;(])/.test(submitted))
    return /^auto-replied/.test(submitted) && vacationSubject ? 'vacation' : 'auto-submitted'
  const precedence = header('precedence')?.trim().toLowerCase() ?? ''
  if (REPLY_HEADERS.some((name) => isYes(header(name))) || precedence === 'auto_reply') return 'vacation'
  const suppress = header('x-auto-response-suppress')?.toLowerCase() ?? ''
  if (vacationSubject && (/^(?:junk|bulk|list)$/.test(precedence) || suppress !== '' || isNullSender(mail))) return 'vacation'
  if (LIST_HEADERS.some((name) => header(name) !== undefined) || precedence === 'list') return 'list'
  if (/^(?:bulk|junk)$/.test(precedence)) return 'precedence'
  // [MS-OXCMAIL] 2.1.3.2.20: these values ask that no automatic reply be sent.
  if (/\b(?:all|oof|autoreply)\b/.test(suppress)) return 'suppress'
  if (isNullSender(mail) || AUTOMATIC_ADDRESS.test(mail.fromAddress)) return 'null-sender'
  return null
}

const isYes = (value: string | undefined) => value !== undefined && !/^(?:no|false|0)?$/i.test(value.trim())

/** RFC 5321, 4.5.5: a null reverse-path means that nobody wants an answer. */
const isNullSender = (mail: AutomaticEvidence) => /^<\s*>$/.test(mail.header('return-path')?.trim() ?? 'absent')

/** RFC 5965 (ARF) and the older forms of AOL, Hotmail and Yahoo complaint loops. */
function isFeedbackLoop(mail: AutomaticEvidence): boolean {
  if (/feedback-report/i.test(mail.contentType) || mail.header('feedback-type') !== undefined) return true
  if (mail.header('x-aol-irid') !== undefined || mail.header('x-hmxmroriginalrecipient') !== undefined) return true
  return (
    /^(?:complaint about message from|(?:email )?feedback report|abuse report)/i.test(mail.subject) ||
    /^(?:staff@hotmail\.com|scomp@aol\.net|feedbackloop@)/i.test(mail.fromAddress)
  )
}

/** X-Loop and its kin, for stopping two desks that answer each other (C-033). */
export function loopMarks(headers: Map<string, string[]>): string[] {
  return ['x-loop', 'x-loop-detect', 'x-mail-loop', 'x-firstline-loop']
    .flatMap((name) => headers.get(name) ?? [])
    .map((value) => value.trim().slice(0, 500))
}
