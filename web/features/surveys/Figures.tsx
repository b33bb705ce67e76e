import { IconMoodSmile } from '@tabler/icons-react'
import type { SurveyFigures } from '../../../contract/surveys.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { EmptyState } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import styles from './Surveys.module.css'
import { scores, useScoreWords } from './scores.ts'
import { surveyTexts } from './texts.ts'

function useNumbers() {
  const locale = useLanguage() === 'de' ? 'de-DE' : 'en-GB'
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  const two = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return {
    share: (part: number, of: number) => (of === 0 ? '–' : percent.format(part / of)),
    average: (value: number | null) => (value === null ? '–' : two.format(value)),
    month: (month: string) => new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }).format(new Date(`${month}-15T12:00:00Z`)),
  }
}

/** Each figure with how it is worked out, and the response rate beside it: few answers say little. */
export function Figures({ total }: { total: SurveyFigures }) {
  const t = useTexts(surveyTexts)
  const words = useScoreWords()
  const { share, average } = useNumbers()
  const { asked, answered, good, spread } = total
  return (
    <div className={styles.figures}>
      <section className={styles.figure}>
        <h2>{t('good')}</h2>
        <strong>{share(good, answered)}</strong>
        <p>{t('goodHow', { good, answered })}</p>
      </section>
      <section className={styles.figure}>
        <h2>{t('average')}</h2>
        <strong>{average(total.average)}</strong>
        <p>{t('averageHow', { answered })}</p>
      </section>
      <section className={styles.figure}>
        <h2>{t('rate')}</h2>
        <strong>{share(answered, asked)}</strong>
        <p>{t('rateHow', { answered, asked })}</p>
      </section>
      <section className={styles.figure}>
        <h2>{t('spread')}</h2>
        <ul className={styles.bars}>
          {scores.toReversed().map((score) => {
            const count = spread[score - 1] ?? 0
            return (
              <li key={score}>
                <span>
                  {score} {words(score)}
                </span>
                <span className={styles.track} aria-hidden="true">
                  {count > 0 && <span style={{ width: `${(100 * count) / Math.max(...spread)}%` }} />}
                </span>
                <span>{count}</span>
              </li>
            )
          })}
        </ul>
      </section>
    </div>
  )
}

type Row = SurveyFigures & { name: string }

export function FiguresTable({ title, rows, month = false }: { title: string; rows: readonly Row[]; month?: boolean }) {
  const t = useTexts(surveyTexts)
  const numbers = useNumbers()
  if (rows.length === 0) return <EmptyState icon={<IconMoodSmile size={24} />} title={t('emptyTitle')} text={t('emptyText')} />
  const columns: Column<Row>[] = [
    { key: 'name', title, cell: (row) => (month ? numbers.month(row.name) : row.name), phone: 'main' },
    { key: 'good', title: t('good'), cell: (row) => numbers.share(row.good, row.answered), width: '110px', end: true },
    { key: 'average', title: t('average'), cell: (row) => numbers.average(row.average), width: '120px', end: true },
    { key: 'answered', title: t('answered'), cell: (row) => row.answered, width: '110px', end: true },
    { key: 'sent', title: t('sent'), cell: (row) => row.asked, width: '110px', end: true },
    { key: 'rate', title: t('rate'), cell: (row) => numbers.share(row.answered, row.asked), width: '130px', end: true },
  ]
  return <Table label={title} columns={columns} rows={rows} keyOf={(row) => row.name} />
}
