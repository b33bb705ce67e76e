import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { problemIn } from '../kernel/call.ts'
import { useTexts } from '../kernel/i18n.ts'
import { problemText } from '../kernel/problem-texts.ts'
import { Button } from './Button.tsx'
import styles from './States.module.css'
import { uiTexts } from './texts.ts'

/** Nothing here yet: what this is for, and the first step. */
/** `alone`: the page holds nothing else, so its title is the page's. */
export function EmptyState({
  icon,
  title,
  text,
  action,
  alone,
}: {
  icon?: ReactNode
  title: string
  text?: string
  action?: ReactNode
  alone?: boolean
}) {
  const Title = alone ? 'h1' : 'h2'
  return (
    <div className={styles.state}>
      {icon && <div className={styles.icon}>{icon}</div>}
      <Title>{title}</Title>
      {text && <p>{text}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}

/** What happened and what to do. */
export function ErrorState({ cause, onRetry }: { cause: unknown; onRetry?: () => void }) {
  const t = useTexts(uiTexts)
  const id = problemIn(cause)?.requestId
  return (
    <div className={styles.state} role="alert">
      <div className={styles.icon} data-bad>
        <IconAlertTriangle size={24} />
      </div>
      <h2>{t('wrongTitle')}</h2>
      <p>{problemText(cause)}</p>
      {onRetry && (
        <div className={styles.action}>
          <Button onClick={onRetry}>{t('retry')}</Button>
        </div>
      )}
      {id && <p className="small">{t('requestId', { id })}</p>}
    </div>
  )
}

/** True once something took longer than 150 ms: what is quicker shall not flicker. */
export function useSlow(waiting = true): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!waiting) return setSlow(false)
    const timer = setTimeout(() => setSlow(true), 150)
    return () => clearTimeout(timer)
  }, [waiting])
  return slow && waiting
}

/** Grey rows where content will stand. */
export function Loading({ rows = 6, height = 40 }: { rows?: number; height?: number }) {
  const t = useTexts(uiTexts)
  const slow = useSlow()
  return (
    <div className={styles.loading} role="status">
      <span className="unseen">{t('loading')}</span>
      {slow &&
        Array.from({ length: rows }, (_, i) => i).map((i) => (
          <div key={i} className={styles.bone} style={{ height, opacity: 1 - i / (rows + 1) }} />
        ))}
    </div>
  )
}

export type Shown<T> = { data: T | undefined; error: unknown; refetch?: () => unknown }
/** The three states of a read in one place: waiting, failed, there. */
export function Loaded<T>({ from, rows, children }: { from: Shown<T>; rows?: number; children: (value: T) => ReactNode }) {
  if (from.data !== undefined) return <>{children(from.data)}</>
  if (from.error) return <ErrorState cause={from.error} {...(from.refetch ? { onRetry: () => void from.refetch?.() } : {})} />
  return <Loading {...(rows ? { rows } : {})} />
}
