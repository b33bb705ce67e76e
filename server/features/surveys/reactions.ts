import { job } from '../../kernel/jobs.ts'
import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import './events.ts'

/** Whether anybody is asked, and when, is looked at in the job: what the settings say then counts. */
export const surveyReactions = reactions({
  'ticket.closed': { later: (_, { subject }) => job('surveys.ask', { ticketId: subject.id, when: 'closed' }) },
  'ticket.resolved': { later: (_, { subject }) => job('surveys.ask', { ticketId: subject.id, when: 'resolved' }) },
  // As a job: an answer is taken even where no follow-up can be opened at the moment.
  'survey.answered': { later: (_, { data }) => job('surveys.follow-up', { surveyId: data.surveyId }) },
})
