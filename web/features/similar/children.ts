import { call } from '../../kernel/call.ts'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { renewBoth } from '../relations/links.ts'
import { tellReport } from '../relations/report.ts'
import { renewSimilar } from './renew.ts'

/** These become children of that one; which could not is told with the reason. */
export async function makeChildren(parentId: string, ticketIds: string[], done?: string): Promise<void> {
  try {
    const report = await call('POST /api/tickets/:id/children', { params: { id: parentId }, body: { ticketIds } })
    if (done !== undefined && report.done === ticketIds.length) {
      renewBoth(parentId, ...ticketIds)
      toast(done)
    } else tellReport(parentId, report)
    renewSimilar()
  } catch (cause) {
    toastProblem(cause)
  }
}
