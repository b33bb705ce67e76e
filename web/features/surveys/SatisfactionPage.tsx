import { IconDownload, IconMoodSmile } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Survey } from '../../../contract/surveys.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useEndless } from '../../kernel/query.ts'
import { useCompany, useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { type Option, SelectField, TextField } from '../../ui/Fields.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { OrganisationPick, TeamPick } from '../people/picks.tsx'
import { Figures, FiguresTable } from './Figures.tsx'
import { ScoreMark } from './ScoreMark.tsx'
import styles from './Surveys.module.css'
import { surveyTexts } from './texts.ts'

const whichs = ['all', 'low', 'middle', 'good', 'commented'] as const
const tabs = ['answers', 'months', 'teams', 'organisations'] as const
type Search = { from?: string; to?: string; tab?: string; which?: string }

const dayOf = (at: number) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 10)

/** What people say: the figures of a time with their formula, and the answers behind them. No figure is about one agent. */
export function SatisfactionPage() {
  const t = useTexts(surveyTexts)
  const everything = useMay('survey.see')
  const customers = useCompany()?.supports === 'customers'
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const [team, setTeam] = useState<Option | null>(null)
  const [organisation, setOrganisation] = useState<Option | null>(null)
  const from = search.from ?? dayOf(Date.now() - 90 * 86_400_000)
  const to = search.to ?? dayOf(Date.now())
  const which = whichs.find((one) => one === search.which) ?? 'all'
  const tab = tabs.find((one) => one === search.tab) ?? 'answers'
  const span = { from, to, ...(team ? { team: team.value } : {}), ...(organisation ? { organisation: organisation.value } : {}) }
  const filter = { ...span, ...(which === 'all' ? {} : { which }) }
  const figures = useCall('GET /api/surveys/figures', { query: span }, { keep: true })
  const set = (next: Search) => void navigate({ search: { ...search, ...next } as never, replace: true })
  const day = (field: 'from' | 'to', value: string) => ({
    type: 'date',
    value,
    onChange: (event: { currentTarget: { value: string } }) => event.currentTarget.value && set({ [field]: event.currentTarget.value }),
  })
  return (
    <Page
      title={t('title')}
      lead={t(everything ? 'lead' : 'leadOwn')}
      actions={
        <Button icon={<IconDownload size={16} />} onClick={() => location.assign(`/api/surveys/csv?${new URLSearchParams(filter)}`)}>
          {t('csv')}
        </Button>
      }
    >
      <search className={styles.filters}>
        <TextField label={t('from')} max={to} {...day('from', from)} />
        <TextField label={t('to')} min={from} {...day('to', to)} />
        <TeamPick label={t('team')} placeholder={t('which-all')} value={team} onChange={setTeam} />
        <OrganisationPick
          label={t(customers ? 'customer' : 'organisation')}
          placeholder={t('which-all')}
          value={organisation}
          onChange={setOrganisation}
        />
      </search>
      <Loaded from={{ data: figures.data, error: figures.error, refetch: figures.refetch }} rows={2}>
        {({ total, months, teams, organisations }) => (
          <>
            <Figures total={total} />
            <Tabs
              label={t('title')}
              value={tab}
              onChange={(next) => set({ tab: next })}
              tabs={[
                {
                  value: 'answers',
                  label: t('answers'),
                  content: <Answers filter={filter} which={which} onWhich={(next) => set({ which: next })} />,
                },
                {
                  value: 'months',
                  label: t('months'),
                  content: <FiguresTable title={t('month')} rows={months.map((m) => ({ ...m, name: m.month }))} month />,
                },
                {
                  value: 'teams',
                  label: t('teams'),
                  content: <FiguresTable title={t('team')} rows={teams.map((x) => ({ ...x, name: x.of?.name ?? t('none') }))} />,
                },
                {
                  value: 'organisations',
                  label: t(customers ? 'customers' : 'organisations'),
                  content: (
                    <FiguresTable
                      title={t(customers ? 'customer' : 'organisation')}
                      rows={organisations.map((x) => ({ ...x, name: x.of?.name ?? t('none') }))}
                    />
                  ),
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

type Filter = { from: string; to: string; team?: string; organisation?: string; which?: Exclude<(typeof whichs)[number], 'all'> }

function Answers({ filter, which, onWhich }: { filter: Filter; which: (typeof whichs)[number]; onWhich: (next: string) => void }) {
  const t = useTexts(surveyTexts)
  const answers = useEndless('GET /api/surveys', { query: filter }, { keep: true })
  return (
    <div className="stack">
      <div className={styles.filters}>
        <SelectField
          label={t('which')}
          value={which}
          onChange={onWhich}
          options={whichs.map((value) => ({ value, label: t(`which-${value}`) }))}
        />
      </div>
      <Loaded from={{ data: answers.data, error: answers.error, refetch: answers.refetch }}>
        {(data) =>
          data.pages[0]?.items.length === 0 ? (
            <EmptyState icon={<IconMoodSmile size={24} />} title={t('emptyTitle')} text={t('emptyText')} />
          ) : (
            <Rows rows={answers.items ?? []} more={{ has: answers.hasNextPage, busy: answers.isFetchingNextPage, load: answers.more }} />
          )
        }
      </Loaded>
    </div>
  )
}

function Rows({ rows, more }: { rows: readonly Survey[]; more: { has: boolean; busy: boolean; load: () => void } }) {
  const t = useTexts(surveyTexts)
  const formats = useFormats()
  const columns: Column<Survey>[] = [
    { key: 'ticket', title: t('ticket'), cell: (s) => `#${s.ticket.number} ${s.ticket.subject}`, phone: 'main', width: '25%' },
    { key: 'score', title: t('score'), cell: (s) => s.score !== null && <ScoreMark score={s.score} />, width: '160px' },
    {
      key: 'comment',
      title: t('commentColumn'),
      cell: (s) => (
        <>
          <span className={styles.cut}>{s.comment}</span>
          {s.followUp && <span className="dim small">{t('followUp', { number: s.followUp.number })}</span>}
        </>
      ),
    },
    {
      key: 'person',
      title: t('person'),
      cell: (s) => (
        <>
          <span>{s.person.name}</span>
          <span className={styles.below}>{[s.organisation?.name, s.team?.name].filter(Boolean).join(' · ')}</span>
        </>
      ),
      width: '22%',
    },
    { key: 'when', title: t('when'), cell: (s) => (s.answeredAt ? formats.brief(s.answeredAt) : ''), width: '88px' },
  ]
  return <Table label={t('answers')} columns={columns} rows={rows} keyOf={(s) => s.id} to={(s) => `/tickets/${s.ticket.id}`} more={more} />
}
