import { sql } from 'kysely'
import type { Content, Guide } from '../../../contract/readymade.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { replyToTicket } from '../tickets/actions-converse.ts'
import { categoriesAbove, type ReadymadeFacts, visibleReadymade } from './access.ts'
import { countUse } from './actions.ts'
import { inLanguage } from './rules-variables.ts'
import './events.ts'

/** Guided questions: asked in order, answered on one sheet, kept on the ticket as a note for colleagues. */
type GuideContent = Extract<Content, { kind: 'guide' }>
const asked = (content: GuideContent, language: string): Guide['questions'] =>
  content.questions.map((question) => ({
    text: inLanguage(question.text, language),
    answer: question.answer,
    choices: question.choices.map((choice) => inLanguage(choice, language)),
    required: question.required,
  }))

/** Those meant for the category of the ticket, or one above it, come first; then those for any category. */
export async function guidesFor(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>): Promise<Guide[]> {
  const { language } = context.actor
  const above = ticket.category_id === null ? sql`select null::bigint` : categoriesAbove(ticket.category_id)
  const found = await sql<{ id: string; name: string; suggested: boolean; content: GuideContent }>`
    select r.id, firstline.said(r.name, ${language}) as name, r.content, coalesce(r.category_id in (${above}), false) as suggested
    from readymade r where r.kind = 'guide' and r.archived_at is null and r.switched_off_at is null and ${visibleReadymade(context.actor)}
    order by 4 desc, r.folder, r.position, r.id limit 100`.execute(context.db)
  return found.rows.map(({ content, ...row }) => ({ ...row, questions: asked(content, language) }))
}

export async function keepAnswers(
  context: Context,
  row: Granted<ReadymadeFacts, 'readymade.use'>,
  ticketId: string,
  answers: string[],
): Promise<string> {
  if (row.content.kind !== 'guide') throw invalid('guideId', 'kind', 'This is no guide. Choose another.')
  const questions = asked(row.content, context.actor.language)
  refuseGaps(questions, answers)
  const lines = questions.flatMap((question, i) => (answers[i]?.trim() ? [`${question.text}\n${answers[i]?.trim()}`] : []))
  const ticket = await accessTicket(context, ticketId, 'ticket.note')
  const body = [inLanguage(row.name, context.actor.language), ...lines].join('\n\n')
  const { messageId } = await replyToTicket(context, ticketId, { body, internal: true })
  await countUse(context, row)
  await context.record({
    type: 'ticket.guide-answered',
    subject: { kind: 'ticket', id: ticketId },
    ticketId,
    organisationId: ticket.organisation_id,
    audience: 'staff',
    data: { readymadeId: row.id, messageId },
  })
  return messageId
}

function refuseGaps(questions: Guide['questions'], answers: string[]): void {
  const issues = questions.flatMap((question, i) => {
    const answer = answers[i]?.trim() ?? ''
    const path = `answers.${i}`
    if (question.required && answer === '') return [{ path, code: 'missing', message: 'This answer is needed.' }]
    if (question.answer === 'choice' && answer !== '' && !question.choices.includes(answer))
      return [{ path, code: 'unknown', message: 'Choose one of the answers.' }]
    return []
  })
  if (answers.every((answer) => answer.trim() === ''))
    issues.push({ path: 'answers', code: 'missing', message: 'Answer one question at least.' })
  if (issues.length > 0) throw new Problem('validation_failed', issues[0]!.message, { issues })
}
