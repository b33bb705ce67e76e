import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { said } from './words.ts'

/** What a field may be set to, as far as several of them ask for it. */
export function useTaskTemplates() {
  const language = useLanguage()
  const { data } = useCall('GET /api/task-templates', {}, { staleTime: 60_000 })
  return (data?.items ?? []).map((one) => ({ value: one.id, label: said(one.name, language) }))
}
export const useTeamOptions = () =>
  (useCall('GET /api/teams', {}, { staleTime: 60_000 }).data?.items ?? [])
    .filter((x) => !x.archived)
    .map((x) => ({ value: x.id, label: x.name }))
