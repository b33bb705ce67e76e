import { type Body, call, problemIn } from '../../kernel/call.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { toastProblem } from '../../ui/Toast.tsx'
import { tellReport } from './report.ts'
import { relationTexts } from './texts.ts'

/** What resolving asks of the tickets around: whether the children are to be resolved too, and whether what blocks may be passed over. */
export const useOpenChildren = (id: string): number => useCall('GET /api/tickets/:id/links', { params: { id } }).data?.childrenOpen ?? 0

export async function resolveChildren(id: string, body: Body<'POST /api/tickets/:id/children/resolve'>): Promise<void> {
  const { code, text, tell } = body
  await call('POST /api/tickets/:id/children/resolve', { params: { id }, body: { code, text, tell } })
    .then((report) => tellReport(id, report))
    .catch(toastProblem)
}

type Blocker = { number: number; subject: string }
export function blockedQuestion(cause: unknown): { title: string; text: string; action: string } | undefined {
  const problem = problemIn(cause)
  if (problem?.code !== 'ticket_blocked') return undefined
  const t = sayIn(relationTexts)
  const tickets = (problem.details.blockers as Blocker[]).map((one) => `#${one.number} ${one.subject}`).join(', ')
  return { title: t('blockedTitle'), text: t('blockedText', { tickets }), action: t('blockedDo') }
}
