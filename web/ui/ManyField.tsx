import { MultiSelect } from '@mantine/core'
import { useTexts } from '../kernel/i18n.ts'
import type { Option } from './Fields.tsx'
import { uiTexts } from './texts.ts'

type Props = {
  label: string
  hint?: string
  error?: string | undefined
  name?: string
  options: readonly Option[]
  value: readonly Option[]
  onChange: (value: Option[]) => void
}

/** Several of what is offered. */
export function ManyField({ label, hint, error, options, value, onChange, ...rest }: Props) {
  const t = useTexts(uiTexts)
  const all = [...options, ...value.filter((v) => !options.some((o) => o.value === v.value))]
  return (
    <MultiSelect
      label={label}
      {...(hint ? { description: hint } : {})}
      {...(error ? { error } : {})}
      data={all}
      value={value.map((v) => v.value)}
      onChange={(ids) => onChange(ids.flatMap((id) => all.filter((o) => o.value === id)))}
      searchable
      clearable
      nothingFoundMessage={t('nothingFound')}
      clearButtonProps={{ 'aria-label': t('clear') }}
      comboboxProps={{ shadow: 'md' }}
      limit={100}
      {...rest}
    />
  )
}
