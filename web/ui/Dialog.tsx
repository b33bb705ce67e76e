import { Drawer, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import styles from './Dialog.module.css'
import { useFocusReturn } from './focus-return.ts'
import { useNarrow } from './narrow.ts'
import { uiTexts } from './texts.ts'

type DialogProps = { title: string; open: boolean; onClose: () => void; children: ReactNode; size?: 'sm' | 'md' | 'lg' }

/** A question or a short form over the page; on a phone it fills it. */
export function Dialog({ title, open, onClose, children, size = 'md' }: DialogProps) {
  const t = useTexts(uiTexts)
  const narrow = useNarrow()
  useFocusReturn(open)
  return (
    <Modal
      opened={open}
      onClose={onClose}
      title={title}
      size={size}
      fullScreen={narrow && size !== 'sm'}
      centered
      closeButtonProps={{ 'aria-label': t('close') }}
      transitionProps={{ duration: 120 }}
      classNames={{ content: styles.content ?? '', header: styles.header ?? '', title: styles.title ?? '' }}
      // A <header> here would be a second banner of the page.
      attributes={{ header: { role: 'presentation' } }}
    >
      {children}
    </Modal>
  )
}

/** A panel that comes in from the side. */
export function SideSheet({
  title,
  open,
  onClose,
  children,
  size = 'md',
  from = 'right',
}: DialogProps & { from?: 'left' | 'right' | 'bottom' }) {
  const t = useTexts(uiTexts)
  useFocusReturn(open)
  return (
    <Drawer
      opened={open}
      onClose={onClose}
      title={title}
      position={from}
      size={from === 'bottom' ? 'auto' : size === 'lg' ? 560 : 360}
      closeButtonProps={{ 'aria-label': t('close') }}
      transitionProps={{ duration: 150 }}
      classNames={{ content: styles.content ?? '', header: styles.header ?? '', title: styles.title ?? '' }}
      // A <header> here would be a second banner of the page.
      attributes={{ header: { role: 'presentation' } }}
    >
      {children}
    </Drawer>
  )
}

/** The buttons at the end of a dialog or form: the main one last. */
export const Buttons = ({ children }: { children: ReactNode }) => <div className={styles.buttons}>{children}</div>

export { useNarrow }
