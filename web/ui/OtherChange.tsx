import { useState } from 'react'
import { problemIn } from '../kernel/call.ts'
import type { useForm } from '../kernel/forms.ts'
import { useTexts } from '../kernel/i18n.ts'
import { Button } from './Button.tsx'
import styles from './OtherChange.module.css'
import { uiTexts } from './texts.ts'

/**
 * Two people change the same thing. The second is refused (409) and told what is stored now. Fields that only the other
 * touched are taken over; where both did, the form shows theirs beside yours and either may win. Saving again sends the
 * version that was seen here, so a third change is refused once more.
 */
type Values = Record<string, unknown>
type Form<V extends Values> = Pick<ReturnType<typeof useForm<V>>, 'values' | 'set' | 'take'>
type Versioned = { version: number }
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

type Props<V extends Values> = {
  change: { theirs: V | undefined; clashes: readonly (keyof V & string)[]; settle: (name: string) => void }
  form: Form<V>
  labels: Record<string, string>
}
export function OtherChange<V extends Values>({ change: { theirs, clashes, settle }, form, labels }: Props<V>) {
  const t = useTexts(uiTexts)
  if (!theirs) return null
  return (
    <div className={styles.box} role="alert">
      <strong>{t('otherTitle')}</strong>
      <p>{t(clashes.length > 0 ? 'otherText' : 'otherMerged')}</p>
      {clashes.map((name) => (
        <div key={name} className={styles.field}>
          <span className={styles.name}>{labels[name] ?? name}</span>
          <span className="dim">{t('theirs')}</span>
          <span className={styles.value}>
            <Value of={theirs[name]} />
          </span>
          <span className="dim">{t('yours')}</span>
          <span className={styles.value}>
            <Value of={form.values[name]} />
          </span>
          <span className={styles.take}>
            <Button
              onClick={() => {
                form.set(name, theirs[name])
                settle(name)
              }}
            >
              {t('takeTheirs')}
            </Button>
          </span>
        </div>
      ))}
    </div>
  )
}

function Value({ of }: { of: unknown }) {
  const t = useTexts(uiTexts)
  const say = (value: unknown): string => {
    if (value === null || value === undefined || value === '') return ''
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
    if (Array.isArray(value)) return value.map(say).filter(Boolean).join(', ')
    if (typeof value === 'object') return 'label' in value ? String(value.label) : Object.values(value).map(say).filter(Boolean).join(' / ')
    return String(value)
  }
  return say(of) || <em className="dim">{t('nothing')}</em>
}

/** Only what differs from what is stored: the history then names the fields that really changed. */
export function changesOf<B extends Values>(before: B, after: B): Partial<B> {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !same(before[name], value))) as Partial<B>
}
