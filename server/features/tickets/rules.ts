import type { Meaning } from '../../../contract/tickets.ts'

/** Pure rules of the ticket: no I/O, time comes in as an argument. */

/** impact x urgency -> priority (ITIL): 1 critical to 5 low. Both from 1 (one person, can work) to 3 (everybody, cannot work). */
export const priorityOf = (impact: number, urgency: number): number => 7 - (impact + urgency)

export const urgencyOf = { yes: 1, 'with-difficulty': 2, no: 3 } as const
export const impactOf = { me: 1, 'others-too': 2 } as const
/** Whoever writes a mail is not asked: that they write at all says that something is in their way. */
export const unsaid = { impact: impactOf.me, urgency: urgencyOf['with-difficulty'] }

export const finished: readonly Meaning[] = ['resolved', 'closed', 'cancelled']
export const isFinished = (meaning: string): boolean => finished.includes(meaning as Meaning)

/** Set aside until somebody answers or a time comes. */
export const waits = (meaning: string): boolean => meaning === 'scheduled' || meaning.startsWith('waiting-')

/** What the requester's side writing does to the status; null: it stays. */
export function meaningAfterRequesterWrote(meaning: Meaning): Meaning | null {
  if (meaning === 'waiting-requester' || meaning === 'resolved' || meaning === 'cancelled') return 'open'
  return null
}

/** What a public answer of ours does to the status; null: it stays. */
export const meaningAfterStaffWrote = (meaning: Meaning): Meaning | null => (meaning === 'new' ? 'open' : null)

/** Moves by hand. Resolving and closing have verbs of their own, with their own questions. */
export function mayMove(from: Meaning, to: Meaning): boolean {
  if (to === 'resolved' || to === 'closed' || to === 'new') return from === to
  if (from === 'closed') return false
  return true
}

/** Since when somebody waits for us, after a message. */
export function waitingAfter(before: string | null, side: 'requester' | 'staff' | 'inside', at: string): string | null {
  if (side === 'requester') return before ?? at
  return side === 'staff' ? null : before
}

/** Our subject tag, and how it is found in a subject. */
export const subjectTag = (ticketNumber: string | number): string => `[#${ticketNumber}]`
export const tagIn = (subject: string): string | undefined => /\[#(\d{4,18})\]/.exec(subject)?.[1]

/** Without reply and forward marks and our own tag, for the name of a new ticket. */
export function plainSubject(subject: string): string {
  let text = subject.replace(/\[#\d{4,18}\]/g, ' ')
  for (let before = ''; before !== text; ) {
    before = text
    text = text.replace(/^\s*(re|aw|fw|fwd|wg|antw|sv|vs|tr|rv)(\[\d+\])?\s*:\s*/i, '')
  }
  return text.replace(/\s+/g, ' ').trim().slice(0, 250)
}
