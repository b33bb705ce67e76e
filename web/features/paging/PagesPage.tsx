import { IconBellRinging } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Page as PageOf } from '../../../contract/paging.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useEndless } from '../../kernel/query.ts'
import { SideSheet } from '../../ui/Dialog.tsx'
import { ChoiceField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { Account } from './Account.tsx'
import { PageActs } from './PageActs.tsx'
import { pageTexts } from './texts.ts'

type Shown = 'all' | 'mine' | 'ringing' | 'acknowledged'
const tones = { ringing: 'bad', acknowledged: 'good', ended: 'plain' } as const

/** Who was paged, newest first; each opens its account, try by try. */
export function PagesPage() {
  const t = useTexts(pageTexts)
  const formats = useFormats()
  const [shown, setShown] = useState<Shown>('all')
  const [open, setOpen] = useState<PageOf>()
  const query = shown === 'mine' ? { mine: 'true' as const } : shown === 'all' ? {} : { state: shown }
  const pages = useEndless('GET /api/pages', { query: query as never })
  const columns: Column<PageOf>[] = [
    { key: 'ticket', title: t('ticket'), phone: 'main', cell: (p) => `#${p.ticket.number} ${p.ticket.subject}` },
    { key: 'state', title: t('state'), width: '150px', cell: (p) => <Badge tone={tones[p.state]}>{t(`state-${p.state}`)}</Badge> },
    { key: 'rung', title: t('rung'), cell: (p) => p.rung.map((one) => one.name).join(', ') || '–' },
    { key: 'began', title: t('began'), width: '150px', cell: (p) => formats.dateTime(p.beganAt) },
    { key: 'until', title: t('until'), width: '160px', cell: (p) => (p.acknowledgedAt ? answered(p, formats) : '–') },
  ]
  return (
    <Page title={t('title')} lead={t('lead')}>
      <ChoiceField
        label={t('filter')}
        hideLabel
        value={shown}
        onChange={setShown}
        options={[
          { value: 'all', label: t('all') },
          { value: 'ringing', label: t('state-ringing') },
          { value: 'acknowledged', label: t('state-acknowledged') },
          { value: 'mine', label: t('mine') },
        ]}
      />
      <Loaded from={pages}>
        {() =>
          (pages.items ?? []).length === 0 ? (
            <EmptyState icon={<IconBellRinging size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <Table
              label={t('title')}
              columns={columns}
              rows={pages.items ?? []}
              keyOf={(p) => p.id}
              onOpen={setOpen}
              more={{ has: pages.hasNextPage, busy: pages.isFetchingNextPage, load: () => void pages.more() }}
            />
          )
        }
      </Loaded>
      {open && <OnePage id={open.id} onClose={() => setOpen(undefined)} />}
    </Page>
  )
}

const answered = (page: PageOf, formats: ReturnType<typeof useFormats>) =>
  [
    formats.duration(Math.round((Date.parse(page.acknowledgedAt ?? page.beganAt) - Date.parse(page.beganAt)) / 1000)),
    page.acknowledgedBy?.name,
  ]
    .filter(Boolean)
    .join(' · ')

function OnePage({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTexts(pageTexts)
  const page = useCall('GET /api/pages/:id', { params: { id } })
  return (
    <SideSheet open title={page.data ? `#${page.data.ticket.number} ${page.data.ticket.subject}` : t('looking')} onClose={onClose}>
      <Loaded from={page}>
        {(shown) => (
          <div className="stack">
            <p className="dim">
              <Why page={shown} /> · <Link to={`/tickets/${shown.ticket.id}` as never}>{t('ticket')}</Link>
            </p>
            {shown.note && <p>{shown.note}</p>}
            <PageActs page={shown} />
            <Account page={shown} />
          </div>
        )}
      </Loaded>
    </SideSheet>
  )
}

export function Why({ page }: { page: PageOf }) {
  const t = useTexts(pageTexts)
  return <>{t(`why-${page.why}`, { name: page.rule?.name ?? page.by?.name ?? '' })}</>
}
