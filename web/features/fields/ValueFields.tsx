import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'
import { SelectField, TextField } from '../../ui/Fields.tsx'
import { OrganisationPick, PersonPick } from '../people/picks.tsx'
import type { OwnFieldsForm, Shown, Typed } from './own-fields.ts'
import { fieldTexts } from './texts.ts'

/** Own fields in any form, each with what it takes. `size` for the portal. */
export function ValueFields({ form, size = 'sm', hints = true }: { form: OwnFieldsForm; size?: 'sm' | 'md'; hints?: boolean }) {
  const needed = useNeeded(hints)
  return form.fields.map((field) => (
    <ValueField
      key={field.key}
      field={field}
      size={size}
      hint={[field.help, hints ? needed(field) : ''].filter(Boolean).join(' ')}
      value={form.typed[field.key] ?? null}
      error={form.errors[field.key]}
      onChange={(value) => form.set(field.key, value)}
    />
  ))
}

/** Before which statuses it must be filled, by their names; one that is needed from the start says so when it is missing. */
function useNeeded(on: boolean) {
  const t = useTexts(fieldTexts)
  const language = useLanguage()
  const { data } = useCall('GET /api/statuses', {}, { staleTime: 300_000, enabled: on })
  return (field: Shown): string => {
    const names = field.mandatoryIn.flatMap((meaning) => {
      const status = data?.items.find((s) => s.meaning === meaning)
      return status && meaning !== 'new' ? [inLanguage(status.name, language)] : []
    })
    return names.length > 0 ? t('neededBefore', { names: names.join('”, “') }) : ''
  }
}

type Props = { field: Shown; size: 'sm' | 'md'; hint: string; value: Typed; error: string | undefined; onChange: (value: Typed) => void }
function ValueField({ field, size, hint, value, error, onChange }: Props) {
  const common = { label: field.label, error, ...(hint ? { hint } : {}) }
  const text = typeof value === 'string' ? value : ''
  const typing = { value: text, onChange: (e: { currentTarget: { value: string } }) => onChange(e.currentTarget.value) }
  switch (field.type) {
    case 'choice':
      return (
        <SelectField
          {...common}
          size={size}
          clearable
          options={field.choices.map((c) => ({ value: c.key, label: c.label }))}
          value={text === '' ? null : text}
          onChange={onChange}
        />
      )
    case 'person':
      return <PersonPick {...common} value={value as Option | null} onChange={onChange} />
    case 'organisation':
      return <OrganisationPick {...common} value={value as Option | null} onChange={onChange} />
    case 'date':
      return <TextField {...common} size={size} type="date" {...typing} />
    case 'number':
      return <TextField {...common} size={size} inputMode="decimal" {...typing} />
    case 'text':
      return <TextField {...common} size={size} maxLength={2000} {...typing} />
  }
}
