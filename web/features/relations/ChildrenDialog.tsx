import { useState } from 'react'
import type { ReportRow } from '../../../contract/relations.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { CheckField, FormProblem, SelectField, TextArea } from '../../ui/Fields.tsx'
import { talkTexts } from '../tickets/conversation-texts.ts'
import { resolutionCodes } from '../tickets/resolution.ts'
import styles from './Relations.module.css'
import { tellReport } from './report.ts'
import { relationTexts } from './texts.ts'

type Report = { items: ReportRow[]; done: number; left: number }
type Props = { ticket: Ticket; open: number; doing: 'answer' | 'resolve'; onClose: () => void }

/** One text for all open children; what was left as it was is told line by line. */
export function ChildrenDialog({ ticket, open, doing, onClose }: Props) {
  const t = useTexts(relationTexts)
  const talk = useTexts(talkTexts)
  const form = useForm({ text: '', code: 'solved' as (typeof resolutionCodes)[number], tell: true })
  const [left, setLeft] = useState<ReportRow[]>()
  const onDone = (report: Report) => {
    tellReport(ticket.id, report)
    if (report.left > 0) setLeft(report.items.filter((row) => !row.done))
    else onClose()
  }
  const answer = useSend('POST /api/tickets/:id/children/answer', { onProblem: form.take, onDone })
  const resolve = useSend('POST /api/tickets/:id/children/resolve', { onProblem: form.take, onDone })
  const { text, code, tell } = form.values
  const params = { id: ticket.id }
  const send = () =>
    doing === 'answer' ? answer.mutate({ params, body: { text } }) : resolve.mutate({ params, body: { text, code, tell } })
  if (left) return <LeftDialog rows={left} onClose={onClose} />
  return (
    <Dialog title={t(doing === 'answer' ? 'answerTitle' : 'resolveTitle', { count: open })} open onClose={onClose}>
      <div className="stack">
        <p className="dim">{t(doing === 'answer' ? 'answerText' : 'resolveText')}</p>
        {doing === 'resolve' && (
          <SelectField
            label={talk('code')}
            options={resolutionCodes.map((c) => ({ value: c, label: talk(`code-${c}`) }))}
            {...form.value('code')}
          />
        )}
        <TextArea
          label={t(doing === 'answer' ? 'answer' : 'solution')}
          hint={doing === 'answer' ? t('answerHint', { fields: '{{name}}, {{number}}, {{subject}}' }) : undefined}
          autosize
          minRows={5}
          data-autofocus
          {...form.text('text')}
        />
        {doing === 'resolve' && <CheckField label={t('tellEach')} {...form.check('tell')} />}
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" busy={answer.isPending || resolve.isPending} disabled={doing === 'answer' && text.trim() === ''} onClick={send}>
          {t(doing === 'answer' ? 'answerDo' : 'resolveDo')}
        </Button>
      </Buttons>
    </Dialog>
  )
}

function LeftDialog({ rows, onClose }: { rows: ReportRow[]; onClose: () => void }) {
  const t = useTexts(relationTexts)
  return (
    <Dialog title={t('reportTitle', { count: rows.length })} open onClose={onClose}>
      <ul className={styles.report}>
        {rows.map((row) => (
          <li key={row.ticket.id}>
            <strong>
              #{row.ticket.number} {row.ticket.subject}
            </strong>
            <span className={styles.sub}>{row.message}</span>
          </li>
        ))}
      </ul>
      <Buttons>
        <Button look="main" onClick={onClose}>
          {t('close')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
