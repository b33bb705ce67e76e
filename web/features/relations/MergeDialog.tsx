import { IconAlertTriangle } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import type { Answer } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { CheckField, FormProblem, type Option } from '../../ui/Fields.tsx'
import { StatusShape } from '../../ui/Marks.tsx'
import { toast } from '../../ui/Toast.tsx'
import { closeOnStrip } from '../tickets/begun.ts'
import { putTicket } from '../tickets/edit.ts'
import { renewBoth, undoMerge } from './links.ts'
import styles from './Relations.module.css'
import { TicketPick } from './TicketPick.tsx'
import { relationTexts } from './texts.ts'

type Preview = Answer<'GET /api/tickets/:id/merge-preview'>

/** Pick the other, see both beside each other and what will happen, then do it; it can be taken back at once or later. */
export function MergeDialog({ ticket, into: chosen, onClose }: { ticket: Ticket; into?: Option; onClose: () => void }) {
  const t = useTexts(relationTexts)
  const navigate = useNavigate()
  const [other, setOther] = useState<Option | null>(chosen ?? null)
  const form = useForm({ intoId: '', tell: true, across: false })
  const intoId = other?.value ?? ''
  const preview = useCall(
    'GET /api/tickets/:id/merge-preview',
    { params: { id: ticket.id }, query: { intoId } },
    { enabled: intoId !== '', staleTime: 0 },
  )
  const mayAcross = useMay('ticket.merge-across')
  const merge = useSend('POST /api/tickets/:id/merge', {
    onProblem: form.take,
    onDone: ({ mergeId, ticket: into }) => {
      putTicket(into)
      renewBoth(ticket.id, into.id)
      closeOnStrip(ticket.id)
      const undo = () => void undoMerge(mergeId, ticket, into.id)
      toast(sayIn(relationTexts)('merged', { from: ticket.number, into: into.number }), { undo, seconds: 12 })
      onClose()
      void navigate({ to: '/tickets/$ticketId', params: { ticketId: into.id }, search: true })
    },
  })
  const seen = intoId === '' ? undefined : preview.data
  const across = seen?.acrossOrganisations ?? false
  const barred = seen?.refused && !(seen.refused === 'across-organisations' && mayAcross && form.values.across)
  const send = () =>
    merge.mutate({ params: { id: ticket.id }, body: { intoId, tell: form.values.tell, acrossOrganisations: form.values.across } })
  return (
    <Dialog title={t('mergeTitle', { number: ticket.number })} open onClose={onClose} size="lg">
      <div className="stack">
        <TicketPick label={t('into')} value={other} onChange={setOther} error={form.errors.intoId} />
        {preview.error && intoId !== '' && <FormProblem text={problemText(preview.error)} />}
        {seen && (
          <>
            <Compare seen={seen} />
            {!barred && <Happens seen={seen} />}
            {seen.refused && !(seen.refused === 'across-organisations' && mayAcross) && <Warning text={t(`refused-${seen.refused}`)} bad />}
            {across && mayAcross && (
              <>
                <Warning text={t('warnAcross')} bad />
                <CheckField label={t('across')} {...form.check('across')} />
              </>
            )}
            {['resolved', 'cancelled'].includes(seen.into.meaning) && <Warning text={t('warnFinished', { into: seen.into.number })} />}
            {!barred && <CheckField label={t('tell', { name: seen.from.requester.name })} {...form.check('tell')} />}
          </>
        )}
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" busy={merge.isPending} disabled={!seen || !!barred} onClick={send}>
          {t('mergeDo', { from: ticket.number, into: seen?.into.number ?? '…' })}
        </Button>
      </Buttons>
    </Dialog>
  )
}

const Warning = ({ text, bad = false }: { text: string; bad?: boolean }) => (
  <p className={styles.warning} data-bad={bad || undefined}>
    <IconAlertTriangle size={16} aria-hidden="true" />
    <span>{text}</span>
  </p>
)

/** Two columns: what goes, what stays. What differs is strong. */
function Compare({ seen }: { seen: Preview }) {
  const t = useTexts(relationTexts)
  const formats = useFormats()
  const sides = [seen.from, seen.into]
  const rows: { key: string; name: string; of: (side: Preview['from']) => string }[] = [
    { key: 'requester', name: t('requester'), of: (s) => s.requester.name },
    { key: 'organisation', name: t('organisation'), of: (s) => s.organisation?.name ?? '–' },
    { key: 'status', name: t('status'), of: (s) => s.status },
    { key: 'team', name: t('team'), of: (s) => s.team?.name ?? '–' },
    { key: 'assignee', name: t('assignee'), of: (s) => s.assignee?.name ?? t('nobody') },
    { key: 'opened', name: t('opened'), of: (s) => formats.dateTime(s.createdAt) },
    { key: 'messages', name: t('messages'), of: (s) => String(s.messages) },
  ]
  return (
    <table className={styles.compare}>
      <thead>
        <tr>
          <td />
          {sides.map((side, n) => (
            <th key={side.id} scope="col">
              <span className={styles.sub}>{t(n === 0 ? 'goes' : 'stays')}</span>
              <span className={styles.side}>
                <StatusShape meaning={side.meaning} /> #{side.number}
              </span>
              <span>{side.subject}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, of }) => (
          <tr key={key} data-differs={of(seen.from) !== of(seen.into) || undefined}>
            <th scope="row">{name}</th>
            {sides.map((side) => (
              <td key={side.id}>{of(side)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Happens({ seen }: { seen: Preview }) {
  const t = useTexts(relationTexts)
  const names = (people: { name: string }[]) => people.map((p) => p.name).join(', ')
  const numbers = { from: seen.from.number, into: seen.into.number }
  return (
    <div>
      <strong>{t('whatHappens')}</strong>
      <ul className={styles.happens}>
        <li>{t('willMove', { count: seen.from.messages, into: numbers.into })}</li>
        <li>{t('willClose', numbers)}</li>
        {seen.gainsCopies.length > 0 && <li>{t('willCopy', { names: names(seen.gainsCopies), into: numbers.into })}</li>}
        {seen.losesSight.length > 0 && <li>{t('willLose', { names: names(seen.losesSight) })}</li>}
        <li>{t('willUndo')}</li>
      </ul>
    </div>
  )
}
