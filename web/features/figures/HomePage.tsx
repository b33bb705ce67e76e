import { IconArrowRight, IconCoffee } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { NextItem, Why } from '../../../contract/figures.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay, useMe } from '../../kernel/session.ts'
import { PriorityMark, StatusBadge } from '../../ui/Marks.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { Page, Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { Exceptions } from './Exceptions.tsx'
import styles from './Home.module.css'
import { homeTexts } from './home-texts.ts'
import { LastWeek } from './LastWeek.tsx'

const HomeHoles = lazy(async () => ({ default: (await import('../oncall/HomeHoles.tsx')).HomeHoles }))

/** What is next for me, and for who leads what needs a hand; both are lists that one can act on. */
export function HomePage() {
  const t = useTexts(homeTexts)
  const leads = useMay('figure.see')
  const name = useMe().name.split(' ')[0] ?? ''
  return (
    <Page title={t('title')} lead={t('hello', { name })}>
      <div className={styles.home} data-alone={!leads || undefined}>
        <MyNext />
        {leads && (
          <div className="stack">
            <Exceptions />
            <Suspense fallback={null}>
              <HomeHoles />
            </Suspense>
            <LastWeek />
          </div>
        )}
      </div>
    </Page>
  )
}

function MyNext() {
  const t = useTexts(homeTexts)
  const narrow = useNarrow()
  const next = useCall('GET /api/home/next', {}, { keep: true, refetchInterval: 60_000 })
  return (
    <Section title={t('next')} lead={narrow ? t('nextLead') : `${t('nextLead')} ${t('nextKeys')}`}>
      <Loaded from={{ data: next.data, error: next.error, refetch: next.refetch }}>
        {({ items, more }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconCoffee size={24} />} title={t('emptyTitle')} text={t('emptyText')} />
          ) : (
            <>
              <NextList items={items} />
              {more && <p className="dim small">{t('nextMore')}</p>}
            </>
          )
        }
      </Loaded>
      <Link to="/tickets" search={{} as never} className={styles.on}>
        {t('allTickets')}
        <IconArrowRight size={14} aria-hidden="true" />
      </Link>
    </Section>
  )
}

function NextList({ items }: { items: NextItem[] }) {
  const t = useTexts(homeTexts)
  const navigate = useNavigate()
  const [at, setAt] = useState(0)
  const list = useRef<HTMLOListElement>(null)
  const place = Math.min(at, items.length - 1)
  const moved = useRef(false)
  const go = (by: number) => {
    moved.current = true
    setAt(Math.max(0, Math.min(items.length - 1, place + by)))
  }
  useEffect(() => {
    if (moved.current) list.current?.querySelectorAll('a')[place]?.focus()
  }, [place])
  useShortcut('j', t('down'), t('goList'), () => go(moved.current ? 1 : 0))
  useShortcut('k', t('up'), t('goList'), () => go(-1))
  useShortcut('o', t('open'), t('goList'), () => {
    const id = items[place]?.ticket.id
    if (id) void navigate({ to: '/tickets/$ticketId', params: { ticketId: id }, search: {} as never })
  })
  return (
    <ol className={styles.next} ref={list}>
      {items.map(({ ticket, why }) => (
        <li key={ticket.id}>
          <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }} search={{} as never} className={styles.item}>
            <span className={styles.subject} data-unread={ticket.unread || undefined}>
              {ticket.subject}
            </span>
            <span className={styles.why} data-late={why[0]?.code === 'late' || why[0]?.code === 'target-late' || undefined}>
              {why.map((one) => (
                <span key={one.code}>
                  <WhyWords why={one} />
                </span>
              ))}
            </span>
            <span className={styles.meta}>
              <PriorityMark priority={ticket.priority} words />
              <StatusBadge meaning={ticket.status.meaning} name={ticket.status.name} bare />
              <span>#{ticket.number}</span>
              <span className="truncate">{[ticket.requester.name, ticket.organisation?.name].filter(Boolean).join(' · ')}</span>
            </span>
          </Link>
        </li>
      ))}
    </ol>
  )
}

function WhyWords({ why: { code, at, title, hours } }: { why: Why }) {
  const t = useTexts(homeTexts)
  const formats = useFormats()
  switch (code) {
    case 'waits':
    case 'late':
      return t(`why-${code}`, { time: formats.since(at ?? ''), hours: hours ?? 0 })
    case 'task':
      return t('why-task', { time: formats.relative(at ?? ''), title: title ?? '' })
    case 'target':
    case 'target-late':
    case 'mentioned':
    case 'came-back':
      return t(`why-${code}`, { time: formats.relative(at ?? '') })
    default:
      return t(`why-${code}`)
  }
}
