import { IconCalendarEvent } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type SyntheticEvent, useState } from 'react'
import type { Visit } from '../../../contract/visits.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Appointment.module.css'
import { visitTexts } from './texts.ts'
import { useWindowWords } from './windows.ts'

/** For whoever asked: when somebody comes, and the report afterwards. Staff who look in see it, and cannot answer for them. */
export function Appointments({ ticketId, preview }: { ticketId: string; preview: boolean }) {
  const { data } = useCall('GET /api/tickets/:id/visits', { params: { id: ticketId } })
  const shown = data?.items.filter((visit) => visit.state !== 'not-met' && (visit.state !== 'done' || visit.reports.length > 0)) ?? []
  return shown.map((visit) => <Appointment key={visit.id} visit={visit} preview={preview} />)
}

function Appointment({ visit, preview }: { visit: Visit; preview: boolean }) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  const [asking, setAsking] = useState(false)
  const off = visit.state === 'cancelled'
  const report = visit.reports[0]
  return (
    <section className={styles.box} data-off={off || undefined} aria-label={t('appointment')}>
      <IconCalendarEvent size={20} aria-hidden="true" className={styles.icon} />
      <div className={styles.body}>
        <h2>{t(off ? 'appointmentPast' : 'appointment')}</h2>
        <p className={styles.when}>{`${words.longDay(visit)}, ${words.hours(visit)}`}</p>
        <p>{visit.purpose}</p>
        {off && visit.reason !== '' && <p>{visit.reason}</p>}
        {!off && (
          <p className="dim">
            {t('comes')}: {visit.people.map((one) => one.name).join(', ')}
          </p>
        )}
        {visit.declined && !off && <p className={styles.asked}>{t('askedOther')}</p>}
        {report && (
          <p>
            <Link to={'/work-report/$reportId' as never} params={{ reportId: report.id } as never}>
              {t('readReport', { when: words.moment(report.signedAt, visit.timeZone) })}
            </Link>
          </p>
        )}
        {visit.can.decline && !preview && (
          <Button size="sm" onClick={() => setAsking(true)}>
            {t('cannot')}
          </Button>
        )}
      </div>
      {asking && <CannotDialog visit={visit} onClose={() => setAsking(false)} />}
    </section>
  )
}

function CannotDialog({ visit, onClose }: { visit: Visit; onClose: () => void }) {
  const t = useTexts(visitTexts)
  const form = useForm({ text: '' })
  const send = useSend('POST /api/visits/:id/decline', {
    renews: ['GET /api/tickets/:id/visits', 'GET /api/tickets/:id'],
    onProblem: form.take,
    onDone: () => {
      toast(t('cannotSent'))
      onClose()
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ params: { id: visit.id }, body: form.values })
  }
  return (
    <Dialog title={t('cannot')} open onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextArea label={t('cannotWhy')} data-autofocus maxLength={2000} {...form.text('text')} />
        <FormProblem text={form.problem} />
        <Buttons>
          <Button size="sm" onClick={onClose}>
            {t('close')}
          </Button>
          <Button size="sm" look="main" type="submit" busy={send.isPending}>
            {t('cannotSend')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
