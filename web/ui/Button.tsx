import { ActionIcon, type ActionIconProps, Button as MantineButton, Tooltip } from '@mantine/core'
import type { ComponentPropsWithoutRef, ReactNode, Ref } from 'react'
import { KeyHint } from './KeyHint.tsx'

type Look = 'main' | 'quiet' | 'plain' | 'danger'
const looks = {
  main: { variant: 'filled' },
  quiet: { variant: 'default' },
  plain: { variant: 'subtle', color: 'gray' },
  danger: { variant: 'filled', color: 'red.8' },
} as const

type Props = Omit<ComponentPropsWithoutRef<'button'>, 'color'> & {
  look?: Look
  busy?: boolean
  icon?: ReactNode
  /** Shown small beside the words: "mod+enter". */
  keys?: string
  size?: 'xs' | 'sm' | 'md'
  wide?: boolean
  ref?: Ref<HTMLButtonElement>
}

/** Words say what happens. One `main` a view. */
export function Button({ look = 'quiet', busy = false, icon, keys, size = 'xs', wide = false, children, ...rest }: Props) {
  const plain = look === 'plain' ? { styles: { root: { color: 'var(--text)' } } } : {}
  return (
    <MantineButton
      type="button"
      size={size}
      loading={busy}
      leftSection={icon}
      fullWidth={wide}
      {...looks[look]}
      {...plain}
      {...(keys ? { rightSection: <KeyHint keys={keys} onColour={look === 'main'} /> } : {})}
      {...(rest as object)}
    >
      {children}
    </MantineButton>
  )
}

type IconProps = Omit<ComponentPropsWithoutRef<'button'>, 'color' | 'aria-label'> & {
  label: string
  keys?: string
  icon: ReactNode
  active?: boolean
  size?: ActionIconProps['size']
  ref?: Ref<HTMLButtonElement>
}

/** An icon alone: its label is read out and shown on hover. At least 28 px, so that a finger meets it. */
export function IconButton({ label, keys, icon, active = false, size = 28, ...rest }: IconProps) {
  const tip = keys ? (
    <span>
      {label} <KeyHint keys={keys} onColour />
    </span>
  ) : (
    label
  )
  return (
    <Tooltip label={tip} openDelay={400} withinPortal>
      <ActionIcon
        type="button"
        variant="subtle"
        color="gray"
        size={size}
        aria-label={label}
        {...(rest as object)}
        style={{ color: active ? 'var(--accent-text)' : 'var(--dim)', ...rest.style }}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
