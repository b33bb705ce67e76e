import { useTexts } from '../kernel/i18n.ts'
import type { Form, Labels, Other, Values } from '../kernel/other-change.ts'
import { Button } from './Button.tsx'
import styles from './OtherChange.module.css'
import { uiTexts } from './texts.ts'

type Props<V extends Values> = { labels: Labels; form: Form<V>; change: Other<V> }
/** What somebody else stored meanwhile, beside what stands here. */
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
