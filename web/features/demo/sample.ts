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
