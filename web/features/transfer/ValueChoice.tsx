import type { ImportDetail } from '../../../contract/transfer.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { FieldSet, SelectField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { fieldTexts } from './field-texts.ts'
import { mappingTexts } from './mapping-texts.ts'
import type { Choose } from './state.ts'
import styles from './Transfer.module.css'

const ours = {
  status: [
    'new',
    'open',
    'waiting-requester',
    'waiting-vendor',
    'waiting-approval',
    'waiting-record',
    'scheduled',
    'resolved',
    'closed',
    'cancelled',
  ],
  priority: ['1', '2', '3', '4', '5'],
  kind: ['incident', 'request'],
} as const
type Sort = keyof typeof ours

/** Their words for status, priority and kind; what is plain is chosen already. */
export function ValueChoice({ run, choose }: { run: ImportDetail; choose: Choose }) {
  const t = useTexts(mappingTexts)
  const sorts = (Object.keys(ours) as Sort[]).filter((sort) => run.values[sort].length > 0)
  if (sorts.length === 0) return null
  return (
    <Section title={t('valuesTitle')} lead={t('valuesLead')}>
      {sorts.map((sort) => (
        <FieldSet key={sort} title={t(`${sort}Values`)}>
          <div className={styles.values}>
            {run.values[sort].map(({ value, means }) => (
              <OneValue key={value} run={run} sort={sort} value={value} means={means === null ? null : String(means)} choose={choose} />
            ))}
          </div>
        </FieldSet>
      ))}
    </Section>
  )
}

type OneProps = { run: ImportDetail; sort: Sort; value: string; means: string | null; choose: Choose }
function OneValue({ run, sort, value, means, choose }: OneProps) {
  const t = useTexts(mappingTexts)
  const label = (run.source === 'glpi' && lookUp(fieldTexts, `glpi-${sort}-${value}`)) || value
  const pick = (chosen: string) =>
    choose({ [sort]: { ...run.mapping[sort], [value.toLowerCase()]: sort === 'priority' ? Number(chosen) : chosen } })
  return (
    <div className={styles.value}>
      <span>{label}</span>
      <SelectField
        label=""
        aria-label={t('meaningTitle', { value: label })}
        placeholder={t('chooseMeaning')}
        options={ours[sort].map((one) => ({ value: one as string, label: lookUp(fieldTexts, `${sort}-${one}`) ?? one }))}
        value={means}
        {...(means === null ? { error: t('chooseMeaning') } : {})}
        onChange={(chosen) => chosen !== null && pick(chosen)}
      />
    </div>
  )
}
