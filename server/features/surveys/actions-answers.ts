import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { actingAs, actorOfPerson } from '../mail/access-agent.ts'
import type { FoundSurvey } from './access-asked.ts'
import { tellFollowUp } from './actions-follow-up.ts'
import './events.ts'

/**
 * Answers (E-067). Opening the link changes nothing, because mail scanners open links; a button answers. The score counts
 * once and is never changed; a comment may follow while there is none, until the link expires. The link holds for one
 * ticket and the one person it was sent to: it is dead when the ticket went on, was merged or has another requester.
 */
type Given = { score: number; comment: string }
/** Runs as the program: who answers has only the link, or a session of the portal; the row says who they are. */
export async function answer(context: Context, survey: FoundSurvey, given: Given, via: 'mail' | 'portal'): Promise<FoundSurvey> {
  const comment = given.comment.trim()
  if (survey.score === null) {
    const first = { score: given.score, comment }
    await actingAs(context, await actorOfPerson(context, survey.personId), (own) => writeAnswer(own, survey, first, via))
    return { ...survey, score: given.score, comment, state: 'answered' }
  }
  if (survey.score !== given.score || survey.comment !== '' || comment === '')
    throw new Problem('already_exists', 'This was answered already, and the first answer counts.')
  await addComment(context, survey, comment)
  return { ...survey, comment }
}

export type Answered = Pick<FoundSurvey, 'id' | 'ticketId' | 'organisationId'>
const about = (survey: Answered) => ({
  subject: { kind: 'survey', id: survey.id },
  ticketId: survey.ticketId,
  organisationId: survey.organisationId,
  audience: 'staff' as const,
})

/** As the person who answers. */
export async function writeAnswer(own: Context, survey: Answered, given: Given, via: 'mail' | 'portal'): Promise<void> {
  await sql`update survey set score = ${given.score}, comment = ${given.comment}, answered_at = ${own.now.toString()}, via = ${via} where id = ${survey.id}`.execute(
    own.db,
  )
  await own.record({ type: 'survey.answered', ...about(survey), data: { surveyId: survey.id, score: given.score, via } })
}

async function addComment(context: Context, survey: FoundSurvey, comment: string): Promise<void> {
  await actingAs(context, await actorOfPerson(context, survey.personId), async (own) => {
    await sql`update survey set comment = ${comment} where id = ${survey.id}`.execute(own.db)
    await own.record({ type: 'survey.commented', ...about(survey), data: { surveyId: survey.id } })
  })
  await tellFollowUp(context, survey, comment)
}
