import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'
import { PickField } from '../../ui/PickField.tsx'
import { ticketTexts } from './texts.ts'

/** People by name or address, with their organisation. */
function usePeople(typed: string) {
  const found = useCall('GET /api/people', { query: { q: typed, limit: 12 } }, { enabled: typed.trim().length > 0, keep: true })
  const options = found.data?.items
    .filter((p) => !p.archived)
    .map((p) => ({ value: p.id, label: [p.name, p.email, p.organisation?.name].filter(Boolean).join(' · ') }))
  return { options: typed.trim() === '' ? [] : options, searching: found.isFetching }
}

type Props = {
  label: string
  value: Option | null
  onChange: (picked: Option | null) => void
  error?: string | undefined
  autoFocus?: boolean
}
export function PersonPicker(props: Props) {
  const t = useTexts(ticketTexts)
  const [first] = useState(props.value)
  return <PickField key={first?.value} placeholder={t('findPerson')} useOptions={usePeople} {...props} />
}
