import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { pagingTexts } from './setting-texts.ts'

/** Whom a step can ring, as choices: rotas first, then leads, then colleagues. */
export function useTargets(): { value: string; label: string }[] {
  const t = useTexts(pagingTexts)
  const rotas = useCall('GET /api/rotas').data?.items ?? []
  const teams = (useCall('GET /api/teams').data?.items ?? []).filter((one) => !one.archived)
  const people = useCall('GET /api/people', { query: { staff: 'true', limit: 200 } }).data?.items ?? []
  return [
    ...rotas.filter((one) => !one.archived).map((one) => ({ value: `rota:${one.id}`, label: t('rota', { name: one.name }) })),
    ...teams.map((one) => ({ value: `leads:${one.id}`, label: t('leads', { name: one.name }) })),
    ...people.map((one) => ({ value: `person:${one.id}`, label: one.name })),
  ]
}
