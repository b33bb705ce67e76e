import { useMemo } from 'react'
import { useCall } from '../../kernel/query.ts'

/** Who is away right now, by person, with their last day: for the lists to choose a colleague from. */
export function useAway(): ReadonlyMap<string, string> {
  const { data } = useCall('GET /api/absences', {}, { staleTime: 300_000 })
  return useMemo(() => new Map(data?.items.filter((one) => one.now).map((one) => [one.person.id, one.toOn])), [data])
}
