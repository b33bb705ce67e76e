import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import type { FigureKey } from '../../../contract/figures.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { FigureDetail } from './FigureDetail.tsx'
import { FigureFilters, type Search, useFilter } from './FigureFilters.tsx'
import styles from './Figures.module.css'
import { FigureTile } from './FigureTile.tsx'
import { figureTexts } from './texts.ts'

/** The figures of a time beside the time before; one of them with its formula, its days and its tickets. */
export function FiguresPage() {
  const t = useTexts(figureTexts)
  const formats = useFormats()
  const { figure: chosen } = useSearch({ strict: false }) as Search
  const filter = useFilter()
  const figures = useCall('GET /api/figures', { query: filter }, { keep: true })
  const definitions = useCall('GET /api/figures/definitions', {}, { staleTime: 3_600_000 })
  const data = figures.data && definitions.data ? { ...figures.data, definitions: definitions.data.items } : undefined
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
      <FigureFilters aboutPeople={figures.data?.aboutPeople ?? false} />
      <Loaded
        from={{ data, error: figures.error ?? definitions.error, refetch: () => Promise.all([figures.refetch(), definitions.refetch()]) }}
        rows={6}
      >
        {({ items, definitions: known, before, asOf, timeZone }) => {
          const one = items.find(({ key }) => key === (chosen as FigureKey))
          const definition = known.find(({ key }) => key === one?.key)
          const noon = (day: string) => formats.date(`${day}T12:00:00`)
          return (
            <>
              {one && definition ? (
                <FigureDetail figure={one} definition={definition} filter={filter} />
              ) : (
                <div className={styles.tiles}>
                  {known.map((about) => {
                    const figure = items.find(({ key }) => key === about.key)
                    return figure && <FigureTile key={about.key} figure={figure} definition={about} />
                  })}
                </div>
              )}
              <p className="dim small">
                {asOf === null ? t('counting') : t('asOf', { time: formats.dateTime(asOf), zone: timeZone })}{' '}
                {t('beforeWhen', { from: noon(before.from), to: noon(before.to) })}
              </p>
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
