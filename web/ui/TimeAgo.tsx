import { Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useFormats } from '../kernel/formats.ts'

/** One clock for all times on the screen: it ticks every half minute, and only while it is looked at. */
let now = Date.now()
const listeners = new Set<() => void>()
setInterval(() => {
  if (document.visibilityState !== 'visible') return
  now = Date.now()
  for (const listener of listeners) listener()
}, 30_000)
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

type Props = { at: string; look?: 'relative' | 'brief' | 'since' | 'time' }

/** When: relative or brief, the whole date and time on hover. */
export function TimeAgo({ at, look = 'relative' }: Props) {
  const formats = useFormats()
  const clock = Math.max(useNow(), Date.now() - 30_000)
  const text =
    look === 'relative'
      ? formats.relative(at, clock)
      : look === 'brief'
        ? formats.brief(at)
        : look === 'since'
          ? formats.since(at, clock)
          : formats.time(at)
  return (
    <Tooltip label={formats.full(at)} openDelay={400}>
      <time dateTime={at}>{text}</time>
    </Tooltip>
  )
}
