import { Link } from '@tanstack/react-router'
import type { FullAlert } from '../../../contract/alerts.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { SideSheet } from '../../ui/Dialog.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { Loaded } from '../../ui/States.tsx'
import styles from './Alerts.module.css'
import { AlertMarks, SeverityBadge } from './marks.tsx'
import { alertTexts } from './texts.ts'

/** One alert: what it is, what was changed before it, and each word of its source with what became of it. */
export function AlertSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTexts(alertTexts)
  const alert = useCall('GET /api/alerts/:id', { params: { id } })
  return (
    <SideSheet open size="lg" title={alert.data?.summary ?? t('looking')} onClose={onClose}>
      <Loaded from={alert}>{(shown) => <Account alert={shown} />}</Loaded>
    </SideSheet>
  )
}

function Account({ alert }: { alert: FullAlert }) {
  const t = useTexts(alertTexts)
  const formats = useFormats()
  return (
    <div className="stack">
      <span className={styles.marks}>
        <SeverityBadge severity={alert.severity} />
        <AlertMarks alert={alert} />
      </span>
      {alert.opensAt && <p className="dim">{t('opensAt', { at: formats.dateTime(alert.opensAt) })}</p>}
      {alert.text && <p className={styles.text}>{alert.text}</p>}
      <Facts>
        <Fact name={t('device')}>{alert.device || '–'}</Fact>
        <Fact name={t('condition')}>{alert.condition || '–'}</Fact>
        <Fact name={t('source')}>{alert.source.name}</Fact>
        <Fact name={t('count')}>{t('times', { count: alert.count })}</Fact>
        <Fact name={t('first')}>{formats.dateTime(alert.firstAt)}</Fact>
        <Fact name={t('last')}>{formats.dateTime(alert.lastAt)}</Fact>
        {alert.clearedAt && <Fact name={t('cleared')}>{formats.dateTime(alert.clearedAt)}</Fact>}
        {alert.ticket && (
          <Fact name={t('ticket')}>
            <Link to={`/tickets/${alert.ticket.id}` as never}>{`#${alert.ticket.number} ${alert.ticket.subject}`}</Link>
          </Fact>
        )}
      </Facts>
      <Ways alert={alert} />
      {alert.previous?.ticket && (
        <p>
          <Link to={`/tickets/${alert.previous.ticket.id}` as never}>{t('before', { name: `#${alert.previous.ticket.number}` })}</Link>
        </p>
      )}
      {alert.changes.length > 0 && (
        <section className={styles.part}>
          <h3>{t('changes')}</h3>
          <Lines lines={alert.changes.map(({ id, at, summary }) => ({ id, at, text: summary }))} />
        </section>
      )}
      <Values alert={alert} />
      <section className={styles.part}>
        <h3>{t('history')}</h3>
        <Lines
          lines={alert.history.map(({ id, at, action, outcome }) => ({
            id,
            at,
            text: `${t(`action-${action}`)}: ${t(`outcome-${outcome}` as 'outcome-begin')}`,
          }))}
        />
      </section>
    </div>
  )
}

/** What somebody does next with it: the runbook first. */
export function Ways({ alert }: { alert: Pick<FullAlert, 'runbook' | 'links'> }) {
  const t = useTexts(alertTexts)
  if (alert.runbook === '' && alert.links.length === 0) return null
  return (
    <span className={styles.marks}>
      {alert.runbook && (
        <a href={alert.runbook} target="_blank" rel="noreferrer">
          {t('runbook')}
        </a>
      )}
      {alert.links.map(({ href, text }) => (
        <a key={href + text} href={href} target="_blank" rel="noreferrer">
          {text}
        </a>
      ))}
    </span>
  )
}

function Values({ alert }: { alert: FullAlert }) {
  const t = useTexts(alertTexts)
  if (alert.values.length === 0) return null
  return (
    <section className={styles.part}>
      <h3>{t('values')}</h3>
      <dl className={styles.values}>
        {alert.values.map(({ name, value }) => [<dt key={`${name}-name`}>{name}</dt>, <dd key={`${name}-value`}>{value}</dd>])}
      </dl>
    </section>
  )
}

function Lines({ lines }: { lines: readonly { id: string; at: string; text: string }[] }) {
  const formats = useFormats()
  return (
    <ul className={styles.lines}>
      {lines.map(({ id, at, text }) => (
        <li key={id} className={styles.line}>
          <span className={styles.when}>{formats.dateTime(at)}</span>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  )
}
