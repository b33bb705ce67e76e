import { useQueries } from '@tanstack/react-query'
import { queryOf, useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'
import { ManyPickField } from '../../ui/ManyPickField.tsx'
import { useOrganisations } from './picks.tsx'

/** Fields that choose several people, organisations or sites, and name those that were kept by their ids. */
type ManyPick = {
  label: string
  hint?: string
  'aria-label'?: string
  error?: string | undefined
  value: readonly Option[]
  onChange: (picked: Option[]) => void
  always?: readonly Option[]
}

const named = (found: readonly ({ id: string; name: string } | undefined)[]) =>
  new Map(found.flatMap((one) => (one ? [[one.id, one.name] as const] : [])))
const kept = { staleTime: 300_000 }
function usePeopleNames(ids: readonly string[]) {
  return named(
    useQueries({ queries: ids.map((id) => ({ ...queryOf('GET /api/people/:id', { params: { id } }), ...kept })) }).map((one) => one.data),
  )
}
function useOrganisationNames(ids: readonly string[]) {
  return named(
    useQueries({ queries: ids.map((id) => ({ ...queryOf('GET /api/organisations/:id', { params: { id } }), ...kept })) }).map(
      (one) => one.data,
    ),
  )
}
const siteLabel = (site: { name: string; organisation: { name: string } }) => `${site.organisation.name}, ${site.name}`
/** By their names alone: there is little room for addresses. */
function useColleagues(typed: string) {
  const { data, isFetching } = useCall('GET /api/people', { query: { q: typed, staff: 'true', limit: 20 } }, { keep: true })
  return { options: data?.items.map(({ id, name }) => ({ value: id, label: name })), searching: isFetching }
}
function useSites(typed: string) {
  const { data, isFetching } = useCall('GET /api/sites', { query: { q: typed } }, { keep: true })
  return { options: data?.items.map((site) => ({ value: site.id, label: siteLabel(site) })), searching: isFetching }
}
function useSiteNames(ids: readonly string[]) {
  const { data } = useCall('GET /api/sites', { query: { ids: ids.join(',') } as never }, { ...kept, enabled: ids.length > 0 })
  return new Map(data?.items.map((site) => [site.id, siteLabel(site)]))
}

export const ManyColleagues = (props: ManyPick) => <ManyPickField useOptions={useColleagues} useNames={usePeopleNames} {...props} />
export const ManyOrganisations = (props: ManyPick) => (
  <ManyPickField useOptions={useOrganisations} useNames={useOrganisationNames} {...props} />
)
export const ManySites = (props: ManyPick) => <ManyPickField useOptions={useSites} useNames={useSiteNames} {...props} />
