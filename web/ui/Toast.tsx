import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import { type FocusEvent, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import { useShortcut } from '../kernel/keyboard.ts'
import { problemText } from '../kernel/problem-texts.ts'
import { IconButton } from './Button.tsx'
import { KeyHint } from './KeyHint.tsx'
import styles from './Toast.module.css'
import { uiTexts } from './texts.ts'

type Toast = { id: number; text: string; bad: boolean; until: number; undo?: () => void; action?: { label: string; run: () => void } }
type ToastOptions = { bad?: boolean; seconds?: number; undo?: () => void; action?: { label: string; run: () => void } }
let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()
const put = (next: readonly Toast[]) => {
  toasts = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** A short word at the foot of the screen; with `undo` it counts down while that is still possible. Returns how to take it away. */
export function toast(text: string, { bad = false, seconds = bad ? 10 : 5, ...rest }: ToastOptions = {}): () => void {
  const id = ++lastId
  const away = () => put(toasts.filter((t) => t.id !== id))
  put([...toasts.slice(-3), { id, text, bad, until: Date.now() + seconds * 1000, ...rest }])
  setTimeout(away, seconds * 1000)
  return away
}
/** For `onProblem`: says what was refused. */
export const toastProblem = (cause: unknown): void => void toast(problemText(cause), { bad: true })

export function Toasts() {
  const t = useTexts(uiTexts)
  const shown = useSyncExternalStore(subscribe, () => toasts)
  const undone = shown.findLast((one) => one.undo !== undefined)
  const from = useFocusBack(shown)
  useShortcut('alt+z', t('undo'), t('messages'), () => undone && takeBack(undone), { inFields: true, on: undone !== undefined })
  return (
    <section className={styles.toasts} aria-label={t('messages')} aria-live="polite" onFocus={from}>
      {shown.map((one) => (
        <ToastLine key={one.id} toast={one} />
      ))}
    </section>
  )
}

const takeBack = (one: Toast) => {
  put(toasts.filter((x) => x.id !== one.id))
  one.undo?.()
}

/** A word that goes while the focus is on it gives the focus back to where it came from. */
function useFocusBack(shown: readonly Toast[]) {
  const from = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is a word that went which matters
  useLayoutEffect(() => {
    if (from.current === null || document.activeElement !== document.body) return
    from.current.focus()
    from.current = null
  }, [shown])
  return (event: FocusEvent<HTMLElement>) => {
    const before = event.relatedTarget
    if (before instanceof HTMLElement && !event.currentTarget.contains(before)) from.current = before
  }
}

function ToastLine({ toast: one }: { toast: Toast }) {
  const t = useTexts(uiTexts)
  const left = useSecondsLeft(one.until, one.undo !== undefined)
  const away = () => put(toasts.filter((x) => x.id !== one.id))
  const act = (run: () => void) => () => {
    away()
    run()
  }
  return (
    <div className={styles.toast} data-bad={one.bad || undefined}>
      {one.bad ? <IconAlertTriangle size={16} /> : <IconCheck size={16} />}
      <span className="grow">{one.text}</span>
      {one.undo && (
        <button type="button" className={styles.action} onClick={act(one.undo)}>
          {/* The number changes every second: not for screen readers. */}
          <span className="unseen">{t('undo')}</span>
          <span aria-hidden="true">{t('undoIn', { count: left })}</span>
          <KeyHint keys="alt+z" onColour />
        </button>
      )}
      {one.action && (
        <button type="button" className={styles.action} onClick={act(one.action.run)}>
          {one.action.label}
        </button>
      )}
      <IconButton label={t('close')} icon={<IconX size={14} />} size={24} onClick={away} />
    </div>
  )
}

function useSecondsLeft(until: number, counting: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!counting) return
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [counting])
  return Math.max(0, Math.ceil((until - now) / 1000))
}
