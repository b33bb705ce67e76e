import { IconCalendarRepeat, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Recurring } from '../../../contract/scheduled.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useEndless, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Readymade.module.css'
import { RecurringSheet } from './RecurringSheet.tsx'
import { recurringTexts } from './recurring-texts.ts'
import { readymadeTexts } from './texts.ts'
import { calendarWords, whenIn } from './words.ts'

export function RecurringList() {
  const t = useTexts(recurringTexts)
  const r = useTexts(readymadeTexts)
  const mayEdit = useMay('template.edit')
  const [open, setOpen] = useState<Recurring | 'new'>()
  const list = useEndless('GET /api/recurring-tickets')
  return (
    <>
      <div className={styles.bar}>
        <p>{r('recurringText')}</p>
        {mayEdit && (
          <Button look="main" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {t('addRecurring')}
          </Button>
        )}
      </div>
      {list.error && !list.items ? <ErrorState cause={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending && <Loading />}
      {list.items?.length === 0 && <EmptyState icon={<IconCalendarRepeat size={24} />} title={r('none')} text={r('recurringText')} />}
      {(list.items?.length ?? 0) > 0 && (
        <ul className={styles.rows}>
          {list.items?.map((row) => (
            <li key={row.id}>
              <Row row={row} mayEdit={mayEdit} onOpen={() => setOpen(row)} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && <MoreRows has busy={list.isFetchingNextPage} load={list.more} />}
      {open && <RecurringSheet {...(open === 'new' ? {} : { row: open })} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Row({ row, mayEdit, onOpen }: { row: Recurring; mayEdit: boolean; onOpen: () => void }) {
  const t = useTexts(recurringTexts)
  const r = useTexts(readymadeTexts)
  const language = useLanguage()
  const [shown, setShown] = useState(false)
  const turn = useSend('PATCH /api/recurring-tickets/:id', { renews: ['GET /api/recurring-tickets'], onProblem: toastProblem })
  const next = row.next[0]
  return (
    <>
      <div className={styles.row} style={{ cursor: 'default' }}>
        <span className={styles.main}>
          <strong>{row.template.name}</strong>
          <span className={styles.says}>{calendarWords(row.calendar, t, language)}</span>
        </span>
        <span className={styles.meta}>
          {!row.on && <Badge tone="warn">{r('off')}</Badge>}
          {row.paused && <Badge>{t('paused')}</Badge>}
          {next && (
            <span>
              {t('next')}: {whenIn(next, language, row.timeZone)}
            </span>
          )}
          <Button look="plain" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t('made', { count: row.made })}
          </Button>
          {mayEdit && (
            <>
              <Button
                busy={turn.isPending}
                onClick={() => turn.mutate({ params: { id: row.id }, ifMatch: row.version, body: { paused: !row.paused } })}
              >
                {t(row.paused ? 'resume' : 'pause')}
              </Button>
              <Button onClick={onOpen}>{r('changeLater')}</Button>
            </>
          )}
        </span>
      </div>
      {shown && <History id={row.id} timeZone={row.timeZone} />}
    </>
  )
}

function History({ id, timeZone }: { id: string; timeZone: string }) {
  const t = useTexts(recurringTexts)
  const language = useLanguage()
  const { data } = useCall('GET /api/recurring-tickets/:id/made', { params: { id } })
  if (!data) return null
  if (data.items.length === 0) return null
  return (
    <ol className={styles.dates} aria-label={t('history')} style={{ paddingBottom: 12, paddingLeft: 32 }}>
      {data.items.map((made) => (
        <li key={made.date}>
          {whenIn(made.dueAt, language, timeZone)}{' '}
          {made.ticket ? (
            <Link to="/tickets/$ticketId" params={{ ticketId: made.ticket.id }}>
              #{made.ticket.number}
            </Link>
          ) : (
            <span className="dim">{t('missed')}</span>
          )}{' '}
          {made.ticket && made.late && <span className="dim">({t('late')})</span>}
        </li>
      ))}
    </ol>
  )
}
