import { IconEraser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Survey } from '../../../contract/surveys.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { ScoreMark } from './ScoreMark.tsx'
import styles from './Surveys.module.css'
import { surveyTexts } from './texts.ts'

/** What the requester said of this ticket; nothing is shown before they were asked. */
export function SurveyPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(surveyTexts)
  const finished = ticket.status.meaning === 'closed' || ticket.status.meaning === 'resolved' || ticket.reopenedCount > 0
  const { data } = useCall('GET /api/tickets/:id/surveys', { params: { id: ticket.id } }, { enabled: finished })
  if (!data || data.items.length === 0) return null
  return (
    <PanelPart
      title={t('part')}
      action={
        <Link to="/satisfaction" className="small">
          {t('allAnswers')}
        </Link>
      }
    >
      <ul className={styles.said}>
        {data.items.map((survey) => (
          <li key={survey.id}>
            <Said survey={survey} />
          </li>
        ))}
      </ul>
    </PanelPart>
  )
}

function Said({ survey }: { survey: Survey }) {
  const t = useTexts(surveyTexts)
  const formats = useFormats()
  const [confirm, question] = useConfirm()
  const erase = useSend('DELETE /api/surveys/:id/comment', {
    renews: ['GET /api/tickets/:id/surveys', 'GET /api/surveys'],
    onProblem: toastProblem,
    onDone: () => void toast(t('erased')),
  })
  if (survey.score === null || survey.answeredAt === null) {
    const over = survey.expiresAt < new Date().toISOString()
    return <p className="dim small">{t(over ? 'notAnswered' : 'asked', { when: formats.date(survey.askedAt) })}</p>
  }
  const ask = async () => {
    if (await confirm({ title: t('eraseTitle'), text: t('eraseText'), action: t('erase'), danger: true }))
      erase.mutate({ params: { id: survey.id } })
  }
  return (
    <>
      <p className={styles.line}>
        <ScoreMark score={survey.score} />
        <span className="dim small">{formats.date(survey.answeredAt)}</span>
        {survey.followUp && (
          <Link to="/tickets/$ticketId" params={{ ticketId: survey.followUp.id }} className="small">
            {t('followUp', { number: survey.followUp.number })}
          </Link>
        )}
        {survey.can.erase && <IconButton label={t('erase')} icon={<IconEraser size={16} />} size={24} onClick={() => void ask()} />}
      </p>
      {survey.comment && <p className={styles.comment}>{survey.comment}</p>}
      {question}
    </>
  )
}
