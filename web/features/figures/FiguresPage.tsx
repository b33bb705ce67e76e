import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import type { FigureDefinition } from '../../../contract/figures.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { FigureDetail } from './FigureDetail.tsx'
import { FigureFilters, type Filter, type Search, useFilter } from './FigureFilters.tsx'
import styles from './Figures.module.css'
import { FigureTile } from './FigureTile.tsx'
import { figureTexts } from './texts.ts'

/** The figures of a time beside the time before, in groups; one of them with its formula, its days, its parts and its tickets. */
export function FiguresPage() {
  const t = useTexts(figureTexts)
  const formats = useFormats()
  const { figure: chosen } = useSearch({ strict: false }) as Search
  const filter = useFilter()
  const definitions = useCall('GET /api/figures/definitions', {}, { staleTime: 3_600_000 })
  // The smallest question tells until when it was counted, and what it is compared with.
  const first = useCall('GET /api/figures', { query: { ...filter, keys: 'created' } }, { keep: true })
  const noon = (day: string) => formats.date(`${day}T12:00:00`)
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <div className={styles.actions}>
          <Button icon={<IconPrinter size={16} />} onClick={() => window.print()}>
            {t('print')}
          </Button>
          <Button
            icon={<IconDownload size={16} />}
            onClick={() => location.assign(`/api/figures/csv?${new URLSearchParams(filter as Record<string, string>)}`)}
          >
            {t('csv')}
          </Button>
        </div>
      }
    >
      <FigureFilters aboutPeople={first.data?.aboutPeople ?? false} />
      <Loaded from={{ data: definitions.data?.items, error: definitions.error, refetch: definitions.refetch }} rows={6}>
        {(known) => {
          const definition = known.find(({ key }) => key === chosen)
          if (definition) return <OneFigure definition={definition} filter={filter} />
          return (
            <div className={styles.groups}>
              {groups.map((group) => (
                <Group key={group} group={group} definitions={known.filter((one) => one.group === group)} filter={filter} />
              ))}
            </div>
          )
        }}
      </Loaded>
      {first.data && (
        <p className="dim small">
          {first.data.asOf === null ? t('counting') : t('asOf', { time: formats.dateTime(first.data.asOf), zone: first.data.timeZone })}{' '}
          {t('beforeWhen', { from: noon(first.data.before.from), to: noon(first.data.before.to) })}
        </p>
      )}
    </Page>
  )
}

const groups = ['flow', 'speed', 'targets', 'first', 'teams', 'quality'] as const
type Known = { definitions: readonly FigureDefinition[]; filter: Filter }

/** Each group is asked for on its own: the first stands while the others are still being counted. */
function Group({ group, definitions, filter }: Known & { group: (typeof groups)[number] }) {
  const t = useTexts(figureTexts)
  const keys = definitions.map(({ key }) => key).join(',')
  const figures = useCall('GET /api/figures', { query: { ...filter, keys } }, { keep: true })
  return (
    <section className={styles.group} aria-label={t(`group-${group}`)}>
      <h2>{t(`group-${group}`)}</h2>
      <Loaded from={{ data: figures.data?.items, error: figures.error, refetch: figures.refetch }} rows={2}>
        {(items) => (
          <div className={styles.tiles}>
            {definitions.map((about) => {
              const figure = items.find(({ key }) => key === about.key)
              return figure && <FigureTile key={about.key} figure={figure} definition={about} />
            })}
          </div>
        )}
      </Loaded>
    </section>
  )
}

function OneFigure({ definition, filter }: { definition: FigureDefinition; filter: Filter }) {
  const figures = useCall('GET /api/figures', { query: { ...filter, keys: definition.key } }, { keep: true })
  const figure = figures.data?.items.find(({ key }) => key === definition.key)
  return (
    <Loaded from={{ data: figure, error: figures.error, refetch: figures.refetch }} rows={6}>
      {(one) => <FigureDetail figure={one} definition={definition} filter={filter} />}
    </Loaded>
  )
}
