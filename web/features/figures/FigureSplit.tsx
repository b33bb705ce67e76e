import { IconDownload } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import type { FigureDefinition, FigurePart, Split } from '../../../contract/figures.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { SelectField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { viewTexts } from '../views/texts.ts'
import { useAmounts } from './amounts.ts'
import { type Filter, type Search, useGo } from './FigureFilters.tsx'
import styles from './Figures.module.css'
import { figureTexts } from './texts.ts'

type Props = { definition: FigureDefinition; filter: Filter }

/** The figure split by what its tickets have: whose it is, and where it comes from. */
export function FigureSplit({ definition, filter }: Props) {
  const t = useTexts(figureTexts)
  const go = useGo()
  const { by: asked } = useSearch({ strict: false }) as Search
  const customers = useCompany()?.supports === 'customers'
  const by = definition.splits.find((one) => one === asked) ?? (definition.key === 'missed' ? 'cause' : 'team')
  const path = { key: definition.key, split: by }
  const found = useCall('GET /api/figures/:key/by/:split', { params: path, query: filter }, { keep: true })
  const file = `/api/figures/${definition.key}/by/${by}/csv?${new URLSearchParams(filter as Record<string, string>)}`
  return (
    <Section
      title={t('split')}
      actions={
        <div className={styles.actions}>
          <SelectField
            aria-label={t('splitBy')}
            label=""
            value={by}
            onChange={(next: string) => go({ by: next })}
            options={definition.splits.map((value) => ({ value, label: t(value === 'organisation' && customers ? 'customer' : value) }))}
          />
          <Button icon={<IconDownload size={16} />} onClick={() => location.assign(file)}>
            {t('csv')}
          </Button>
        </div>
      }
    >
      <Loaded from={{ data: found.data, error: found.error, refetch: found.refetch }} rows={3}>
        {({ items, more }) =>
          items.length === 0 ? (
            <p className="dim">{t('none')}</p>
          ) : (
            <>
              <Parts definition={definition} by={by} parts={items} />
              {more && <p className="dim small">{t('splitMore')}</p>}
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

function useNameOf(by: Split): (part: FigurePart) => string {
  const t = useTexts(figureTexts)
  const v = useTexts(viewTexts)
  return ({ key, name }) => {
    if (key === null) return t(by === 'cause' ? 'noCause' : 'noneOfIt')
    if (by === 'priority') return t('priorityOf', { priority: key })
    if (by === 'tier') return t('tierOf', { tier: key })
    if (by === 'kind') return v(key as 'incident')
    if (by === 'channel') return v(`c.${key}` as 'c.mail')
    return name ?? t('hidden')
  }
}

function Parts({ definition: { unit }, by, parts }: { definition: FigureDefinition; by: Split; parts: readonly FigurePart[] }) {
  const t = useTexts(figureTexts)
  const { write } = useAmounts()
  const isTime = unit === 'duration' || unit === 'working'
  const nameOf = useNameOf(by)
  const columns: Column<FigurePart>[] = [
    { key: 'name', title: t(by), cell: nameOf, phone: 'main' },
    {
      key: 'value',
      title: t(isTime ? 'median' : 'value'),
      cell: (part) => write(unit, part.value),
      width: '140px',
      end: true,
    },
    ...(isTime ? [{ key: 'mean', title: t('meanOf'), cell: (part: FigurePart) => write(unit, part.mean), width: '140px', end: true }] : []),
    ...(unit === 'share'
      ? [{ key: 'part', title: t('counts'), cell: (part: FigurePart) => part.part ?? 0, width: '100px', end: true }]
      : []),
    ...(unit === 'tickets' ? [] : [{ key: 'count', title: t('ofDay'), cell: (part: FigurePart) => part.count, width: '100px', end: true }]),
  ]
  return <Table label={t('split')} columns={columns} rows={parts} keyOf={(part) => part.key ?? ''} />
}
