import type { Notice } from '../../../contract/notices.ts'
import { call } from '../../kernel/call.ts'
import { wordsOf } from './words.ts'

/** By the choices as they are now: none in quiet hours, save a mention for those who want that. */
export async function showNotices(fresh: readonly Notice[]): Promise<void> {
  const choices = await call('GET /api/notices/choices')
  const wanted = fresh.filter(
    ({ reason }) =>
      choices.byBrowser.includes(reason) &&
      (choices.quietUntil === null || (reason === 'mention' && choices.mentionsInQuiet === 'through')),
  )
  for (const notice of wanted) {
    const told = new Notification(wordsOf(notice), {
      tag: `notice-${notice.id}`,
      body: notice.ticket ? `#${notice.ticket.number} ${notice.ticket.subject}` : '',
      icon: '/icon.svg',
    })
    told.onclick = () => {
      window.focus()
      if (notice.ticket) location.assign(`/tickets/${notice.ticket.id}`)
    }
  }
}
