import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import type { Answer } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { renew, useCall, useSend } from '../../kernel/query.ts'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { blank, type Composing, type Content } from './composing.ts'
import { useGivenFiles } from './given-files.ts'
import styles from './OfferedDrafts.module.css'
import { offerTexts } from './offer-texts.ts'
import type { Attached } from './uploads.ts'

type Offered = Answer<'GET /api/tickets/:id/drafts'>['items'][number]

/** Drafts that colleagues offer, and the offer of one's own. Who takes one over is who sends it. */
export function OfferedDrafts({ ticket, composing }: { ticket: Ticket; composing: Composing }) {
  const { data } = useCall('GET /api/tickets/:id/drafts', { params: { id: ticket.id } }, { enabled: ticket.can.note })
  useGivenFiles(ticket.id, (file) => {
    composing.setKind('reply')
    composing.uploads.set([...composing.uploads.files, file])
  })
  if (!ticket.can.note) return null
  const mine = data?.items.some((draft) => draft.mine && draft.kind === composing.kind) ?? false
  return (
    <>
      {data?.items
        .filter((draft) => !draft.mine)
        .map((draft) => (
          <Theirs key={draft.id} draft={draft} composing={composing} />
        ))}
      {(mine || (composing.kept && composing.content.body.trim() !== '')) && (
        <Own ticketId={ticket.id} composing={composing} offered={mine} />
      )}
    </>
  )
}

function Theirs({ draft, composing }: { draft: Offered; composing: Composing }) {
  const t = useTexts(offerTexts)
  const [open, setOpen] = useState(false)
  const take = useSend('POST /api/drafts/:id/take', {
    renews: ['GET /api/tickets/:id/drafts', 'GET /api/drafts'],
    onProblem: toastProblem,
    onDone: ({ kind, content }) => {
      const { files = [], ...rest } = content as Partial<Content> & { files?: readonly Attached[] }
      composing.restore(kind, { ...blank, ...rest }, files)
      toast(t('taken'))
    },
  })
  return (
    <div className={styles.bar}>
      <strong>{t('theirs', { name: draft.writer.name })}</strong>
      <span>{t(`kind-${draft.kind}`)}</span>
      {draft.files > 0 && <span>{t('files', { count: draft.files })}</span>}
      <span className="grow" />
      <button type="button" className={styles.plain} aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'hide' : 'read')}
      </button>
      <button type="button" className={styles.plain} disabled={take.isPending} onClick={() => take.mutate({ params: { id: draft.id } })}>
        {t('take')}
      </button>
      {open && <p className={styles.text}>{draft.text}</p>}
    </div>
  )
}

function Own({ ticketId, composing, offered }: { ticketId: string; composing: Composing; offered: boolean }) {
  const t = useTexts(offerTexts)
  const offer = useSend('POST /api/tickets/:id/drafts/offer', {
    onProblem: toastProblem,
    onDone: () => renew('GET /api/tickets/:id/drafts'),
  })
  const set = (next: boolean) => offer.mutate({ params: { id: ticketId }, body: { kind: composing.kind, offered: next } })
  return (
    <div className={styles.own}>
      {offered && <span>{t('offered')}</span>}
      <button type="button" className={styles.plain} disabled={offer.isPending} onClick={() => set(!offered)}>
        {t(offered ? 'stop' : 'offer')}
      </button>
    </div>
  )
}
