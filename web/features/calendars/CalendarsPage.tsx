import { IconArchiveOff, IconCalendarTime, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Calendar } from '../../../contract/calendars.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { CalendarSheet } from './CalendarSheet.tsx'
import styles from './Calendars.module.css'
import { calendarTexts } from './texts.ts'
import { momentIn, usersOf, weekLines } from './words.ts'

/** When somebody works, and who by which. */
export function CalendarsPage() {
  const t = useTexts(calendarTexts)
  const mayEdit = useMay('setting.edit')
  const calendars = useCall('GET /api/calendars')
  const [opened, setOpened] = useState<Calendar | 'new'>()
  useShortcut('n', t('new'), t('title'), () => setOpened('new'), { on: mayEdit })
  const add = mayEdit && (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpened('new')}>
      {t('new')}
    </Button>
  )
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Loaded from={calendars}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconCalendarTime size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <Rows items={items} onOpen={mayEdit ? setOpened : undefined} />
          )
        }
      </Loaded>
      {mayEdit && <Archived />}
      {opened && <CalendarSheet {...(opened === 'new' ? {} : { row: opened })} onClose={() => setOpened(undefined)} />}
    </Page>
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

/** Stands there only when there are any. */
function Archived() {
  const t = useTexts(calendarTexts)
  const calendars = useCall('GET /api/calendars', { query: { archived: 'true' as never } })
  const restore = useSend('POST /api/calendars/:id/restore', {
    renews: ['GET /api/calendars'],
    onDone: ({ name }) => void toast(t('restored', { name })),
    onProblem: toastProblem,
  })
  const items = calendars.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title={t('archived')}>
      {items.map((row) => (
        <div key={row.id} className={styles.line}>
          <span className="grow">{row.name}</span>
          <Button
            icon={<IconArchiveOff size={16} />}
            aria-label={`${t('restore')}: ${row.name}`}
            onClick={() => restore.mutate({ params: { id: row.id } })}
          >
            {t('restore')}
          </Button>
        </div>
      ))}
    </Section>
  )
}
