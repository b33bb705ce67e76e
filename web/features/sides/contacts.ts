import { useState } from 'react'
import { useCall } from '../../kernel/query.ts'

/** Addresses that were written to before, as one types: for a TagsField. */
export function useContacts(): { suggestions: string[]; onSearchChange: (typed: string) => void } {
  const [typed, setTyped] = useState('')
  const { data } = useCall('GET /api/sides/contacts', { query: { q: typed } }, { keep: true })
  return { suggestions: data?.items.map((one) => one.email) ?? [], onSearchChange: setTyped }
}

/** A date field's value as an instant: nine in the morning, where the reader is. */
export const morningOf = (day: string): string | null => (day === '' ? null : new Date(`${day}T09:00:00`).toISOString())
export const dayOf = (at: string | null): string => {
  if (at === null) return ''
  const date = new Date(at)
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
}
