import type { FigureDefinition, FigureRow } from '../../../contract/figures.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { PriorityMark } from '../../ui/Marks.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { slaTexts } from '../sla/texts.ts'
import { useAmounts } from './amounts.ts'
import { figureTexts } from './texts.ts'

type Props = {
  definition: FigureDefinition
  rows: readonly FigureRow[]
  more: { has: boolean; busy: boolean; load: () => void }
}

/** The tickets behind a figure, each with what it adds to it. */
export function FigureRows({ definition, rows, more }: Props) {
  const t = useTexts(figureTexts)
  const formats = useFormats()
  const own = useOwnColumns(definition)
  const team: Column<FigureRow> = { key: 'team', title: t('team'), cell: (row) => row.team?.name ?? '', width: '12%' }
  const priority: Column<FigureRow> = {
    key: 'priority',
    title: t('priority'),
    cell: (row) => <PriorityMark priority={row.ticket.priority} words />,
    width: '110px',
  }
  const columns: Column<FigureRow>[] = [
    { key: 'ticket', title: t('ticket'), cell: (row) => `#${row.ticket.number} ${row.ticket.subject}`, phone: 'main' },
    { key: 'organisation', title: t('organisation'), cell: (row) => row.organisation?.name ?? '', width: '16%' },
    ...(ofTargets(definition.key) ? [] : [team, priority]),
    { key: 'when', title: t('when'), cell: (row) => formats.dateTime(row.at), width: '160px' },
    ...own,
  ]
  return (
    <Table label={t('rows')} columns={columns} rows={rows} keyOf={(row) => row.id} to={(row) => `/tickets/${row.ticket.id}`} more={more} />
  )
}

/** They have so much of their own that the ticket would have no room. */
const ofTargets = (key: FigureDefinition['key']) => key.startsWith('target-') || key === 'missed'

/** What only figures of this sort have. */
function useOwnColumns({ key, unit }: FigureDefinition): Column<FigureRow>[] {
  const t = useTexts(figureTexts)
  const names = useTexts(slaTexts)
  const { write } = useAmounts()
  const time = (
    name: string,
    title: string,
    as: FigureDefinition['unit'],
    of: (row: FigureRow) => number | null | undefined,
  ): Column<FigureRow> => ({
    key: name,
    title,
    cell: (row) => write(as, of(row) ?? null),
    width: '110px',
    end: true,
  })
  const counts: Column<FigureRow> = { key: 'counts', title: t('counts'), cell: (row) => t(row.counts ? 'yes' : 'no'), width: '80px' }
  if (ofTargets(key))
    return [
      ...(key === 'missed'
        ? [
            {
              key: 'target',
              title: t('target'),
              cell: (row: FigureRow) => (row.promise ? names(row.promise.target) : ''),
              width: '120px',
            },
          ]
        : []),
      time('used', t('used'), 'working', (row) => row.promise?.usedSeconds),
      time('paused', t('paused'), 'working', (row) => row.promise?.pausedSeconds),
      ...(unit === 'share' ? [{ ...counts, title: t('met') }] : []),
      ...(key === 'missed' ? [{ key: 'cause', title: t('cause'), cell: (row: FigureRow) => row.promise?.cause ?? '', width: '14%' }] : []),
    ]
  if (unit === 'duration' || unit === 'working') return [time('duration', t('duration'), unit, (row) => row.seconds)]
  if (unit === 'number') return [{ key: 'number', title: t('number'), cell: (row) => row.number ?? '', width: '90px', end: true }]
  if (unit !== 'share') return []
  return [
    counts,
    ...(key === 'satisfaction'
      ? [{ key: 'score', title: t('score'), cell: (row: FigureRow) => row.score ?? '', width: '80px', end: true }]
      : []),
  ]
}
