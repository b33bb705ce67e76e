import { useTexts } from '../../kernel/i18n.ts'
import styles from './Transfer.module.css'
import { transferTexts } from './texts.ts'

const steps = ['stepSource', 'stepMapping', 'stepCheck', 'stepImport'] as const

/** Where in the wizard one is; a number, a word, and for readers the current one. */
export function Steps({ now }: { now: 0 | 1 | 2 | 3 }) {
  const t = useTexts(transferTexts)
  return (
    <ol className={styles.steps} aria-label={t('steps')}>
      {steps.map((step, i) => (
        <li key={step} data-now={i === now || undefined} data-done={i < now || undefined} aria-current={i === now ? 'step' : undefined}>
          <span aria-hidden="true">{i + 1}</span>
          {t(step)}
        </li>
      ))}
    </ol>
  )
}
