import { IconCalendar, IconMapPin } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Visit } from '../../../contract/visits.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField } from '../../ui/Fields.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { visitTexts } from './texts.ts'
import { VisitMark } from './VisitMark.tsx'
import styles from './Visits.module.css'
import { wallIn } from './wall.ts'
import { mapOf, useWindowWords } from './windows.ts'

const CalendarDialog = lazy(async () => ({ default: (await import('./CalendarDialog.tsx')).CalendarDialog }))

/** Who goes where: day by day, mine or everybody's. */
export function VisitsPage() {
  const t = useTexts(visitTexts)
  const search = useSearch({ strict: false }) as { whose?: 'all'; when?: 'past' }
  const navigate = useNavigate()
  const [calendar, setCalendar] = useState(false)
  const whose = search.whose ?? 'mine'
  const when = search.when ?? 'coming'
  const go = (next: { whose?: string; when?: string }) => {
    const to = { whose, when, ...next }
    void navigate({ search: { ...(to.whose === 'all' ? { whose: 'all' } : {}), ...(to.when === 'past' ? { when: 'past' } : {}) } as never })
  }
  const [midnight] = useState(() => new Date().setHours(0, 0, 0, 0))
  const from = new Date(when === 'past' ? midnight - 30 * 86_400_000 : midnight).toISOString()
  const until = when === 'past' ? { until: new Date(midnight).toISOString() } : {}
  const visits = useEndless('GET /api/visits', { query: { from, ...until, ...(whose === 'mine' ? { person: 'me' } : {}) } }, { keep: true })
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button icon={<IconCalendar size={16} />} onClick={() => setCalendar(true)}>
          {t('calendar')}
        </Button>
      }
    >
      <div className={styles.bars}>
        <ChoiceField
          hideLabel
          label={t('which')}
          value={whose}
          onChange={(next: string) => go({ whose: next })}
          options={[
            { value: 'mine', label: t('mine') },
            { value: 'all', label: t('all') },
          ]}
        />
        <ChoiceField
          hideLabel
          label={t('when')}
          value={when}
          onChange={(next: string) => go({ when: next })}
          options={[
            { value: 'coming', label: t('coming') },
            { value: 'past', label: t('past') },
          ]}
        />
      </div>
      <Loaded from={{ data: visits.items, error: visits.error, refetch: visits.refetch }}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={<IconCalendar size={24} />} title={t(whose === 'mine' ? 'emptyMine' : 'emptyAll')} text={t('emptyText')} />
          ) : (
            <Days items={items} />
          )
        }
      </Loaded>
      <MoreRows has={visits.hasNextPage} busy={visits.isFetchingNextPage} load={visits.more} />
      {calendar && (
        <Suspense fallback={null}>
          <CalendarDialog onClose={() => setCalendar(false)} />
        </Suspense>
      )}
    </Page>
  )
}

const dayOf = (visit: Visit) => wallIn(visit.startsAt, visit.timeZone).slice(0, 10)
const dayAfter = (days: number) => {
  const at = new Date()
  at.setDate(at.getDate() + days)
  return wallIn(at.getTime(), Intl.DateTimeFormat().resolvedOptions().timeZone).slice(0, 10)
}

function Days({ items }: { items: Visit[] }) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  const days = [...Map.groupBy(items, dayOf)]
  const named: Record<string, string> = { [dayAfter(0)]: t('today'), [dayAfter(1)]: t('tomorrow') }
  return days.map(([day, visits]) => (
    <section key={day} className={styles.day} aria-label={words.longDay(visits[0]!)}>
      <h2>
        {named[day] && <strong>{named[day]} </strong>}
        {words.longDay(visits[0]!)}
      </h2>
      <ul className={styles.list}>
        {visits.map((visit) => (
          <Row key={visit.id} visit={visit} />
        ))}
      </ul>
    </section>
  ))
}

function Row({ visit }: { visit: Visit }) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  const where = [visit.organisation?.name, visit.site?.name, visit.address.replace(/\n/g, ', ')].filter(Boolean).join(' · ')
  return (
    <li className={styles.row} data-over={['done', 'cancelled', 'not-met'].includes(visit.state) || undefined}>
      <span className={styles.hours}>{words.hours(visit)}</span>
      <div className={styles.body}>
        <Link to={'/visits/$visitId' as never} params={{ visitId: visit.id } as never} className={styles.what}>
          {visit.purpose}
        </Link>
        <span className={styles.about}>{where}</span>
        <span className={styles.about}>
          #{visit.ticket.number} · {visit.people.map((one) => one.name).join(', ')}
          {visit.declined && <span className={styles.declined}> · {t('declinedTitle')}</span>}
        </span>
      </div>
      <span className={styles.ends}>
        <VisitMark state={visit.state} />
        {visit.address !== '' && (
          <a className={styles.map} href={mapOf(visit.address)} target="_blank" rel="noreferrer noopener">
            <IconMapPin size={14} aria-hidden="true" /> {t('map')}
          </a>
        )}
      </span>
    </li>
  )
}
