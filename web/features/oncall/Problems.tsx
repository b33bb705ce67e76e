import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RotaProblem } from '../../../contract/oncall.ts'
import { useTexts } from '../../kernel/i18n.ts'
import styles from './OnCall.module.css'
import { oncallTexts } from './texts.ts'
import { useProblemWords, useWhen } from './words.ts'

/** Holes and double bookings, the next first. `named`: of several rotas. */
export function Problems({ items, named = false, timeZone }: { items: readonly RotaProblem[]; named?: boolean; timeZone?: string }) {
  const t = useTexts(oncallTexts)
  const words = useProblemWords()
  const when = useWhen(timeZone)
  if (items.length === 0) return <p className={styles.dim}>{t('problemsNone')}</p>
  return (
    <ul className={styles.lines}>
      {grouped(items).map(({ one, more }) => (
        <li key={`${one.rota.id}${one.kind}${one.from}${one.person?.id}`} className={styles.line}>
          <IconAlertTriangle size={16} color="var(--warn)" aria-hidden="true" />
          {named && (
            <Link to={'/on-call/$rotaId' as never} params={{ rotaId: one.rota.id } as never} className={styles.lineWho}>
              {one.rota.name}
            </Link>
          )}
          <span className={styles.grow}>{words(one)}</span>
          <span className={styles.dim}>
            {t('span', { from: when(one.from), to: when(one.to) })}
            {more > 0 && ` ${t('andMore', { count: more })}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** What is wrong night after night is one line. */
function grouped(items: readonly RotaProblem[]): { one: RotaProblem; more: number }[] {
  const found = new Map<string, { one: RotaProblem; more: number }>()
  for (const one of items) {
    const key = [one.rota.id, one.kind, one.person?.id, one.otherRota?.id].join()
    const known = found.get(key)
    if (known) known.more += 1
    else found.set(key, { one, more: 0 })
  }
  return [...found.values()]
}
