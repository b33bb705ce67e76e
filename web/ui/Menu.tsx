import { Menu as MantineMenu } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { KeyHint } from './KeyHint.tsx'

export type MenuEntry =
  | {
      key: string
      label: string
      run: () => void
      icon?: ReactNode
      keys?: string
      danger?: boolean
      disabled?: boolean
      checked?: boolean
    }
  | { key: string; heading: string }
  | { key: string; divider: true }

type Props = {
  target: ReactElement
  label?: string
  entries: readonly (MenuEntry | false | null | undefined)[]
  width?: number
  end?: boolean
  onOpen?: () => void
}

/** What can be done, behind one button. */
export function Menu({ target, entries, width = 220, end = false, onOpen }: Props) {
  return (
    <MantineMenu
      width={width}
      position={end ? 'bottom-end' : 'bottom-start'}
      shadow="md"
      transitionProps={{ duration: 80 }}
      withinPortal
      withInitialFocusPlaceholder={false}
      {...(onOpen ? { onOpen } : {})}
    >
      <MantineMenu.Target>{target}</MantineMenu.Target>
      <MantineMenu.Dropdown>
        {entries.map((entry) => {
          if (!entry) return null
          if ('divider' in entry) return <MantineMenu.Divider key={entry.key} />
          if ('heading' in entry) return <MantineMenu.Label key={entry.key}>{entry.heading}</MantineMenu.Label>
          return (
            <MantineMenu.Item
              key={entry.key}
              leftSection={entry.icon}
              rightSection={entry.keys ? <KeyHint keys={entry.keys} /> : entry.checked ? <Tick /> : null}
              disabled={entry.disabled ?? false}
              onClick={entry.run}
              {...(entry.checked ? { 'aria-current': 'true' as const } : {})}
              {...(entry.danger ? { style: { color: 'var(--bad)' } } : {})}
            >
              {entry.label}
            </MantineMenu.Item>
          )
        })}
      </MantineMenu.Dropdown>
    </MantineMenu>
  )
}

const Tick = () => (
  <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
    <path d="M3 7.4 5.8 10 11 4.4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
)
