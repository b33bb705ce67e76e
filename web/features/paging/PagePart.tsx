import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { Account } from './Account.tsx'
import { PageActs } from './PageActs.tsx'
import { Why } from './PagesPage.tsx'
import { pageTexts } from './texts.ts'

/** On the ticket: nothing while nobody was paged; else the newest page, and the others folded. */
export function PagePart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(pageTexts)
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const { data } = useCall('GET /api/tickets/:id/pages', { params: { id: ticket.id } })
  if (!data || data.items.length === 0) return null
  const shown = open ? data.items : data.items.filter((one) => one.state !== 'ended').slice(0, 2)
  return (
    <PanelPart
      title={t('partTitle')}
      action={
        open ? undefined : (
          <Button look="plain" onClick={() => setOpen(true)}>
            {t('show')}
          </Button>
        )
      }
    >
      <div className="stack">
        {shown.map((page) => (
          <div key={page.id} className="stack" style={{ gap: 8 }}>
            <span>
              <Badge tone={page.state === 'ringing' ? 'bad' : page.state === 'acknowledged' ? 'good' : 'plain'}>
                {t(`state-${page.state}`)}
              </Badge>{' '}
              <span className="dim small">
                <Why page={page} /> · {formats.time(page.beganAt)}
              </span>
            </span>
            {page.acknowledgedBy && page.state === 'acknowledged' && <strong>{t('has', { name: page.acknowledgedBy.name })}</strong>}
            <PageActs page={page} />
            {(open || page.state === 'ringing') && <Account page={page} />}
          </div>
        ))}
      </div>
    </PanelPart>
  )
}
