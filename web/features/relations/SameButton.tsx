import { IconGitMerge } from '@tabler/icons-react'
import { call } from '../../kernel/call.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { IconButton } from '../../ui/Button.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { renewBoth } from './links.ts'
import { tellReport } from './report.ts'
import { relationTexts } from './texts.ts'

/** "Same as this": one click makes a similar ticket a child. */
export function SameButton({ parentId, childId }: { parentId: string; childId: string }) {
  const t = useTexts(relationTexts)
  const make = async () => {
    try {
      const report = await call('POST /api/tickets/:id/children', { params: { id: parentId }, body: { ticketIds: [childId] } })
      if (report.done === 0) return tellReport(parentId, report)
      renewBoth(parentId, childId)
      toast(sayIn(relationTexts)('sameDone', { number: childId }))
    } catch (cause) {
      toastProblem(cause)
    }
  }
  return <IconButton label={t('same')} icon={<IconGitMerge size={15} />} size={24} onClick={() => void make()} />
}
