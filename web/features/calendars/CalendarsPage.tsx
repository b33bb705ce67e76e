import { IconCalendarTime } from '@tabler/icons-react'
import type { Calendar } from '../../../contract/calendars.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Badge } from '../../ui/Marks.tsx'
import { ArchivedRecords, RecordsPage } from '../../ui/RecordsPage.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { CalendarSheet } from './CalendarSheet.tsx'
import styles from './Calendars.module.css'
import { calendarTexts } from './texts.ts'
import { momentIn, usersOf, weekLines } from './words.ts'

/** When somebody works, and who by which. */
export function CalendarsPage() {
  const t = useTexts(calendarTexts)
  return (
    <RecordsPage<Calendar>
      words={{ title: t('title'), lead: t('lead'), new: t('new'), none: t('none'), noneText: t('noneText') }}
      icon={<IconCalendarTime size={24} />}
      from={useCall('GET /api/calendars')}
      mayEdit={useMay('setting.edit')}
      rows={(items, onOpen) => <Rows items={items} onOpen={onOpen} />}
      sheet={(row, onClose) => <CalendarSheet {...(row ? { row } : {})} onClose={onClose} />}
      archived={<Archived />}
    />
  )
}

function Rows({ items, onOpen }: { items: readonly Calendar[]; onOpen: ((row: Calendar) => void) | undefined }) {
  const t = useTexts(calendarTexts)
  const language = useLanguage()
  return (
    <Table
      label={t('title')}
      rows={items}
      keyOf={(row) => row.id}
      {...(onOpen ? { onOpen } : {})}
      columns={[
        { key: 'name', title: t('name'), cell: (row) => <strong>{row.name}</strong>, phone: 'main', width: '22%' },
        { key: 'now', title: t('now'), cell: (row) => <Now row={row} />, width: '18%' },
        {
          key: 'hours',
          title: t('week'),
          cell: (row) => weekLines(row.hours, t, language).map((line) => <div key={line}>{line}</div>),
          width: '22%',
        },
        { key: 'zone', title: t('timeZone'), cell: (row) => row.timeZone.replaceAll('_', ' '), width: '16%' },
        { key: 'uses', title: t('uses'), cell: (row) => <Users row={row} /> },
      ]}
    />
  )
}

function Now({ row: { open, changesAt, timeZone } }: { row: Calendar }) {
  const t = useTexts(calendarTexts)
  const language = useLanguage()
  const time = changesAt && momentIn(changesAt, timeZone, language)
  const text = open ? (time ? t('openUntil', { time }) : t('openAlways')) : time ? t('closedUntil', { time }) : t('closedAlways')
  return <Badge tone={open ? 'good' : 'plain'}>{text}</Badge>
}

function Users({ row }: { row: Calendar }) {
  const t = useTexts(calendarTexts)
  const users = usersOf(row, t)
  return users.length === 0 ? <span className="dim">{t('unused')}</span> : <span className={styles.users}>{users.join(' · ')}</span>
}

function Archived() {
  const t = useTexts(calendarTexts)
  const { data } = useCall('GET /api/calendars', { query: { archived: 'true' as never } })
  const restore = useSend('POST /api/calendars/:id/restore', {
    renews: ['GET /api/calendars'],
    onDone: ({ name }) => void toast(t('restored', { name })),
    onProblem: toastProblem,
  })
  return (
    <ArchivedRecords
      title={t('archived')}
      restore={t('restore')}
      items={data?.items}
      nameOf={({ name }) => name}
      onRestore={({ id }) => restore.mutate({ params: { id } })}
    />
  )
}
