import { useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'
import { PickField } from '../../ui/PickField.tsx'

/** Fields that choose a person, an organisation, a team: also for other features' screens. */
export type Pick = {
  label: string
  hint?: string | undefined
  error?: string | undefined
  value: Option | null
  onChange: (picked: Option | null) => void
  clearable?: boolean
  placeholder?: string
  autoFocus?: boolean
}
export const optionOf = (named: { id: string; name: string } | null | undefined): Option | null =>
  named ? { value: named.id, label: named.name } : null

function usePeople(typed: string, staff?: boolean) {
  const { data, isFetching } = useCall(
    'GET /api/people',
    { query: { q: typed, limit: 20, ...(staff === undefined ? {} : { staff: String(staff) as 'true' }) } },
    { keep: true },
  )
  return { options: data?.items.map((p) => ({ value: p.id, label: p.email ? `${p.name} (${p.email})` : p.name })), searching: isFetching }
}
const useAnybody = (typed: string) => usePeople(typed)
const useStaff = (typed: string) => usePeople(typed, true)
export const PersonPick = ({ staff = false, ...rest }: Pick & { staff?: boolean }) => (
  <PickField useOptions={staff ? useStaff : useAnybody} {...rest} />
)

export function useOrganisations(typed: string) {
  const { data, isFetching } = useCall('GET /api/organisations', { query: { q: typed, limit: 20 } }, { keep: true })
  return { options: data?.items.map((o) => ({ value: o.id, label: o.name })), searching: isFetching }
}
export const OrganisationPick = (props: Pick) => <PickField useOptions={useOrganisations} {...props} />

/** Teams are few: all come at once and are filtered here. */
function useTeams(typed: string) {
  const { data, isFetching } = useCall('GET /api/teams')
  const words = typed.toLowerCase()
  return {
    options: data?.items.filter((team) => team.name.toLowerCase().includes(words)).map((team) => ({ value: team.id, label: team.name })),
    searching: isFetching,
  }
}
export const TeamPick = (props: Pick) => <PickField useOptions={useTeams} {...props} />
