import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import type { Option } from './Fields.tsx'
import { uiTexts } from './texts.ts'

type Props = {
  label: string
  hint?: string
  'aria-label'?: string
  error?: string | undefined
  value: readonly Option[]
  onChange: (picked: Option[]) => void
  /** Stand above what is found. */
  always?: readonly Option[]
  /** Finds options for what was typed; called anew 150 ms after the last key. */
  useOptions: (typed: string) => { options: readonly Option[] | undefined; searching: boolean }
  /** What is kept as an id alone gets its name. */
  useNames: (ids: readonly string[]) => ReadonlyMap<string, string>
}

/** Several of many that only the server knows. */
export function ManyPickField({ label, hint, error, value, onChange, always = [], useOptions, useNames, ...rest }: Props) {
  const t = useTexts(uiTexts)
  const [typed, setTyped] = useState('')
  const [asked] = useDebouncedValue(typed, 150)
  const { options = [], searching } = useOptions(asked)
  const names = useNames(
    value.filter((one) => one.label === one.value && !always.some((a) => a.value === one.value)).map((one) => one.value),
  )
  const known = [...always, ...options]
  const chosen = value.map(
    (one) => known.find((option) => option.value === one.value) ?? { value: one.value, label: names.get(one.value) ?? one.label },
  )
  const all = [...known, ...chosen.filter((one) => !known.some((option) => option.value === one.value))]
  return (
    <MultiSelect
      label={label}
      {...(hint ? { description: hint } : {})}
      {...(error ? { error } : {})}
      data={all}
      value={chosen.map((one) => one.value)}
      onChange={(ids) => onChange(ids.flatMap((id) => all.find((one) => one.value === id) ?? []))}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has filtered already.
      filter={({ options: found }) => found}
      hidePickedOptions
      clearable
      nothingFoundMessage={searching ? t('searching') : typed === '' ? t('typeToFind') : t('nothingFound')}
      clearButtonProps={{ 'aria-label': t('clear') }}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
    />
  )
}
