import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useRef } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import { Button } from './Button.tsx'
import { useConfirm } from './confirm.tsx'
import { SideSheet } from './Dialog.tsx'
import { FormProblem } from './Fields.tsx'
import styles from './FormSheet.module.css'
import { uiTexts } from './texts.ts'

type Props = {
  title: string
  /** What the main button says; "Save" unless told. */
  action?: string
  busy: boolean
  problem?: string | undefined
  /** What is in the form now: closing asks first when it is not what it was. */
  values: unknown
  wide?: boolean
  /** Beside the main button, at the start of the row. */
  aside?: ReactNode
  onSave: () => void
  onClose: () => void
  children: ReactNode
}

/** A form at the side of the page it belongs to. Mount it to open it; Ctrl+Enter saves. */
export function FormSheet({ title, action, busy, problem, values, wide = true, aside, onSave, onClose, children }: Props) {
  const t = useTexts(uiTexts)
  const [confirm, question] = useConfirm()
  const first = useRef(JSON.stringify(values))
  const close = async () => {
    if (JSON.stringify(values) === first.current) return onClose()
    // The Escape that came here is still on its way: it would answer the question before it is read.
    await new Promise((later) => setTimeout(later, 0))
    if (await confirm({ title: t('discardTitle'), text: t('discardText'), action: t('discard'), danger: true })) onClose()
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!busy) onSave()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
  }
  return (
    <SideSheet title={title} open onClose={() => void close()} size={wide ? 'lg' : 'md'}>
      <form className="stack" onSubmit={submit} onKeyDown={onKey} noValidate>
        {children}
        <FormProblem text={problem} />
        <div className={styles.foot}>
          {aside}
          <span className="grow" />
          <Button onClick={() => void close()}>{t('cancel')}</Button>
          <Button look="main" type="submit" busy={busy}>
            {action ?? t('save')}
          </Button>
        </div>
      </form>
      {question}
    </SideSheet>
  )
}
