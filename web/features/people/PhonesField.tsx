import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { Person } from '../../../contract/people.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { SelectField, TextField } from '../../ui/Fields.tsx'
import styles from './People.module.css'
import { peopleTexts } from './texts.ts'

type Phone = Person['phones'][number]
const kinds = ['work', 'mobile', 'home', 'other'] as const

export function PhonesField({
  value,
  onChange,
  error,
}: {
  value: readonly Phone[]
  onChange: (value: Phone[]) => void
  error?: string | undefined
}) {
  const t = useTexts(peopleTexts)
  const set = (at: number, change: Partial<Phone>) => onChange(value.map((phone, i) => (i === at ? { ...phone, ...change } : phone)))
  return (
    <fieldset className={styles.phones} style={{ border: 0, padding: 0, margin: 0 }}>
      <legend className="unseen">{t('phones')}</legend>
      {value.map((phone, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is all that a new number has
        <div key={i} className={styles.phone}>
          <SelectField
            label={t('phoneKind')}
            options={kinds.map((kind) => ({ value: kind, label: t(kind) }))}
            value={phone.kind}
            onChange={(kind) => set(i, { kind })}
          />
          <TextField
            label={t('phone')}
            type="tel"
            value={phone.number}
            onChange={(e) => set(i, { number: e.currentTarget.value })}
            error={i === 0 ? error : undefined}
          />
          <IconButton
            label={t('removePhone', { number: phone.number })}
            icon={<IconTrash size={16} />}
            size={34}
            onClick={() => onChange(value.filter((_, at) => at !== i))}
          />
        </div>
      ))}
      {value.length < 10 && (
        <span>
          <Button
            look="plain"
            icon={<IconPlus size={16} />}
            onClick={() => onChange([...value, { kind: value.length === 0 ? 'work' : 'mobile', number: '' }])}
          >
            {t('addPhone')}
          </Button>
        </span>
      )}
    </fieldset>
  )
}
