import type { ReportRow } from '../../../contract/relations.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { toast } from '../../ui/Toast.tsx'
import { renewBoth } from './links.ts'
import { relationTexts } from './texts.ts'

type Report = { items: ReportRow[]; done: number; left: number }

/** How it went for each, in one line; which were left is named with the reason of the first. */
export function tellReport(ticketId: string, { items, done, left }: Report): void {
  const t = sayIn(relationTexts)
  const first = items.find((row) => !row.done)
  const rest = first ? ` · ${t('reportTitle', { count: left })}: #${first.ticket.number} ${first.message ?? ''}` : ''
  toast(`${t('reported', { count: done })}${rest}`, { bad: left > 0 && done === 0, seconds: left > 0 ? 12 : 5 })
  renewBoth(ticketId, ...items.map((row) => row.ticket.id))
}
