import type { Page } from '../../../contract/paging.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Paging.module.css'
import { pageTexts } from './texts.ts'

export const pageRenews = ['GET /api/pages', 'GET /api/pages/:id', 'GET /api/tickets/:id/pages'] as const

/** What can be done with a page by whoever is signed in. */
export function PageActs({ page }: { page: Page }) {
  const t = useTexts(pageTexts)
  const choices = { renews: pageRenews, onProblem: toastProblem }
  const acknowledge = useSend('POST /api/pages/:id/acknowledge', choices)
  const passOn = useSend('POST /api/pages/:id/pass-on', choices)
  const end = useSend('POST /api/pages/:id/end', choices)
  const busy = acknowledge.isPending || passOn.isPending || end.isPending
  const send = { params: { id: page.id }, body: {} }
  if (page.state === 'ended') return null
  return (
    <div className={styles.row}>
      {page.can.acknowledge && (
        <Button look="main" busy={busy} onClick={() => acknowledge.mutate(send)}>
          {t('acknowledge')}
        </Button>
      )}
      {page.can.passOn && (
        <Button busy={busy} onClick={() => passOn.mutate(send)}>
          {t('passOn')}
        </Button>
      )}
      {page.can.end && (
        <Button look="plain" busy={busy} onClick={() => end.mutate(send)}>
          {t('end')}
        </Button>
      )}
    </div>
  )
}
