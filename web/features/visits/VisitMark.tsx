import type { VisitState } from '../../../contract/visits.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { visitTexts } from './texts.ts'
import styles from './Visits.module.css'

export function VisitMark({ state }: { state: VisitState }) {
  const t = useTexts(visitTexts)
  return (
    <span className={styles.mark} data-state={state}>
      {t(`state.${state}`)}
    </span>
  )
}
