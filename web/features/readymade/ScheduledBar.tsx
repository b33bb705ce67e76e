import { IconClock } from '@tabler/icons-react'
import { useState } from 'react'
import type { ScheduledReply } from '../../../contract/scheduled.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { keyOf, queries, renew, useCall, useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { blank, type Composing } from '../tickets/composing.ts'
import styles from './Readymade.module.css'
import { WhenDialog } from './SendLater.tsx'
import { readymadeTexts } from './texts.ts'
import { usingTexts } from './using-texts.ts'
import { whenIn } from './words.ts'

/** Replies that wait for their time, above the composer: sent now, changed or cancelled from there. */
export function ScheduledBar({ ticket, composing }: { ticket: Ticket; composing: Composing }) {
  const { data } = useCall('GET /api/tickets/:id/scheduled-replies', { params: { id: ticket.id } })
  return data?.items.map((row) => <Waiting key={row.id} ticket={ticket} row={row} composing={composing} />)
}

function Waiting({ ticket, row, composing }: { ticket: Ticket; row: ScheduledReply; composing: Composing }) {
  const t = useTexts(usingTexts)
  const r = useTexts(readymadeTexts)
  const language = useLanguage()
  const { id: me, timeZone } = useMe()
  const [changing, setChanging] = useState(false)
  const look = () => {
    renew('GET /api/tickets/:id/scheduled-replies', 'GET /api/tickets/:id/timeline', 'GET /api/drafts')
    void queries.invalidateQueries({ queryKey: keyOf('GET /api/tickets/:id', { params: { id: ticket.id } }) })
  }
  const said = (text: string) => () => {
    look()
    toast(text)
  }
  const send = useSend('POST /api/scheduled-replies/:id/send', { onDone: said(t('sentNow')), onProblem: toastProblem })
  const change = useSend('PATCH /api/scheduled-replies/:id', { onDone: said(r('saved')), onProblem: toastProblem })
  const cancel = async () => {
    try {
      const { body } = await call('POST /api/scheduled-replies/:id/cancel', { params: { id: row.id } })
      // One's own text is in the field at once; that of a colleague waits among their drafts.
      if (row.author.id === me && row.files === 0)
        composing.restore('reply', { ...blank, body: [composing.content.body, body].filter(Boolean).join('\n\n') }, [])
      said(t('cancelled'))()
    } catch (cause) {
      toastProblem(cause)
      look()
    }
  }
  const params = { id: row.id }
  return (
    <div className={styles.waiting}>
      <IconClock size={16} aria-hidden="true" />
      <p>
        <strong>{t('waits', { name: row.author.name, when: whenIn(row.sendAt, language, timeZone ?? undefined) })}</strong>
        <span className={styles.says}>
          {row.body} {row.files > 0 && `(${t('waitsFiles', { count: row.files })})`}
        </span>
      </p>
      <span className={styles.acts}>
        <Button busy={send.isPending} onClick={() => send.mutate({ params })}>
          {t('sendNow')}
        </Button>
        {row.can.edit && <Button onClick={() => setChanging(true)}>{r('changeLater')}</Button>}
        <Button look="plain" onClick={() => void cancel()}>
          {t('cancelLater')}
        </Button>
      </span>
      {changing && (
        <WhenDialog
          ticket={ticket}
          onClose={() => setChanging(false)}
          onPick={(at) => {
            setChanging(false)
            change.mutate({ params, ifMatch: row.version, body: { sendAt: at.toISOString() } })
          }}
        />
      )}
    </div>
  )
}
