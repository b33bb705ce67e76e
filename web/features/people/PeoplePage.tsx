import { IconDownload, IconPlus, IconUsers } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { PersonRow } from '../../../contract/people.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useCall, useEndless } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField, SwitchField } from '../../ui/Fields.tsx'
import { Filters, SearchField } from '../../ui/Filters.tsx'
import { Badge, PersonName } from '../../ui/Marks.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { exportPeople } from './export.ts'
import styles from './People.module.css'
import { PersonSheet } from './PersonSheet.tsx'
import { OrganisationPick, optionOf } from './picks.tsx'
import { peopleTexts } from './texts.ts'
import { useOrganisationWords } from './words.ts'

const importCommand = 'npm run firstline -- people import people.csv'
type Search = { q?: string; organisation?: string; who?: 'staff' | 'requesters'; archived?: true }

export function PeoplePage() {
  const t = useTexts(peopleTexts)
  const search: Search = useSearch({ from: '/staff/people' })
  const navigate = useNavigate({ from: '/people' })
  const mayEdit = useMay('person.edit')
  const [adding, setAdding] = useState(false)
  const query = queryOf(search)
  const people = useEndless('GET /api/people', { query }, { keep: true })
  const columns = useColumns()
  const filtered = Object.keys(search).length > 0
  useShortcut('n', t('newPerson'), t('people'), () => setAdding(true), { on: mayEdit })
  const narrow = (change: { [K in keyof Search]?: Search[K] | undefined }) =>
    void navigate({ search: (now: Search) => clean({ ...now, ...change }), replace: true })
  return (
    <Page
      title={t('people')}
      lead={t('lead')}
      actions={
        <>
          <Button icon={<IconDownload size={16} />} onClick={() => void exportPeople(query)}>
            {t('exportCsv')}
          </Button>
          {mayEdit && (
            <Button look="main" icon={<IconPlus size={16} />} onClick={() => setAdding(true)} keys="n">
              {t('newPerson')}
            </Button>
          )}
        </>
      }
    >
      <PeopleFilters search={search} narrow={narrow} />
      <Loaded from={{ data: people.items, error: people.error, refetch: people.refetch }}>
        {(rows) =>
          rows.length > 0 ? (
            <Table
              label={t('people')}
              columns={columns}
              rows={rows}
              keyOf={(p) => p.id}
              to={(p) => `/people/${p.id}`}
              more={{ has: people.hasNextPage, busy: people.isFetchingNextPage, load: people.more }}
            />
          ) : filtered ? (
            <EmptyState
              icon={<IconUsers size={24} />}
              title={t('noneFound')}
              text={t('noneFoundText')}
              action={<Button onClick={() => void navigate({ search: {} })}>{t('clearFilters')}</Button>}
            />
          ) : (
            <EmptyState icon={<IconUsers size={24} />} title={t('none')} text={t('noneText')} />
          )
        }
      </Loaded>
      {mayEdit && !filtered && (
        <Section title={t('importTitle')} lead={t('importText')}>
          <code className={styles.command}>{importCommand}</code>
        </Section>
      )}
      {adding && (
        <PersonSheet
          onClose={() => setAdding(false)}
          onSaved={(person) => void navigate({ to: '/people/$personId', params: { personId: person.id } })}
        />
      )}
    </Page>
  )
}

const queryOf = ({ q, organisation, who, archived }: Search) => ({
  ...(q ? { q } : {}),
  ...(organisation ? { organisationId: organisation } : {}),
  ...(who ? { staff: who === 'staff' } : {}),
  archived: archived === true,
})
const clean = (search: { [K in keyof Search]?: Search[K] | undefined }) =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value)) as Search

function PeopleFilters({ search, narrow }: { search: Search; narrow: (change: { [K in keyof Search]?: Search[K] | undefined }) => void }) {
  const t = useTexts(peopleTexts)
  const words = useOrganisationWords()
  const chosen = useCall(
    'GET /api/organisations/:id',
    { params: { id: search.organisation ?? '' } },
    { enabled: search.organisation !== undefined },
  )
  return (
    <Filters>
      <SearchField
        key={search.q ? undefined : 'empty'}
        label={t('find')}
        value={search.q ?? ''}
        onChange={(q) => narrow({ q: q || undefined })}
      />
      <OrganisationPick
        key={`${search.organisation ?? ''}${chosen.data?.name ?? ''}`}
        label={words('one')}
        placeholder={t('all')}
        value={search.organisation ? optionOf(chosen.data ?? { id: search.organisation, name: '…' }) : null}
        onChange={(picked) => narrow({ organisation: picked?.value })}
      />
      <ChoiceField
        label={t('who')}
        size="sm"
        value={search.who ?? 'all'}
        options={[
          { value: 'all', label: t('anyone') },
          { value: 'staff', label: t('staff') },
          { value: 'requesters', label: t('requesters') },
        ]}
        onChange={(who) => narrow({ who: who === 'all' ? undefined : who })}
      />
      <SwitchField
        label={t('showArchived')}
        checked={search.archived === true}
        onChange={(e) => narrow({ archived: e.currentTarget.checked || undefined })}
      />
    </Filters>
  )
}

/** One line a row: what is too long ends in dots and stands whole on hover. */
const Clip = ({ text }: { text: string }) => (
  <span className={styles.clip} title={text}>
    {text}
  </span>
)

function useColumns(): Column<PersonRow>[] {
  const t = useTexts(peopleTexts)
  const words = useOrganisationWords()
  return [
    { key: 'name', title: t('name'), phone: 'main', cell: (p) => <PersonName person={p} special={p.specialHandling} /> },
    { key: 'email', title: t('email'), cell: (p) => (p.email ? <Clip text={p.email} /> : <span className="dim">{t('noEmail')}</span>) },
    { key: 'organisation', title: words('one'), cell: (p) => p.organisation && <Clip text={p.organisation.name} /> },
    { key: 'department', title: t('department'), cell: (p) => p.department && <Clip text={p.department} /> },
    {
      key: 'kind',
      title: t('role'),
      width: '120px',
      phone: 'hide',
      cell: (p) => (
        <span className="row">
          {p.staff && <Badge tone="info">{t('staff')}</Badge>}
          {p.archived && <Badge>{t('archived')}</Badge>}
        </span>
      ),
    },
  ]
}
