import { IconBuilding, IconPlus } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { OrganisationRow } from '../../../contract/people.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useEndless } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { Filters, SearchField } from '../../ui/Filters.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { Unfinished } from '../customers/Unfinished.tsx'
import { organisationTexts } from './organisation-texts.ts'
import { useOrganisationWords } from './words.ts'

type Search = { q?: string; archived?: true }

export function OrganisationsPage() {
  const t = useTexts(organisationTexts)
  const words = useOrganisationWords()
  const { q, archived }: Search = useSearch({ from: '/staff/organisations' })
  const navigate = useNavigate({ from: '/organisations' })
  const mayEdit = useMay('organisation.edit')
  const found = useEndless('GET /api/organisations', { query: { ...(q ? { q } : {}), archived: archived === true } }, { keep: true })
  const columns = useColumns()
  const filtered = q !== undefined || archived === true
  const begin = () => void navigate({ to: '/organisations/new' })
  useShortcut('n', words('new'), words('title'), begin, { on: mayEdit })
  const add = mayEdit && (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={begin}>
      {words('new')}
    </Button>
  )
  return (
    <Page title={words('title')} lead={words('lead')} actions={add}>
      {mayEdit && <Unfinished />}
      <Filters>
        <SearchField
          label={t('find')}
          value={q ?? ''}
          onChange={(typed) =>
            void navigate({ search: { ...(typed ? { q: typed } : {}), ...(archived ? { archived } : {}) }, replace: true })
          }
        />
        <SwitchField
          label={t('showArchived')}
          checked={archived === true}
          onChange={(e) =>
            void navigate({
              search: { ...(q ? { q } : {}), ...(e.currentTarget.checked ? { archived: true as const } : {}) },
              replace: true,
            })
          }
        />
      </Filters>
      <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }}>
        {(rows) =>
          rows.length > 0 ? (
            <Table
              label={words('title')}
              columns={columns}
              rows={rows}
              keyOf={(o) => o.id}
              to={(o) => `/organisations/${o.id}`}
              more={{ has: found.hasNextPage, busy: found.isFetchingNextPage, load: found.more }}
            />
          ) : (
            <EmptyState
              icon={<IconBuilding size={24} />}
              title={filtered ? t('noneFound') : words('none')}
              text={filtered ? t('noneFoundText') : words('noneText')}
            />
          )
        }
      </Loaded>
    </Page>
  )
}

function useColumns(): Column<OrganisationRow>[] {
  const t = useTexts(organisationTexts)
  const formats = useFormats()
  return [
    {
      key: 'name',
      title: t('name'),
      phone: 'main',
      cell: (o) => (
        <span className="row">
          <span className="truncate">{o.name}</span>
          {o.archived && <Badge>{t('archived')}</Badge>}
        </span>
      ),
    },
    {
      key: 'domains',
      title: t('domains'),
      cell: (o) => (
        <span className="dim">{o.domains.slice(0, 3).join(', ') + (o.domains.length > 3 ? ` +${o.domains.length - 3}` : '')}</span>
      ),
    },
    { key: 'people', title: t('people'), end: true, width: '100px', cell: (o) => formats.number(o.people) },
    { key: 'open', title: t('open'), end: true, width: '120px', cell: (o) => formats.number(o.openTickets) },
  ]
}
