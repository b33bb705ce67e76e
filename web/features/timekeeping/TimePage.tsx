import { IconClock, IconDownload } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { TimeEntry } from '../../../contract/time.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { useCompany, useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField, type Option, TextField } from '../../ui/Fields.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { OrganisationPick, PersonPick } from '../people/picks.tsx'
import { today } from './duration.ts'
import { lengthOf } from './length.ts'
import { useTimeSettings } from './settings.ts'
import styles from './Time.module.css'
import { timeTexts } from './texts.ts'

type Filter = { from?: string; to?: string; billable?: 'true' }

/** Time spent by days, persons and organisations; the sum stands above, and leaves as CSV. */
export function TimePage() {
  const t = useTexts(timeTexts)
  const everybody = useMay('time.see')
  const search = useSearch({ strict: false }) as Filter
  const navigate = useNavigate()
  const [person, setPerson] = useState<Option | null>(null)
  const [organisation, setOrganisation] = useState<Option | null>(null)
  const customers = useCompany()?.supports === 'customers'
  const from = search.from ?? `${today().slice(0, 8)}01`
  const to = search.to ?? today()
  const filter = {
    from,
    to,
    ...(search.billable ? { billable: 'true' as const } : {}),
    ...(person ? { person: person.value } : {}),
    ...(organisation ? { organisation: organisation.value } : {}),
  }
  const time = useEndless('GET /api/time', { query: filter }, { keep: true })
  const set = (next: Filter) => void navigate({ search: { ...search, ...next } as never, replace: true })
  const day = (field: 'from' | 'to', value: string) => ({
    type: 'date',
    value,
    onChange: (event: { currentTarget: { value: string } }) => event.currentTarget.value && set({ [field]: event.currentTarget.value }),
  })
  const csv = `/api/time/csv?${new URLSearchParams(filter)}`
  return (
    <Page
      title={t('title')}
      lead={t(everybody ? 'leadAll' : 'lead')}
      actions={
        <Button icon={<IconDownload size={16} />} onClick={() => location.assign(csv)}>
          {t('csv')}
        </Button>
      }
    >
      <search className={styles.filters}>
        <TextField label={t('from')} max={to} {...day('from', from)} />
        <TextField label={t('to')} min={from} {...day('to', to)} />
        {everybody && <PersonPick staff label={t('person')} value={person} onChange={setPerson} />}
        <OrganisationPick label={t(customers ? 'customer' : 'organisation')} value={organisation} onChange={setOrganisation} />
        <ChoiceField
          label={t('which')}
          size="sm"
          value={search.billable ? 'billable' : 'all'}
          onChange={(next: 'all' | 'billable') => set({ billable: (next === 'billable' ? 'true' : undefined) as 'true' })}
          options={[
            { value: 'all', label: t('everyTime') },
            { value: 'billable', label: t('onlyBillable') },
          ]}
        />
      </search>
      <Loaded from={{ data: time.data, error: time.error, refetch: time.refetch }}>
        {(data) =>
          data.pages[0]?.items.length === 0 ? (
            <EmptyState icon={<IconClock size={24} />} title={t('emptyTitle')} text={t('emptyText')} />
          ) : (
            <>
              <Sums totals={data.pages[0]?.totals} />
              <Rows rows={time.items ?? []} more={{ has: time.hasNextPage, busy: time.isFetchingNextPage, load: time.more }} />
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function Sums({ totals }: { totals: { minutes: number; counted: number; billable: number } | undefined }) {
  const t = useTexts(timeTexts)
  const settings = useTimeSettings()
  if (!totals) return null
  return (
    <p className={styles.sums}>
      <span>
        {t('total')} <strong>{lengthOf(totals.counted, settings)}</strong>
      </span>
      <span>
        {t('worked')} {lengthOf(totals.minutes, { ...settings, show: 'minutes' })}
      </span>
      <span>
        {t('billableMark')} {lengthOf(totals.billable, settings)}
      </span>
    </p>
  )
}

function Rows({ rows, more }: { rows: readonly TimeEntry[]; more: { has: boolean; busy: boolean; load: () => void } }) {
  const t = useTexts(timeTexts)
  const formats = useFormats()
  const settings = useTimeSettings()
  const customers = useCompany()?.supports === 'customers'
  const columns: Column<TimeEntry>[] = [
    {
      key: 'ticket',
      title: t('ticket'),
      cell: (e) => `#${e.ticket.number} ${e.ticket.subject || t('hidden')}`,
      phone: 'main',
      width: '30%',
    },
    { key: 'day', title: t('day'), cell: (e) => formats.date(e.workDate), width: '110px' },
    { key: 'person', title: t('person'), cell: (e) => e.person.name, width: '14%' },
    { key: 'organisation', title: t(customers ? 'customer' : 'organisation'), cell: (e) => e.organisation?.name ?? '', width: '14%' },
    { key: 'note', title: t('note'), cell: (e) => [e.note, e.task?.title].filter(Boolean).join(' · ') },
    { key: 'billable', title: t('billable'), cell: (e) => (e.billable ? t('billableMark') : ''), width: '100px', phone: 'hide' },
    { key: 'counted', title: t('counted'), cell: (e) => lengthOf(e.counted, settings), width: '100px', end: true },
  ]
  return <Table label={t('title')} columns={columns} rows={rows} keyOf={(e) => e.id} to={(e) => `/tickets/${e.ticket.id}`} more={more} />
}
