import type { Ticket, TicketRow } from '../../../contract/tickets.ts'
import type { Say } from '../../kernel/i18n.ts'
import type { portalTexts } from './texts.ts'

/**
 * What stands behind a status, in words for the person who asked. Five states are enough for them; what only concerns
 * our own house (an approval, another record) reads as being worked on.
 */
export type PlainState = 'received' | 'worked' | 'answer' | 'supplier' | 'planned' | 'solved' | 'closed'
type T = Say<(typeof portalTexts)['en']>
type Asked = Pick<TicketRow, 'status' | 'assignee' | 'team' | 'requester'>

export function stateOf(ticket: Pick<Asked, 'status'>): PlainState {
  switch (ticket.status.meaning) {
    case 'new':
      return 'received'
    case 'waiting-requester':
      return 'answer'
    case 'waiting-vendor':
      return 'supplier'
    case 'scheduled':
      return 'planned'
    case 'resolved':
      return 'solved'
    case 'closed':
    case 'cancelled':
      return 'closed'
    default:
      return 'worked'
  }
}

/** First name or team, as the company set it. Undefined: nobody yet. */
export function whoHasIt(ticket: Pick<Asked, 'assignee' | 'team'>, setting: 'first-name' | 'team' | undefined): string | undefined {
  const first = ticket.assignee?.name.trim().split(/\s+/)[0]
  return setting === 'team' ? ticket.team?.name : (first ?? ticket.team?.name)
}

/** The state in a few words, for a row and above the conversation. */
export function stateWords(t: T, ticket: Asked, me: string, who: string | undefined): string {
  const theirs = ticket.requester.id !== me
  switch (stateOf(ticket)) {
    case 'received':
      return t('stateReceived')
    case 'worked':
      return who ? t('stateWorkedBy', { who }) : t('stateWorked')
    case 'answer':
      return theirs ? t('stateTheirAnswer') : t('stateYourAnswer')
    case 'supplier':
      return t('stateSupplier')
    case 'planned':
      return t('statePlanned')
    case 'solved':
      return theirs ? t('stateSolvedTheirs') : t('stateSolved')
    case 'closed':
      return t('stateClosed')
  }
}

type Steps = { happening: string; next: string }
/** What is happening, and what happens next and when. `closesOn` is a date in words. */
export function nextSteps(
  t: T,
  ticket: Ticket,
  me: string,
  who: string | undefined,
  dates: { closesOn: string | undefined; closedOn: string },
): Steps {
  const theirs = ticket.requester.id !== me
  switch (stateOf(ticket)) {
    case 'received':
      return { happening: t('happeningReceived'), next: t('nextReceived') }
    case 'worked':
      return { happening: who ? t('happeningWorked', { who }) : t('happeningWorkedNobody'), next: t('nextWorked') }
    case 'answer':
      return { happening: t('happeningAnswer'), next: theirs ? t('nextAnswerTheirs', { name: ticket.requester.name }) : t('nextAnswer') }
    case 'supplier':
      return { happening: t('happeningSupplier'), next: t('nextSupplier') }
    case 'planned':
      return { happening: t('happeningPlanned'), next: t('nextPlanned') }
    case 'solved':
      return { happening: t('happeningSolved'), next: dates.closesOn ? t('nextSolved', { date: dates.closesOn }) : t('nextSolvedSoon') }
    case 'closed':
      return { happening: t('happeningClosed', { date: dates.closedOn }), next: t('nextClosed', { number: ticket.number }) }
  }
}
