import type { Context, Reaction } from '../../kernel/context.ts'
import type { NewEvent } from '../../kernel/events.ts'
import { job } from '../../kernel/jobs.ts'
import type { Reactions } from '../../kernel/reactions.ts'
import '../mail/events.ts'
import '../people/events.ts'
import '../tickets/events.ts'
import { followMessages, forgetMessage, indexMessages, indexOrganisation, indexPerson, indexTicket, moveMessage } from './actions.ts'
import './jobs.ts'

/** What was written is found at once: the rows are part of the same transaction. The text of files follows by a job. */
const person = { now: async (context: Context, event: { subject: { id: string } }) => indexPerson(context, event.subject.id) }
const shownInSearch = ['subject', 'tags']

/** What was written is searchable with the commit; nothing else in the request waits for it. */
const beside = (context: Context, messageId: string, indexing: Promise<{ files: boolean }>): Promise<void> =>
  context.alongside(
    indexing.then(({ files }) => {
      if (files) context.later(job('search.files', { messageId }, { priority: 5 }))
    }),
  )

/** History is indexed in one go by whoever writes it (indexBatch), not act by act. */
function ofThePresent(own: Reactions): Reactions {
  const skipping = Object.entries(own).map(([type, reaction]) => {
    const now = reaction.now as Reaction['now']
    return [type, { ...reaction, now: async (context: Context, event: NewEvent) => (context.past ? undefined : now?.(context, event)) }]
  })
  return Object.fromEntries(skipping) as Reactions
}

export const searchReactions = ofThePresent({
  'ticket.created': {
    now: (context, { subject, data }) => beside(context, data.messageId, indexTicket(context, subject.id, data.messageId)),
  },
  'ticket.replied': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await beside(context, data.messageId, indexMessages(context, ticketId, data.messageId))
    },
  },
  'ticket.reply-withdrawn': { now: (context, { data }) => forgetMessage(context, data.messageId) },
  'ticket.changed': {
    now: async (context, { subject, data }) => {
      if (shownInSearch.some((field) => field in data.changes)) await indexTicket(context, subject.id)
      // The reason of a priority set by hand is a note of its own.
      if ('priority' in data.changes) await indexMessages(context, subject.id, null)
    },
  },
  'ticket.resolved': { now: async (context, { subject }) => void (await indexTicket(context, subject.id)) },
  'ticket.passed': { now: async (context, { subject, data }) => void (await indexMessages(context, subject.id, data.messageId)) },
  'ticket.merged': { now: (context, { data }) => followMessages(context, data.fromId, data.intoId) },
  'ticket.merge-undone': { now: (context, { data }) => followMessages(context, data.fromId, data.intoId) },
  'ticket.split': { now: (context, { data }) => followMessages(context, data.fromId, data.toId) },
  'mail.rethreaded': { now: (context, { data }) => moveMessage(context, data.messageId, data.fromTicketId) },
  'ticket.reopened': {
    now: async (context, { subject, data }) => {
      await indexTicket(context, subject.id)
      if (data.messageId !== null) await indexMessages(context, subject.id, data.messageId)
    },
  },
  'person.created': person,
  'person.changed': person,
  'person.archived': person,
  'person.restored': person,
  'organisation.created': { now: (context, { subject }) => indexOrganisation(context, subject.id) },
  'organisation.changed': {
    now: (context, { subject }) => indexOrganisation(context, subject.id),
    later: (_, { subject, data }) => (data.fields.includes('name') ? job('search.people-of', { organisationId: subject.id }) : undefined),
  },
  'organisation.archived': { now: (context, { subject }) => indexOrganisation(context, subject.id) },
  'organisation.restored': { now: (context, { subject }) => indexOrganisation(context, subject.id) },
})
