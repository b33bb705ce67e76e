import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './ReplyBox.module.css'
import { ReplyBox } from './ReplyBox.tsx'
import { portalTexts } from './texts.ts'

/** We think it is solved: does it work? */
export function SolvedBox({ ticket }: { ticket: Ticket }) {
  const t = useTexts(portalTexts)
  const [still, setStill] = useState(false)
  const close = useSend('POST /api/tickets/:id/close', {
    renews: ['GET /api/tickets/:id', 'GET /api/tickets'],
    onDone: () => void toast(t('thanks')),
    onProblem: toastProblem,
  })
  if (still) return <ReplyBox ticket={ticket} still onBack={() => setStill(false)} />
  return (
    <section className={styles.solved}>
      <div>
        <h2>{t('solvedTitle')}</h2>
        <p>{t('solvedText')}</p>
      </div>
      <div className={styles.end}>
        <Button
          look="main"
          size="md"
          icon={<IconCheck size={18} />}
          busy={close.isPending}
          onClick={() => close.mutate({ params: { id: ticket.id } })}
        >
          {t('solvedYes')}
        </Button>
        <Button size="md" onClick={() => setStill(true)}>
          {t('solvedNo')}
        </Button>
      </div>
    </section>
  )
}
