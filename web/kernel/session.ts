import { useQuery } from '@tanstack/react-query'
import type { Right } from '../../contract/rights.ts'
import type { Answer } from './call.ts'
import { queries, queryOf } from './query.ts'

/** Who is signed in, and how this desk is called. Rights are for showing and hiding only: the server decides. */
export type Me = Answer<'GET /api/me'>
export type Company = Answer<'GET /api/company'>
export const meQuery = { ...queryOf('GET /api/me'), staleTime: 60_000, retry: false as const }
export const companyQuery = { ...queryOf('GET /api/company'), staleTime: 300_000 }

/** Inside the staff app and the portal there always is somebody: their routes load it first. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (!data) throw new Error('useMe() belongs to screens behind the sign-in.')
  return data
}
export const useCompany = (): Company | undefined => useQuery(companyQuery).data
export const useMay = (right: Right): boolean => useMe().rights.includes(right)
export const forgetSession = (): void => queries.clear()
