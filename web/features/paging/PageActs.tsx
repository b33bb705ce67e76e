import { useState } from 'react'
import type { Page } from '../../../contract/paging.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { HelpDialog, PassOnDialog } from './HandDialog.tsx'
import styles from './Paging.module.css'
import { pageRenews } from './renews.ts'
import { pageTexts } from './texts.ts'

/** What can be done with a page by whoever is signed in. */
export function PageActs({ page }: { page: Page }) {
  const t = useTexts(pageTexts)
  const choices = { renews: pageRenews, onProblem: toastProblem }
  const acknowledge = useSend('POST /api/pages/:id/acknowledge', choices)
  const end = useSend('POST /api/pages/:id/end', choices)
  const busy = acknowledge.isPending || end.isPending
  const [asking, setAsking] = useState<'pass' | 'help'>()
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
        <>
          <Button onClick={() => setAsking('pass')}>{t('passOn')}</Button>
          <Button onClick={() => setAsking('help')}>{t('callHelp')}</Button>
        </>
      )}
      {page.can.end && (
        <Button look="plain" busy={busy} onClick={() => end.mutate(send)}>
          {t('end')}
        </Button>
      )}
      {asking === 'pass' && <PassOnDialog page={page} onClose={() => setAsking(undefined)} />}
      {asking === 'help' && <HelpDialog page={page} onClose={() => setAsking(undefined)} />}
    </div>
  )
}
