import { IconAlertTriangle, IconRadar2 } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Issue, IssueState } from '../../../contract/radar.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useEndless } from '../../kernel/query.ts'
import { Chart } from '../../ui/Chart.tsx'
import { ChoiceField } from '../../ui/Fields.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import styles from './Radar.module.css'
import { radarTexts } from './texts.ts'
import { nameOf, useCost } from './words.ts'

type State = IssueState | 'all'
type Order = 'tickets' | 'minutes' | 'last'
const states = ['new', 'watching', 'explained', 'done', 'all'] as const

/** What comes again and again, with how often, whom it meets and what it costs. */
export function RadarPage() {
  const t = useTexts(radarTexts)
  const formats = useFormats()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { state?: State; order?: Order }
  const state = search.state ?? 'new'
  const order = search.order ?? 'tickets'
  const go = (next: { state?: State; order?: Order }) => void navigate({ search: { ...search, ...next } as never })
  const found = useEndless('GET /api/radar', { query: { state, order, limit: 30 } }, { keep: true })
  const { data } = useCall('GET /api/radar', { query: { state, order, limit: 1 } }, { staleTime: 300_000 })
  return (
    <Page title={t('title')} lead={t('lead')}>
      <div className={styles.bars}>
        <ChoiceField
          hideLabel
          label={t('state')}
          value={state}
          onChange={(next: State) => go({ state: next })}
          options={states.map((value) => ({ value, label: t(value) }))}
        />
        <ChoiceField
          hideLabel
          label={t('order')}
          value={order}
          onChange={(next: Order) => go({ order: next })}
          options={(['tickets', 'minutes', 'last'] as const).map((value) => ({ value, label: t(`by-${value}`) }))}
        />
        {data?.collectedAt && <span className={styles.collected}>{t('collected', { when: formats.relative(data.collectedAt) })}</span>}
      </div>
      <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={<IconRadar2 size={24} />} title={t('emptyTitle')} text={t('emptyText')} />
          ) : (
            <ul className={styles.list}>
              {items.map((issue) => (
                <Row key={issue.id} issue={issue} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <MoreRows has={found.hasNextPage} busy={found.isFetchingNextPage} load={found.more} />
    </Page>
  )
}

function Row({ issue }: { issue: Issue }) {
  const t = useTexts(radarTexts)
  const cost = useCost()
  return (
    <li>
      <Link to={'/radar/$issueId' as never} params={{ issueId: issue.id } as never} className={styles.row}>
        <span className={styles.count}>{issue.tickets}</span>
        <span className="grow">
          <span className={styles.name}>{nameOf(issue)}</span>
          {issue.burst && (
            <span className={styles.warn}>
              <IconAlertTriangle size={14} aria-hidden="true" />
              {t('burst', { count: issue.burst.tickets })}
            </span>
          )}
          <IssueFacts issue={issue} />
          <span className={styles.meta}>
            <span className={styles.subject}>{issue.subject}</span>
          </span>
        </span>
        <span className={styles.side}>
          <Spark weeks={issue.weeks} />
          <span>{t(issue.trend)}</span>
          <span>{cost(issue)}</span>
        </span>
      </Link>
    </li>
  )
}

export function IssueFacts({ issue }: { issue: Issue }) {
  const t = useTexts(radarTexts)
  const formats = useFormats()
  const [first, last] = [formats.day(issue.firstAt), formats.day(issue.lastAt)]
  return (
    <span className={styles.meta}>
      <span>{t(`kind-${issue.kind}`)}</span>
      {issue.open > 0 && <span>{t('open', { count: issue.open })}</span>}
      {issue.kind !== 'person' && <span>{t('people', { count: issue.people })}</span>}
      {issue.organisations > 1 && <span>{t('organisations', { count: issue.organisations })}</span>}
      <span>{first === last ? first : t('since', { first, last })}</span>
      {issue.cameBack && <span>{t('cameBack')}</span>}
    </span>
  )
}

/** The same small, to see at a glance where it goes; the words beside it say it too. */
function Spark({ weeks }: { weeks: readonly number[] }) {
  const most = Math.max(...weeks, 1)
  return (
    <svg className={styles.spark} viewBox="0 0 78 20" aria-hidden="true">
      {weeks.map((count, n) => {
        const height = count === 0 ? 1 : 3 + (17 * count) / most
        // biome-ignore lint/suspicious/noArrayIndexKey: a week has nothing but its place
        return <rect key={n} x={n * 6} y={20 - height} width="5" height={height} rx="1" data-none={count === 0 || undefined} />
      })}
    </svg>
  )
}

const week = 7 * 86_400_000
export function Weeks({ issue, height }: { issue: Issue; height: number }) {
  const t = useTexts(radarTexts)
  const formats = useFormats()
  const points = issue.weeks.map((value, n) => ({
    name: t('week', { day: formats.day(new Date(Date.now() - (13 - n) * week).toISOString()) }),
    value,
  }))
  return <Chart label={t('chart')} points={points} look="bars" write={(value) => t('tickets', { count: value })} height={height} />
}
