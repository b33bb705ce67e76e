import type { Notice } from '../../../contract/notices.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { noticeTexts } from './texts.ts'

/** What a notice says: of the desk itself by its matter, else by its reason and who did it; and how much more there is. */
export function wordsOf(notice: Notice): string {
  const t = sayIn(noticeTexts)
  if (notice.about) return t(`about.${notice.about}`)
  const what = t(notice.reason, { name: notice.actor?.name ?? t('somebody') })
  return notice.count > 1 ? t('andMore', { what, count: notice.count - 1 }) : what
}

/** Many tickets that one person gave away at once are one line, too: from the third on, within minutes of each other. */
export function inRuns(items: readonly Notice[]): Notice[][] {
  const runs: Notice[][] = []
  for (const notice of items) {
    const run = runs.at(-1)
    if (run && belongs(run.at(-1)!, notice)) run.push(notice)
    else runs.push([notice])
  }
  return runs.flatMap((run) => (run.length >= 3 ? [run] : run.map((one) => [one])))
}

const belongs = (one: Notice, next: Notice): boolean =>
  one.ticket !== null &&
  next.ticket !== null &&
  one.reason === next.reason &&
  one.read === next.read &&
  one.actor?.id === next.actor?.id &&
  Math.max(one.count, next.count) === 1 &&
  Date.parse(one.at) - Date.parse(next.at) < 120_000
