import { IconArrowLeft, IconDownload, IconTicket } from '@tabler/icons-react'
import { Link, useSearch } from '@tanstack/react-router'
import type { Figure, FigureDefinition } from '../../../contract/figures.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { useAmounts } from './amounts.ts'
import { type Filter, type Search, useGo } from './FigureFilters.tsx'
import { FigureRows } from './FigureRows.tsx'
import { FigureSplit } from './FigureSplit.tsx'
import styles from './Figures.module.css'
import { Amount, FigureChart, LeftOut } from './FigureTile.tsx'
import { figureTexts } from './texts.ts'

type Props = { figure: Figure; definition: FigureDefinition; filter: Filter }

/** How one figure is worked out, its days as numbers, and the tickets that it is made of. */
export function FigureDetail({ figure, definition, filter }: Props) {
  const t = useTexts(figureTexts)
  const facts = [
    ['formula', definition.formula],
    ['population', definition.population],
    ['clock', definition.clock],
    ['exclusions', definition.exclusions],
  ] as const
  return (
    <>
      <Link
        to={'/figures' as never}
        search={((old: Search) => ({ ...old, figure: undefined, which: undefined })) as never}
        className={styles.back}
      >
        <IconArrowLeft size={14} aria-hidden="true" />
        {t('back')}
      </Link>
      <Section title={definition.name}>
        <div className={styles.detail}>
          <div className="stack">
            <div>
              <Amount figure={figure} definition={definition} />
              <LeftOut figure={figure} />
            </div>
            <FigureChart figure={figure} definition={definition} height={160} />
          </div>
          <dl className={styles.facts}>
            {facts.map(([name, text]) => (
              <div key={name}>
                <dt>{t(name)}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </div>
        <details className={styles.perDay}>
          <summary>{t('perDay')}</summary>
          <Days figure={figure} definition={definition} />
        </details>
      </Section>
      <FigureSplit definition={definition} filter={filter} />
      <Rows figure={figure} definition={definition} filter={filter} />
    </>
  )
}

function Days({ figure, definition }: Omit<Props, 'filter'>) {
  const t = useTexts(figureTexts)
  const formats = useFormats()
  const { write } = useAmounts()
  type Day = Figure['days'][number]
  const columns: Column<Day>[] = [
    { key: 'day', title: t('day'), cell: (day) => formats.date(`${day.day}T12:00:00`), phone: 'main' },
    { key: 'value', title: t('value'), cell: (day) => write(definition.unit, day.value), end: true },
    ...(definition.unit === 'tickets' ? [] : [{ key: 'of', title: t('ofDay'), cell: (day: Day) => day.count, end: true }]),
    ...(figure.key === 'open' ? [{ key: 'held', title: t('setAside'), cell: (day: Day) => day.held ?? '', end: true }] : []),
  ]
  return <Table label={t('perDay')} columns={columns} rows={figure.days.toReversed()} keyOf={(day) => day.day} />
}

function Rows({ figure, definition, filter }: Props) {
  const t = useTexts(figureTexts)
  const go = useGo()
  const { which: asked } = useSearch({ strict: false }) as Search
  const which = definition.unit === 'share' && asked === 'part' ? 'part' : 'all'
  const query = { ...filter, which } as const
  const rows = useEndless('GET /api/figures/:key/rows', { params: { key: figure.key }, query }, { keep: true })
  const file = `/api/figures/${figure.key}/csv?${new URLSearchParams(query as Record<string, string>)}`
  return (
    <Section
      title={t('rows')}
      actions={
        <div className={styles.actions}>
          {definition.unit === 'share' && (
            <ChoiceField
              hideLabel
              label={t('which')}
              value={which}
              onChange={(next: string) => go({ which: next })}
              options={(['all', 'part'] as const).map((value) => ({ value, label: t(`which-${value}`) }))}
            />
          )}
          <Button icon={<IconDownload size={16} />} onClick={() => location.assign(file)}>
            {t('csv')}
          </Button>
        </div>
      }
    >
      <Loaded from={{ data: rows.items, error: rows.error, refetch: rows.refetch }}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={<IconTicket size={24} />} title={t('emptyTitle')} text={t('emptyText')} />
          ) : (
            <FigureRows
              definition={definition}
              rows={items}
              more={{ has: rows.hasNextPage, busy: rows.isFetchingNextPage, load: rows.more }}
            />
          )
        }
      </Loaded>
    </Section>
  )
}
