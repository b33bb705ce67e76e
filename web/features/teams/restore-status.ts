import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { statusTexts } from './status-texts.ts'

/** Brings a status back into use: the undo of archiving it, and later. */
export function useRestoreStatus(): (id: string) => void {
  const s = useTexts(statusTexts)
  const restore = useSend('POST /api/statuses/:id/restore', {
    renews: ['GET /api/statuses', 'GET /api/status-moves'],
    onDone: () => void toast(s('restored')),
    onProblem: toastProblem,
  })
  return (id) => restore.mutate({ params: { id } })
}
