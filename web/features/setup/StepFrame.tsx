import type { ReactNode } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './SetUp.module.css'
import { setUpTexts } from './texts.ts'

export type Walk = { onBack: (() => void) | undefined; onNext: () => void }

/** A step: what it is, why it is asked, and the way on. */
export function StepFrame({ title, why, children }: { title: string; why: string; children: ReactNode }) {
  return (
    <>
      <header>
        <h1>{title}</h1>
        <p className={styles.why}>{why}</p>
      </header>
      {children}
    </>
  )
}

type WaysProps = { walk: Walk; main?: ReactNode; skip?: string }
/** Back, skip (with what it means), and the main button last. */
export function Ways({ walk, main, skip }: WaysProps) {
  const t = useTexts(setUpTexts)
  return (
    <footer className={styles.ways}>
      {skip && <p className="dim small">{skip}</p>}
      <div className={styles.wayButtons}>
        {walk.onBack && (
          <Button look="plain" size="sm" onClick={walk.onBack}>
            {t('back')}
          </Button>
        )}
        <span className="grow" />
        {skip && (
          <Button size="sm" onClick={walk.onNext}>
            {t('skip')}
          </Button>
        )}
        {main}
      </div>
    </footer>
  )
}
