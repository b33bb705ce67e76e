import { IconPrinter } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import type { VisitReport } from '../../../contract/visits.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useTitle } from '../../ui/Page.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { Loaded } from '../../ui/States.tsx'
import styles from './Report.module.css'
import { visitTexts } from './texts.ts'
import { useWindowWords } from './windows.ts'

/** A work report as paper, for whoever sees the request: read, printed, saved as PDF. */
export function ReportPage() {
  const { reportId } = useParams({ strict: false }) as { reportId: string }
  const report = useCall('GET /api/visit-reports/:id', { params: { id: reportId } })
  return (
    <main className={styles.desk}>
      <Loaded from={report}>{(one) => <Paper report={one} />}</Loaded>
    </main>
  )
}

function Paper({ report }: { report: VisitReport }) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  useTitle(t('reportOf', { n: String(report.number), ticket: String(report.ticket.number) }))
  const moment = (at: string | null) => at && words.moment(at, report.timeZone)
  return (
    <>
      <div className={styles.bar}>
        {!report.newest && <span className={styles.older}>{t('older')}</span>}
        <span className="grow" />
        <Button look="main" icon={<IconPrinter size={16} />} onClick={() => window.print()}>
          {t('print')}
        </Button>
      </div>
      <article className={styles.paper}>
        <header className={styles.head}>
          <div className="grow">
            <p className="dim">{report.company}</p>
            <h1>{t('reportTitle')}</h1>
            <p className="dim">{t('reportOf', { n: String(report.number), ticket: String(report.ticket.number) })}</p>
          </div>
        </header>
        <Facts>
          <Fact name={t('purpose')}>{report.purpose}</Fact>
          <Fact name={t('customer')}>{report.organisation}</Fact>
          <Fact name={t('place')}>{report.place}</Fact>
          <Fact name={t('planFor')}>{`${words.longDay(report)}, ${words.hours(report)}`}</Fact>
          <Fact name={t('arrived')}>{moment(report.arrivedAt)}</Fact>
          <Fact name={t('left')}>{moment(report.leftAt)}</Fact>
        </Facts>
        <h2>{t('summary')}</h2>
        <p className={styles.text}>{report.summary}</p>
        <Spent report={report} />
        <Parts report={report} />
        <footer className={styles.signed}>
          {report.how === 'drawn' ? (
            <img
              src={`/api/visit-reports/${report.id}/signature`}
              alt={t('signedBy', { name: report.signer, when: moment(report.signedAt) ?? '' })}
            />
          ) : (
            <p className={styles.typed}>{report.signer}</p>
          )}
          <p>{t('signedBy', { name: report.signer, when: moment(report.signedAt) ?? '' })}</p>
          {report.how === 'typed' && <p className="dim small">{t('typed')}</p>}
          <p className="dim small">{t('madeBy', { name: report.madeBy })}</p>
        </footer>
      </article>
    </>
  )
}

function Spent({ report }: { report: VisitReport }) {
  const t = useTexts(visitTexts)
  if (report.spent.length === 0) return null
  return (
    <>
      <h2>{t('time')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('nameHead')}</th>
            <th scope="col">{t('workMinutes')}</th>
            <th scope="col">{t('travelMinutes')}</th>
            <th scope="col">{t('km')}</th>
          </tr>
        </thead>
        <tbody>
          {report.spent.map((one) => (
            <tr key={one.name}>
              <td>{one.name}</td>
              <td>{one.workMinutes}</td>
              <td>{one.travelMinutes}</td>
              <td>{one.kilometres}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Parts({ report }: { report: VisitReport }) {
  const t = useTexts(visitTexts)
  const formats = useFormats()
  if (report.parts.length === 0) return null
  return (
    <>
      <h2>{t('parts')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('quantity')}</th>
            <th scope="col">{t('nameHead')}</th>
            <th scope="col">{t('partNumber')}</th>
            <th scope="col">{t('serial')}</th>
          </tr>
        </thead>
        <tbody>
          {report.parts.map((part) => (
            <tr key={`${part.name} ${part.number} ${part.serial}`}>
              <td>{formats.number(part.quantity)}</td>
              <td>{part.name}</td>
              <td>{part.number}</td>
              <td>{part.serial}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
