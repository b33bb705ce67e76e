import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { AnswerForm } from './AnswerForm.tsx'
import styles from './Surveys.module.css'
import { useScoreWords } from './scores.ts'
import { surveyTexts } from './texts.ts'

/** The same question on the request itself, for whoever reads there instead of in their mail. */
export function MySurvey({ ticket }: { ticket: Ticket }) {
  const t = useTexts(surveyTexts)
  const words = useScoreWords()
  const form = useForm({ comment: '' })
  const { data } = useCall('GET /api/tickets/:id/my-survey', { params: { id: ticket.id } })
  const send = useSend('POST /api/tickets/:id/my-survey', {
    renews: ['GET /api/tickets/:id/my-survey'],
    onProblem: form.take,
    onDone: () => form.reset(),
  })
  const survey = data?.survey
  if (!survey) return null
  const onSend = (score: number, comment: string) => send.mutate({ params: { id: ticket.id }, body: { score, comment } })
  const said = survey.score === null ? '' : `${survey.score} · ${words(survey.score)}`
  return (
    <section className={styles.mine}>
      <h2>{survey.score === null ? survey.question : t('yourAnswer', { score: said })}</h2>
      {survey.comment ? (
        <p className={styles.comment}>{survey.comment}</p>
      ) : (
        <AnswerForm
          key={survey.state}
          question={survey.question}
          chosen={undefined}
          given={survey.score}
          form={form}
          busy={send.isPending}
          onSend={onSend}
        />
      )}
    </section>
  )
}
