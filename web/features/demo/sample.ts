import type { Query } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { DemoThing } from '../../../contract/demo.ts'
import { type Answer, call } from '../../kernel/call.ts'
import { keyOf, queries, useCall } from '../../kernel/query.ts'
import { toastProblem } from '../../ui/Toast.tsx'

/** What the browser knows of the sample company. It is asked every few seconds: the script runs on by itself. */
export type Sample = Answer<'GET /api/demo'>
export const useSample = () => useCall('GET /api/demo', {}, { refetchInterval: 8000, staleTime: 4000 })

/** Becomes another of the six and goes on there; the whole page is read anew, so that nothing of the first stays. */
export async function become(card: string, to = '/'): Promise<void> {
  try {
    await call('POST /api/sign-in/demo', { body: { card } })
    location.assign(to)
  } catch (cause) {
    toastProblem(cause)
  }
}

/** Tells that one of the five was tried; those that leave a trace of their own the server sees by itself. */
export async function tried(key: DemoThing['key']): Promise<void> {
  const told = await call('POST /api/demo/things/:key', { params: { key } }).catch(() => undefined)
  if (told) queries.setQueryData<Sample>(keyOf('GET /api/demo'), (sample) => sample && { ...sample, things: told.things })
}

export const putScript = (script: Sample['script']): void => {
  queries.setQueryData<Sample>(keyOf('GET /api/demo'), (sample) => sample && { ...sample, script })
}

const traces: Record<string, DemoThing['key']> = { 'GET /api/search': 'find', 'GET /api/mail/journal': 'journal' }

/** Who searches, or reads the journal, has tried it, whichever way they came there. */
export function useNoticing(sample: Sample | undefined): void {
  const left = sample?.things.filter((thing) => !thing.done).map((thing) => thing.key)
  const missing = left?.join(' ') ?? ''
  useEffect(() => {
    const open = new Set(missing.split(' '))
    const look = ({ queryKey, state }: Query) => {
      const key = state.status === 'success' ? traces[String(queryKey[0])] : undefined
      if (key && open.delete(key)) void tried(key)
    }
    // The page may have been answered before this bar stood.
    for (const query of queries.getQueryCache().getAll()) look(query)
    return queries.getQueryCache().subscribe(({ query }) => look(query))
  }, [missing])
}
