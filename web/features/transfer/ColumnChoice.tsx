import type { ImportDetail, ImportKind, ImportMapping } from '../../../contract/transfer.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { SelectField } from '../../ui/Fields.tsx'
import { fieldTexts } from './field-texts.ts'
import { mappingTexts } from './mapping-texts.ts'
import type { Choose } from './state.ts'
import { fieldsOf } from './state.ts'
import styles from './Transfer.module.css'

type Props = { kind: ImportKind; columns: NonNullable<ImportDetail['layout']>['columns']; mapping: ImportMapping; choose: Choose }

/** Each of our fields with its column, and what stands there. */
export function ColumnChoice({ kind, columns, mapping, choose }: Props) {
  const t = useTexts(mappingTexts)
  const field = useTexts(fieldTexts)
  const options = [
    { value: '', label: t('notTaken') },
    ...columns.map(({ name }, i) => ({ value: String(i), label: name || String(i + 1) })),
  ]
  const pick = (name: (typeof fieldsOf)[ImportKind][number], value: string) => {
    const { [name]: _, ...rest } = mapping.columns
    choose({ columns: value === '' ? rest : { ...rest, [name]: Number(value) } })
  }
  return (
    <div className={styles.columns}>
      <header>
        <span>{t('field')}</span>
        <span>{t('column')}</span>
        <span>{t('sample')}</span>
      </header>
      {fieldsOf[kind].map((name) => {
        const at = mapping.columns[name]
        return (
          <div key={name} className={styles.row}>
            <strong>{field(name)}</strong>
            <SelectField
              label=""
              aria-label={field(name)}
              options={options}
              value={at === undefined ? '' : String(at)}
              onChange={(value) => pick(name, value)}
            />
            <span className={styles.sample}>{at === undefined ? '' : columns[at]?.samples.join(' · ')}</span>
          </div>
        )
      })}
    </div>
  )
}
