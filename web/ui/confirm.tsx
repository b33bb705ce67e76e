import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import type { Question } from './ConfirmDialog.tsx'

/** Fetched with the first question: the first screen does without dialogs. */
const ConfirmDialog = lazy(async () => ({ default: (await import('./ConfirmDialog.tsx')).ConfirmDialog }))

/** `const [confirm, dialog] = useConfirm()`; put `{dialog}` on the screen; `if (await confirm({ title, text, action })) ...` */
export function useConfirm(): [(question: Question) => Promise<boolean>, ReactNode] {
  const [asked, setAsked] = useState<Question & { answer: (yes: boolean) => void }>()
  const ever = useRef(false)
  if (asked) ever.current = true
  const finish = (yes: boolean) => {
    asked?.answer(yes)
    setAsked(undefined)
  }
  const dialog = ever.current && (
    <Suspense>
      <ConfirmDialog asked={asked} onAnswer={finish} />
    </Suspense>
  )
  return [(question) => new Promise((answer) => setAsked({ ...question, answer })), dialog]
}
