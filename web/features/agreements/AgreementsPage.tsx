import { IconArrowUp, IconTarget } from '@tabler/icons-react'
import type { Agreement } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { ArchivedRecords, RecordsPage } from '../../ui/RecordsPage.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { AgreementSheet } from './AgreementSheet.tsx'
import styles from './Agreements.module.css'
import { Causes } from './Causes.tsx'
import { ruleTexts } from './rule-texts.ts'
import { agreementTexts } from './texts.ts'
import { goalsWords } from './words.ts'

const renews = ['GET /api/agreements'] as const

/** What is promised to whom, in the order in which it counts. */
export function AgreementsPage() {
  const t = useTexts(agreementTexts)
  return (
    <RecordsPage<Agreement>
      words={{ title: t('title'), lead: t('lead'), new: t('new'), none: t('none'), noneText: t('noneText') }}
      icon={<IconTarget size={24} />}
      from={useCall('GET /api/agreements')}
      mayEdit={useMay('setting.edit')}
      rows={(items, onOpen) => <Rows items={items} onOpen={onOpen} />}
      sheet={(row, onClose) => <AgreementSheet {...(row ? { row } : {})} onClose={onClose} />}
      archived={
        <>
          <Archived />
          <Causes />
        </>
      }
    />
  )
}

function Rows({ items, onOpen }: { items: readonly Agreement[]; onOpen: ((row: Agreement) => void) | undefined }) {
  const t = useTexts(agreementTexts)
  const order = useSend('PUT /api/agreements/order', { renews, onProblem: toastProblem })
  const up = (row: Agreement) => {
    const ids = items.map(({ id }) => id)
    const at = ids.indexOf(row.id)
    order.mutate({ body: { ids: [...ids.slice(0, at - 1), row.id, ids[at - 1]!, ...ids.slice(at + 1)] } })
  }
  return (
    <Table
      label={t('title')}
      rows={items}
      keyOf={(row) => row.id}
      {...(onOpen ? { onOpen } : {})}
      columns={[
        { key: 'name', title: t('name'), cell: (row) => <strong>{row.name}</strong>, phone: 'main', width: '18%' },
        { key: 'kind', title: t('kind'), cell: (row) => t(`kind.${row.kind}`), width: '14%' },
        { key: 'party', title: t('party'), cell: (row) => <Party row={row} />, width: '16%' },
        { key: 'rules', title: t('promises'), cell: (row) => <Promises row={row} /> },
        { key: 'state', title: t('state'), cell: (row) => <State row={row} />, width: '11%' },
        ...(onOpen
          ? [
              {
                key: 'up',
                title: t('order'),
                width: '90px',
                cell: (row: Agreement) =>
                  items[0]?.id === row.id ? null : (
                    <span className={styles.above}>
                      <IconButton label={t('up', { name: row.name })} icon={<IconArrowUp size={16} />} onClick={() => up(row)} />
                    </span>
                  ),
              },
            ]
          : []),
      ]}
    />
  )
}

function Party({ row: { kind, organisation, team, vendor } }: { row: Agreement }) {
  const t = useTexts(agreementTexts)
  if (kind === 'uc') return vendor
  if (kind === 'ola') return team?.name ?? ''
  return organisation?.name ?? <span className="dim">{t('everybody')}</span>
}

function Promises({ row }: { row: Agreement }) {
  const r = useTexts(ruleTexts)
  return (
    <div className={styles.promises}>
      {row.rules.map((rule) => (
        <div key={rule.key}>
          {rule.name}: <span className="dim">{goalsWords(rule.goals, r)}</span>
        </div>
      ))}
    </div>
  )
}

function State({ row }: { row: Agreement }) {
  const t = useTexts(agreementTexts)
  return row.active ? <span className="dim">{t('clocks', { count: row.openClocks })}</span> : <Badge tone="warn">{t('notActive')}</Badge>
}

function Archived() {
  const t = useTexts(agreementTexts)
  const { data } = useCall('GET /api/agreements', { query: { archived: 'true' as never } })
  const restore = useSend('POST /api/agreements/:id/restore', {
    renews,
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
