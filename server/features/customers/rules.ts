import type { CustomerReason, CustomerState } from '../../../contract/customers.ts'

/**
 * The state of a customer in a colour, always with its reasons. Hours are those of the clock, not business hours: there are
 * no calendars yet, so a question of Friday evening turns it amber on Saturday.
 */
export type StateFacts = {
  unanswered: number
  longestHours: number
  longest: { id: string; subject: string } | null
  reopened: number
  reopenedTicket: { id: string; subject: string } | null
}
export const unansweredAfterHours = 24
const redAfterHours = 72
const reopenedAmber = 2
const reopenedRed = 5

const ticketOf = (ticket: { id: string; subject: string } | null) => ticket && { ...ticket, number: Number(ticket.id) }

export function stateOf(facts: StateFacts): CustomerState {
  const reasons: CustomerReason[] = []
  if (facts.unanswered > 0)
    reasons.push({
      code: 'unanswered',
      level: facts.longestHours >= redAfterHours ? 'red' : 'amber',
      count: facts.unanswered,
      hours: Math.floor(facts.longestHours),
      ticket: ticketOf(facts.longest),
    })
  if (facts.reopened >= reopenedAmber)
    reasons.push({
      code: 'reopened',
      level: facts.reopened >= reopenedRed ? 'red' : 'amber',
      count: facts.reopened,
      hours: null,
      ticket: ticketOf(facts.reopenedTicket),
    })
  reasons.sort((a, b) => Number(b.level === 'red') - Number(a.level === 'red'))
  return { level: reasons[0]?.level ?? 'green', reasons }
}

/** Twelve months up to this one, the oldest first; a month without a ticket is a zero and no gap. */
export function monthsUpTo(last: string): string[] {
  const [year = 0, month = 1] = last.split('-').map(Number)
  return Array.from({ length: 12 }, (_, i) => {
    const nth = year * 12 + (month - 1) - 11 + i
    return `${Math.floor(nth / 12)}-${String((nth % 12) + 1).padStart(2, '0')}`
  })
}

export type Orderer = { id: string; name: string; orders: boolean; limit: string }

/** May this person order, and whom does one ask if not. Nobody named means that nobody has said it, not that nobody may. */
export function mayOrder(personId: string, contacts: readonly Orderer[]) {
  const who = contacts.filter((one) => one.orders)
  const me = who.find((one) => one.id === personId)
  if (me) return { answer: 'may' as const, limit: me.limit, ask: [] }
  const ask = who.slice(0, 3).map(({ id, name }) => ({ id, name }))
  return { answer: who.length === 0 ? ('unsaid' as const) : ('may-not' as const), limit: '', ask }
}
