import { IconMailOff, IconMailOpened } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { JournalRow } from '../../../contract/mail.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { SelectField } from '../../ui/Fields.tsx'
import { Filters, SearchField } from '../../ui/Filters.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { JournalSheet } from './JournalSheet.tsx'
import styles from './Mail.module.css'
import { useReason } from './reason.ts'
import { mailTexts } from './texts.ts'
import { type Verdict, VerdictBadge, verdicts } from './Verdict.tsx'

type Search = { tab?: string; q?: string; verdict?: string; mailbox?: string; entry?: string }

/** Every mail that came in, newest first, with its one verdict. The open entry has an address of its own. */
export function Journal() {
  const t = useTexts(mailTexts)
  const search: Search = useSearch({ from: '/staff/mail' })
  const navigate = useNavigate({ from: '/mail' })
  const verdict = verdicts.find((one) => one === search.verdict)
  const query = {
    ...(search.q ? wanted(search.q) : {}),
    ...(verdict ? { verdict } : {}),
    ...(search.mailbox ? { mailboxId: search.mailbox } : {}),
  }
  const found = useEndless('GET /api/mail/journal', { query }, { keep: true })
  const filtered = Object.keys(query).length > 0
  const columns = useColumns()
  const set = (change: { [K in keyof Search]?: Search[K] | undefined }, replace = true) =>
    void navigate({
      search: (now: Search) => Object.fromEntries(Object.entries({ ...now, ...change }).filter(([, value]) => value)) as Search,
      replace,
    })
  return (
    <div className={styles.stack}>
      <JournalFilters search={search} verdict={verdict} set={set} />
      <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }}>
        {(rows) =>
          rows.length > 0 ? (
            <Table
              label={t('journal')}
              columns={columns}
              rows={rows}
              keyOf={(row) => row.id}
              onOpen={(row) => set({ entry: row.id }, false)}
              more={{ has: found.hasNextPage, busy: found.isFetchingNextPage, load: found.more }}
            />
          ) : filtered ? (
            <EmptyState
              icon={<IconMailOff size={24} />}
              title={t('noneFound')}
              text={t('noneFoundText')}
              action={<Button onClick={() => void navigate({ search: {} })}>{t('clearFilters')}</Button>}
            />
          ) : (
            <EmptyState
              icon={<IconMailOpened size={24} />}
              title={t('noMail')}
              text={t('noMailText')}
              action={<Button onClick={() => void navigate({ search: { tab: 'mailboxes' } })}>{t('toMailboxes')}</Button>}
            />
          )
        }
      </Loaded>
      {search.entry && <JournalSheet id={search.entry} onClose={() => set({ entry: undefined })} />}
    </div>
  )
}

/** A Message-ID as mail programs copy it, in angle brackets, is looked up exactly. */
const wanted = (q: string) => (/^<[^<>\s]+@[^<>\s]+>$/.test(q) ? { messageId: q } : { q })

function JournalFilters({
  search,
  verdict,
  set,
}: {
  search: Search
  verdict: Verdict | undefined
  set: (change: { [K in keyof Search]?: Search[K] | undefined }) => void
}) {
  const t = useTexts(mailTexts)
  const mailboxes = useCall('GET /api/mailboxes').data?.items ?? []
  return (
    <Filters>
      <SearchField
        key={search.q ? undefined : 'empty'}
        label={t('find')}
        value={search.q ?? ''}
        onChange={(q) => set({ q: q || undefined })}
      />
      <SelectField
        label={t('verdict')}
        value={verdict ?? null}
        placeholder={t('all')}
        clearable
        options={verdicts.map((value) => ({ value, label: t(value) }))}
        onChange={(picked) => set({ verdict: picked ?? undefined })}
      />
      {mailboxes.length > 1 && (
        <SelectField
          label={t('mailbox')}
          value={search.mailbox ?? null}
          placeholder={t('all')}
          clearable
          options={mailboxes.map((m) => ({ value: m.id, label: m.name }))}
          onChange={(picked) => set({ mailbox: picked ?? undefined })}
        />
      )}
    </Filters>
  )
}

function useColumns(): Column<JournalRow>[] {
  const t = useTexts(mailTexts)
  const reasonOf = useReason()
  return [
    { key: 'subject', title: t('subject'), phone: 'main', cell: (row) => row.subject || <span className="dim">{t('noSubject')}</span> },
    { key: 'from', title: t('from'), cell: (row) => <Sender from={row.from} /> },
    {
      key: 'verdict',
      title: t('what'),
      width: '38%',
      cell: (row) => (
        <span className={styles.reason}>
          <VerdictBadge verdict={row.verdict} />
          {row.ticketId && (
            <Link to="/tickets/$ticketId" params={{ ticketId: row.ticketId }}>
              #{row.ticketId}
            </Link>
          )}
          <span className="dim small">{reasonOf(row)}</span>
        </span>
      ),
    },
    {
      key: 'at',
      title: t('received'),
      width: '96px',
      end: true,
      cell: (row) => (
        <span className="dim">
          <TimeAgo at={row.receivedAt} look="brief" />
        </span>
      ),
    },
  ]
}

function Sender({ from: { name, email } }: { from: JournalRow['from'] }) {
  const t = useTexts(mailTexts)
  if (!name && !email) return <span className="dim">{t('unknownSender')}</span>
  return (
    <span className={styles.clip} title={[name, email].filter(Boolean).join(' · ')}>
      {name || email}
    </span>
  )
}
