import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import type { Option } from './Fields.tsx'
import { uiTexts } from './texts.ts'

type Props = {
  label: string
  hint?: string | undefined
  error?: string | undefined
  placeholder?: string
  value: Option | null
  onChange: (picked: Option | null) => void
  /** Finds options for what was typed; called anew 150 ms after the last key. `about` narrows it, say to one organisation. */
  useOptions: (typed: string, about?: string) => { options: readonly Option[] | undefined; searching: boolean }
  about?: string
  autoFocus?: boolean
  clearable?: boolean
  disabled?: boolean
}

/** Choose one of many that only the server knows: a person, an organisation, a ticket. */
export function PickField({ label, hint, error, value, onChange, useOptions, about, clearable = true, ...rest }: Props) {
  const t = useTexts(uiTexts)
  const [typed, setTyped] = useState(value?.label ?? '')
  const [asked] = useDebouncedValue(typed, 150)
  const { options, searching } = useOptions(asked === value?.label ? '' : asked, about)
  const known = value && !options?.some((o) => o.value === value.value) ? [value, ...(options ?? [])] : (options ?? [])
  return (
    <Select
      label={label}
      {...(hint ? { description: hint } : {})}
      {...(error ? { error } : {})}
      data={[...known]}
      value={value?.value ?? null}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id) => onChange(known.find((o) => o.value === id) ?? null)}
      // The server has filtered already.
      filter={({ options: all }) => all}
      nothingFoundMessage={searching ? t('searching') : typed === '' ? t('typeToFind') : t('nothingFound')}
      clearable={clearable}
      // Empty, there is nothing to choose from yet: it opens with the first letter.
      openOnFocus={false}
      clearButtonProps={{ 'aria-label': t('clear') }}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
    />
  )
}
