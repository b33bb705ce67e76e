import { IconPencil } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { TicketField } from '../../../contract/fields.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Fact, Facts, PanelPart } from '../../ui/Panel.tsx'
import { fieldTexts } from './texts.ts'

const FillSheet = lazy(async () => ({ default: (await import('./FillSheet.tsx')).FillSheet }))

/** What the company wants to know of such a ticket; where it asks nothing, nothing stands here. */
export function FieldsPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(fieldTexts)
  const { data } = useCall('GET /api/tickets/:id/fields', { params: { id: ticket.id } })
  const [open, setOpen] = useState(false)
  const words = useWords()
  if (!data || data.items.length === 0) return null
  const filled = data.items.filter((f) => f.value !== null)
  return (
    <PanelPart
      title={t('title')}
      action={ticket.can.edit && <IconButton label={t('edit')} icon={<IconPencil size={16} />} size={24} onClick={() => setOpen(true)} />}
    >
      {filled.length === 0 ? (
        <p className="dim">{t('empty')}</p>
      ) : (
        <Facts>
          {filled.map((f) => (
            <Fact key={f.id} name={f.label}>
              {words(f)}
            </Fact>
          ))}
        </Facts>
      )}
      {open && (
        <Suspense fallback={null}>
          <FillSheet ticket={ticket} items={data.items} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </PanelPart>
  )
}

export function useWords() {
  const formats = useFormats()
  return (f: TicketField): string => {
    if (f.type === 'number' && typeof f.value === 'number') return formats.number(f.value)
    // Noon, so that no time zone makes another day of it.
    if (f.type === 'date' && typeof f.value === 'string') return formats.day(`${f.value}T12:00:00`)
    return f.shown ?? ''
  }
}
