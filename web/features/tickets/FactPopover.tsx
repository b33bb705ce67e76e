import { Popover } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './TicketPane.module.css'

/** A fact that opens a small form under itself. */
export function FactPopover({
  label,
  shown,
  children,
  open,
  setOpen,
  on,
  whole,
}: {
  label: string
  shown: ReactNode
  children: ReactNode
  open: boolean
  setOpen: (open: boolean) => void
  on: boolean
  /** Its words are never cut short. */
  whole?: boolean
}) {
  if (!on)
    return (
      <span className={styles.fact} data-plain data-first={whole} title={label}>
        {shown}
      </span>
    )
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
      withOverlay
      overlayProps={{ backgroundOpacity: 0 }}
    >
      <Popover.Target>
        <button type="button" className={styles.fact} data-first={whole} aria-label={label} title={label} onClick={() => setOpen(!open)}>
          {shown}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label={label}>
        {children}
      </Popover.Dropdown>
    </Popover>
  )
}
