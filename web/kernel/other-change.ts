import { useState } from 'react'
import { problemIn } from './call.ts'
import type { useForm } from './forms.ts'

/**
 * Two people change the same thing. The second is refused (409) and told what is stored now. Fields that only the other
 * touched are taken over; where both did, the form shows theirs beside yours and either may win. Saving again sends the
 * version that was seen here, so a third change is refused once more.
 */
export type Values = Record<string, unknown>
export type Form<V extends Values> = Pick<ReturnType<typeof useForm<V>>, 'values' | 'set' | 'take'>
type Versioned = { version: number }
export type Labels = Record<string, string>
export type Other<V extends Values> = { theirs: V | undefined; clashes: readonly (keyof V & string)[]; settle: (name: string) => void }
const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

export function useOtherChange<R extends Versioned, V extends Values>(row: R | undefined, valuesOf: (row: R) => V, form: Form<V>) {
  const [other, setOther] = useState<R>()
  const [clashes, setClashes] = useState<(keyof V & string)[]>([])
  const take = (cause: unknown) => {
    const current = problemIn(cause)?.code === 'version_stale' ? (problemIn(cause)?.details.current as R | undefined) : undefined
    if (!current || !row) return form.take(cause)
    const before = valuesOf(other ?? row)
    const theirs = valuesOf(current)
    const touched = (Object.keys(theirs) as (keyof V & string)[]).filter((name) => !same(before[name], theirs[name]))
    const both = touched.filter((name) => !same(form.values[name], before[name]) && !same(form.values[name], theirs[name]))
    for (const name of touched) if (!both.includes(name)) form.set(name, theirs[name])
    setClashes(both)
    setOther(current)
  }
  return {
    version: (other ?? row)?.version ?? 0,
    stored: other ?? row,
    theirs: other && valuesOf(other),
    clashes,
    take,
    settle: (name: string) => setClashes((now) => now.filter((n) => n !== name)),
  }
}

/** Only what differs from what is stored: the history then names the fields that really changed. */
export function changesOf<B extends Values>(before: B, after: B): Partial<B> {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !same(before[name], value))) as Partial<B>
}
