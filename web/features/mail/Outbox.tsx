import { IconSend } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { OutboxRow } from '../../../contract/mail.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { SelectField } from '../../ui/Fields.tsx'
import { Filters } from '../../ui/Filters.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { HeldBar } from './HeldBar.tsx'
import styles from './Mail.module.css'
import { OutboxSheet } from './OutboxSheet.tsx'
import { OutboxState, states } from './OutboxState.tsx'
import { mailTexts } from './texts.ts'

export function Outbox() {
  const t = useTexts(mailTexts)
  const search = useSearch({ from: '/staff/mail' })
  const navigate = useNavigate({ from: '/mail' })
  const state = states.find((one) => one === search.state)
  const found = useEndless('GET /api/mail/outbox', { query: state ? { state } : {} }, { keep: true })
  const [open, setOpen] = useState<string>()
  const columns = useColumns()
  return (
    <div className={styles.stack}>
      <Filters>
        <SelectField
          label={t('state')}
          placeholder={t('all')}
          clearable
          value={state ?? null}
          options={states.map((value) => ({ value, label: t(value) }))}
          onChange={(next) => void navigate({ search: { tab: 'outbox', ...(next ? { state: next } : {}) }, replace: true })}
        />
      </Filters>
      <HeldBar />
      <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }}>
        {(rows) => {
          const shown = rows.find((row) => row.id === open)
          return (
            <>
              {rows.length === 0 ? (
                <EmptyState
                  icon={<IconSend size={24} />}
                  title={state ? t('noneFound') : t('noOutbox')}
                  text={state ? t('noneFoundText') : t('noOutboxText')}
                />
              ) : (
                <Table
                  label={t('outbox')}
                  columns={columns}
                  rows={rows}
                  keyOf={(row) => row.id}
                  onOpen={(row) => setOpen(row.id)}
                  more={{ has: found.hasNextPage, busy: found.isFetchingNextPage, load: found.more }}
                />
              )}
              {shown && <OutboxSheet mail={shown} onClose={() => setOpen(undefined)} />}
            </>
          )
        }}
      </Loaded>
    </div>
  )
}

function useColumns(): Column<OutboxRow>[] {
  const t = useTexts(mailTexts)
  return [
    { key: 'subject', title: t('subject'), phone: 'main', cell: (row) => row.subject || <span className="dim">{t('noSubject')}</span> },
    {
      key: 'to',
      title: t('to'),
      cell: (row) => (
        <span className={styles.clip} title={row.recipients.map((one) => one.address).join(', ')}>
          {row.recipients[0]?.address}
          {row.recipients.length > 1 && <span className="dim"> +{row.recipients.length - 1}</span>}
        </span>
      ),
    },
    { key: 'kind', title: t('kind'), phone: 'hide', width: '104px', cell: (row) => lookUp(mailTexts, row.kind) ?? row.kind },
    {
      key: 'state',
      title: t('state'),
      cell: (row) => (
        <span className={styles.reason}>
          <OutboxState state={row.state} />
          {row.state !== 'sent' && row.lastAnswer && <span className="dim small">{row.lastAnswer}</span>}
        </span>
      ),
    },
    {
      key: 'ticket',
      title: t('ticket'),
      width: '80px',
      cell: (row) =>
        row.ticketId && (
          <Link to="/tickets/$ticketId" params={{ ticketId: row.ticketId }}>
            #{row.ticketId}
          </Link>
        ),
    },
    {
      key: 'at',
      title: t('time'),
      width: '96px',
      end: true,
      cell: (row) => (
        <span className="dim">
          <TimeAgo at={row.sentAt ?? row.createdAt} look="brief" />
        </span>
      ),
    },
  ]
}
