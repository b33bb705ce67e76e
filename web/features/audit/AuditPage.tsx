import { IconHistory, IconHistoryOff } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { AuditEntry } from '../../../contract/audit.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { SelectField, TextField } from '../../ui/Fields.tsx'
import { Filters } from '../../ui/Filters.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { optionOf, PersonPick } from '../people/picks.tsx'
import styles from './Audit.module.css'
import { eventName } from './event-words.ts'
import { auditTexts } from './texts.ts'

const areas = ['tickets', 'people', 'access', 'mail', 'rules', 'system'] as const
type Search = { area?: string; who?: string; from?: string; until?: string }

/** The history of the whole desk, newest first. */
export function AuditPage() {
  const t = useTexts(auditTexts)
  const formats = useFormats()
  const search: Search = useSearch({ from: '/staff/audit' })
  const navigate = useNavigate({ from: '/audit' })
  const query = queryOf(search)
  const found = useEndless('GET /api/audit', { query }, { keep: true })
  const columns = useColumns()
  const filtered = Object.keys(query).length > 0
  const lookedBackTo = found.data?.pages.at(-1)?.lookedBackTo
  const set = (change: { [K in keyof Search]?: Search[K] | undefined }) =>
    void navigate({
      search: (now: Search) => Object.fromEntries(Object.entries({ ...now, ...change }).filter(([, value]) => value)) as Search,
      replace: true,
    })
  const further = found.hasNextPage && lookedBackTo && (
    <p className={styles.further}>
      <span className="dim small">{t('lookedBack', { time: formats.dateTime(lookedBackTo) })}</span>
      <Button busy={found.isFetchingNextPage} onClick={found.more}>
        {t('further')}
      </Button>
    </p>
  )
  return (
    <Page title={t('title')} lead={t('lead')}>
      <AuditFilters search={search} set={set} />
      <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }}>
        {(rows) =>
          rows.length > 0 ? (
            <>
              <Table label={t('title')} columns={columns} rows={rows} keyOf={(row) => row.id} />
              {further}
            </>
          ) : further ? (
            further
          ) : filtered ? (
            <EmptyState
              icon={<IconHistoryOff size={24} />}
              title={t('noneFound')}
              text={t('noneFoundText')}
              action={<Button onClick={() => void navigate({ search: {} })}>{t('clearFilters')}</Button>}
            />
          ) : (
            <EmptyState icon={<IconHistory size={24} />} title={t('none')} text={t('noneText')} />
          )
        }
      </Loaded>
    </Page>
  )
}

/** A day is the reader's own; `until` includes it. */
const midnight = (day: string, plus = 0) => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + plus).toISOString()
}
const isDay = (text: string | undefined): text is string => text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text)

function queryOf({ area, who, from, until }: Search) {
  const known = areas.find((one) => one === area)
  return {
    ...(known ? { area: known } : {}),
    ...(who && /^\d+$/.test(who) ? { actorId: who } : {}),
    ...(isDay(from) ? { from: midnight(from) } : {}),
    ...(isDay(until) ? { until: midnight(until, 1) } : {}),
  }
}

function AuditFilters({ search, set }: { search: Search; set: (change: { [K in keyof Search]?: Search[K] | undefined }) => void }) {
  const t = useTexts(auditTexts)
  const person = useCall('GET /api/people/:id', { params: { id: search.who ?? '' } }, { enabled: search.who !== undefined })
  return (
    <Filters>
      <SelectField
        label={t('area')}
        value={areas.find((one) => one === search.area) ?? null}
        placeholder={t('all')}
        clearable
        options={areas.map((value) => ({ value, label: t(value) }))}
        onChange={(picked) => set({ area: picked ?? undefined })}
      />
      <PersonPick
        key={`${search.who ?? ''}${person.data?.name ?? ''}`}
        label={t('who')}
        placeholder={t('anyone')}
        value={search.who ? optionOf(person.data ?? { id: search.who, name: '…' }) : null}
        onChange={(picked) => set({ who: picked?.value })}
      />
      <TextField
        label={t('from')}
        type="date"
        value={search.from ?? ''}
        onChange={(e) => set({ from: e.currentTarget.value || undefined })}
      />
      <TextField
        label={t('until')}
        type="date"
        value={search.until ?? ''}
        onChange={(e) => set({ until: e.currentTarget.value || undefined })}
      />
    </Filters>
  )
}

function useColumns(): Column<AuditEntry>[] {
  const t = useTexts(auditTexts)
  const language = useLanguage()
  const formats = useFormats()
  return [
    { key: 'what', title: t('what'), phone: 'main', width: '22%', cell: (row) => eventName(row.type, language) },
    { key: 'about', title: t('about'), cell: (row) => <Subject row={row} /> },
    { key: 'who', title: t('who'), width: '18%', cell: (row) => <Who row={row} /> },
    { key: 'details', title: t('details'), phone: 'hide', cell: (row) => <Details of={row} /> },
    {
      key: 'when',
      title: t('when'),
      width: '150px',
      end: true,
      cell: (row) => <span className={styles.when}>{formats.dateTime(row.at)}</span>,
    },
  ]
}

function Subject({ row }: { row: AuditEntry }) {
  const { subject, ticketId } = row
  if (ticketId)
    return (
      <Link to="/tickets/$ticketId" params={{ ticketId }} className={styles.clip}>
        #{ticketId} {subject.name}
      </Link>
    )
  if (subject.kind === 'person')
    return (
      <Link to="/people/$personId" params={{ personId: subject.id }} className={styles.clip}>
        {subject.name}
      </Link>
    )
  return <span className={styles.clip}>{subject.name ?? ''}</span>
}

function Who({ row: { actor, onBehalfOf, rule } }: { row: AuditEntry }) {
  const t = useTexts(auditTexts)
  return (
    <span>
      {actor ? (
        <Link to="/people/$personId" params={{ personId: actor.id }} className={styles.who} title={actor.name}>
          {actor.name}
        </Link>
      ) : (
        <span className="dim">{t('program')}</span>
      )}
      {onBehalfOf && <span className="dim small"> {t('onBehalf', { name: onBehalfOf.name })}</span>}
      {rule && <span className="dim small"> {t('byRule', { rule })}</span>}
    </span>
  )
}

const Details = ({ of }: { of: AuditEntry }) => {
  const said = detailsOf(of.data)
  return (
    <span className={styles.details} title={said}>
      {said}
    </span>
  )
}

/** Codes and numbers as they were kept; what is empty says nothing, and ids that stand in the other columns neither. */
function detailsOf(data: AuditEntry['data']): string {
  const said = (value: unknown): string =>
    Array.isArray(value)
      ? value.map(said).join(' > ')
      : value !== null && typeof value === 'object'
        ? Object.entries(value)
            .map(([key, inner]) => `${key} ${said(inner)}`.trim())
            .join(', ')
        : value === null || value === undefined
          ? '–'
          : String(value)
  return Object.entries(data)
    .filter(([key, value]) => value !== null && value !== '' && !/(^id|Id|Ids)$/.test(key))
    .map(([key, value]) => (key === 'fields' && Array.isArray(value) ? value.join(', ') : `${key} ${said(value)}`))
    .join(' · ')
}
