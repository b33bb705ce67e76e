import { useEffect, useRef } from 'react'
import type { Notice } from '../../../contract/notices.ts'

const canNotify = () => 'Notification' in window && Notification.permission === 'granted'

/** What the reader chose to be told by the browser is shown while the desk is in the background; the tag keeps several tabs from saying it twice. */
export function useBrowserNotices(items: readonly Notice[] | undefined): void {
  const newest = useRef<string>(undefined)
  useEffect(() => {
    if (!items) return
    const before = newest.current
    newest.current = items[0]?.id ?? '0'
    if (before === undefined || !canNotify() || document.visibilityState === 'visible') return
    const fresh = items.filter((n) => !n.read && BigInt(n.id) > BigInt(before))
    if (fresh.length > 0) void import('./show-notices.ts').then(({ showNotices }) => showNotices(fresh))
  }, [items])
}
