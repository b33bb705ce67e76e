import type { Notice } from '../../../contract/desk.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { noticeTexts } from './texts.ts'

/** What a notice says: of the desk itself by its matter, else by its reason and who did it. */
export function wordsOf(notice: Notice, somebody: string): string {
  const t = sayIn(noticeTexts)
  return notice.about ? t(`about.${notice.about}`) : t(notice.reason, { name: notice.actor?.name ?? somebody })
}
