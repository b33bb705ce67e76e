import { useState } from 'react'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { renew } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import type { Option } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { PersonPick } from '../people/picks.tsx'
import { refreshRows } from '../tickets/refresh-lists.ts'
import styles from './Absences.module.css'
import { absenceTexts } from './texts.ts'

/** Through the bulk run of the views: each ticket with its own rights, a report, and an undo. */
export function GiveOn({ ticketIds, onDone }: { ticketIds: readonly string[]; onDone: () => void }) {
  const t = useTexts(absenceTexts)
  const [to, setTo] = useState<Option | null>(null)
  const [busy, setBusy] = useState(false)
  const again = () => {
    renew('GET /api/tickets', 'GET /api/absences')
    refreshRows([...ticketIds])
  }
  const give = async (assigneeId: string) => {
    setBusy(true)
    try {
      const { id, counts } = await call('POST /api/bulk', { body: { ticketIds: [...ticketIds], action: { do: 'assign', assigneeId } } })
      const will = counts.will ?? 0
      if (will > 0) await call('POST /api/bulk/:id/run', { params: { id } })
      const cannot = counts.cannot ?? 0
      const undo = () => void call('POST /api/bulk/:id/undo', { params: { id } }).then(again).catch(toastProblem)
      toast(t('done', { count: will }), { seconds: 10, ...(will > 0 ? { undo } : {}) })
      if (cannot > 0) toast(t('notAll', { count: cannot }), { bad: true })
      onDone()
    } catch (cause) {
      toastProblem(cause)
    } finally {
      setBusy(false)
      again()
    }
  }
  return (
    <>
      <Button busy={busy} onClick={() => void give('me')}>
        {t('take')}
      </Button>
      <div className={styles.pick}>
        <PersonPick staff label={t('giveTo')} value={to} onChange={setTo} />
      </div>
      <Button look="main" busy={busy} disabled={to === null} onClick={() => to && void give(to.value)}>
        {t('give')}
      </Button>
    </>
  )
}
