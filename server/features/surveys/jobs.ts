import { jobs } from '../../kernel/jobs.ts'
import { askAbout } from './actions-asking.ts'
import { followUpAnswer } from './actions-follow-up.ts'
import './events.ts'

/** Run twice they act once: the row of the first run stands in the way of the second. */
export const surveyJobs = jobs({
  'surveys.ask': (kernel, { ticketId, when }) => kernel.asSystem((context) => askAbout(context, ticketId, when)),
  'surveys.follow-up': (kernel, { surveyId }) => kernel.asSystem((context) => followUpAnswer(context, surveyId)),
})
