import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { SelectField, TextField } from '../../ui/Fields.tsx'
import { OrganisationPick, PersonPick } from '../people/picks.tsx'
import { viewTexts } from '../views/texts.ts'
import { spanNamed, spans } from './amounts.ts'
import styles from './Figures.module.css'
import { figureTexts } from './texts.ts'

const names = ['from', 'to', 'team', 'organisation', 'kind', 'priority', 'channel', 'person'] as const
export type Search = { figure?: string; which?: string; by?: string } & { [N in (typeof names)[number]]?: string } & {
  organisationName?: string
  personName?: string
}
export type Filter = { from: string; to: string } & { [N in Exclude<(typeof names)[number], 'from' | 'to'>]?: never }

/** What the address says, as the calls take it. */
export function useFilter(): Filter {
  const search = useSearch({ strict: false }) as Search
  const usual = spanNamed('28')
  return { ...usual, ...Object.fromEntries(names.flatMap((name) => (search[name] ? [[name, search[name]]] : []))) } as Filter
}

export function useGo(): (next: Partial<Record<keyof Search, string | undefined>>) => void {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  return (next) => {
    const merged = Object.fromEntries(Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined && value !== ''))
    void navigate({ search: merged as never, replace: true })
  }
}

const channels = ['mail', 'portal', 'phone', 'counter', 'chat', 'api', 'monitoring'] as const

export function FigureFilters({ aboutPeople }: { aboutPeople: boolean }) {
  const t = useTexts(figureTexts)
  const v = useTexts(viewTexts)
  const search = useSearch({ strict: false }) as Search
  const go = useGo()
  const { from, to } = useFilter()
  const customers = useCompany()?.supports === 'customers'
  const teams = useCall('GET /api/teams', {}, { staleTime: 300_000 }).data?.items ?? []
  const span = spans.find((name) => spanNamed(name).from === from && spanNamed(name).to === to) ?? 'own'
  const all = { value: '', label: t('all') }
  const choice = (name: 'team' | 'kind' | 'priority' | 'channel', options: { value: string; label: string }[]) => (
    <SelectField
      label={t(name)}
      value={search[name] ?? ''}
      onChange={(value: string) => go({ [name]: value })}
      options={[all, ...options]}
    />
  )
  const day = (field: 'from' | 'to', value: string) => ({
    type: 'date',
    value,
    onChange: (event: { currentTarget: { value: string } }) => event.currentTarget.value && go({ [field]: event.currentTarget.value }),
  })
  return (
    <search className={styles.filters}>
      <SelectField
        label={t('span')}
        value={span}
        onChange={(name: string) => name !== 'own' && go(spanNamed(name as (typeof spans)[number]))}
        options={[...spans, ...(span === 'own' ? (['own'] as const) : [])].map((value) => ({ value, label: t(`span-${value}`) }))}
      />
      <TextField label={t('from')} max={to} {...day('from', from)} />
      <TextField label={t('to')} min={from} {...day('to', to)} />
      {choice(
        'team',
        teams.map((team) => ({ value: team.id, label: team.name })),
      )}
      <OrganisationPick
        label={t(customers ? 'customer' : 'organisation')}
        placeholder={t('all')}
        value={search.organisation ? { value: search.organisation, label: search.organisationName ?? '' } : null}
        onChange={(picked) => go({ organisation: picked?.value, organisationName: picked?.label })}
      />
      {choice(
        'kind',
        (['incident', 'request'] as const).map((value) => ({ value, label: v(value) })),
      )}
      {choice(
        'priority',
        ['1', '2', '3', '4', '5'].map((value) => ({ value, label: value })),
      )}
      {choice(
        'channel',
        channels.map((value) => ({ value, label: v(`c.${value}`) })),
      )}
      {aboutPeople && (
        <PersonPick
          staff
          label={t('person')}
          placeholder={t('all')}
          value={search.person ? { value: search.person, label: search.personName ?? '' } : null}
          onChange={(picked) => go({ person: picked?.value, personName: picked?.label })}
        />
      )}
    </search>
  )
}
