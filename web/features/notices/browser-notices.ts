import { useEffect, useRef } from 'react'
import type { Notice } from '../../../contract/desk.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { noticeTexts } from './texts.ts'
import { wordsOf } from './words.ts'

const canNotify = () => 'Notification' in window && Notification.permission === 'granted'

/** What the reader chose to be told by the browser is shown while the desk is in the background; the tag keeps several tabs from saying it twice. */
export function useBrowserNotices(items: readonly Notice[] | undefined): void {
  const { data: choices } = useCall('GET /api/notices/choices', {}, { staleTime: 300_000, enabled: canNotify() })
  const newest = useRef<string>(undefined)
  useEffect(() => {
    if (!items) return
    const before = newest.current
    newest.current = items[0]?.id ?? '0'
    if (before === undefined || !canNotify() || document.visibilityState === 'visible') return
    const t = sayIn(noticeTexts)
    for (const notice of items.filter((n) => !n.read && BigInt(n.id) > BigInt(before) && choices?.byBrowser.includes(n.reason))) {
      const told = new Notification(wordsOf(notice, t('somebody')), {
        tag: `notice-${notice.id}`,
        body: notice.ticket ? `#${notice.ticket.number} ${notice.ticket.subject}` : '',
        icon: '/icon.svg',
      })
      told.onclick = () => {
        window.focus()
        if (notice.ticket) location.assign(`/tickets/${notice.ticket.id}`)
      }
    }
  }, [items, choices])
}
