import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { ChoiceField, FormProblem, TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { putTicket } from '../tickets/edit.ts'
import { renewBoth } from './links.ts'
import styles from './Relations.module.css'
import { relationTexts } from './texts.ts'

/** Choose messages of the conversation; they become a ticket of their own. */
export function SplitDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(relationTexts)
  const formats = useFormats()
  const navigate = useNavigate()
  const form = useForm({ messageIds: [] as string[], how: 'move' as 'move' | 'copy', subject: '' })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const split = useSend('POST /api/tickets/:id/split', {
    onProblem: form.take,
    onDone: (made) => {
      putTicket(made)
      renewBoth(ticket.id, made.id)
      toast(sayIn(relationTexts)('splitDone', { number: made.number }))
      onClose()
      void navigate({ to: '/tickets/$ticketId', params: { ticketId: made.id }, search: true })
    },
  })
  const turn = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
    form.setErrors({})
  }
  const send = () => {
    const { how, subject } = form.values
    const body = { messageIds: [...chosen], how, ...(subject.trim() === '' ? {} : { subject }) }
    split.mutate({ params: { id: ticket.id }, body })
  }
  return (
    <Dialog title={t('splitTitle')} open onClose={onClose} size="lg">
      <div className="stack">
        <p className="dim">{t('splitText')}</p>
        <ul className={styles.messages} aria-label={t('splitWhich')}>
          {ticket.messages.map((m) => (
            <li key={m.id}>
              <label className={styles.message} data-note={m.internal || undefined}>
                <input type="checkbox" checked={chosen.has(m.id)} onChange={() => turn(m.id)} />
                <span className="grow">
                  <span className={styles.sub}>
                    {[m.author?.name || m.from.name || m.from.email, formats.brief(m.at), m.internal && t('note')]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                  <span className={styles.excerpt}>{m.visibleText || m.text}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
        <FormProblem text={form.errors.messageIds} />
        <ChoiceField
          label={t('splitHow')}
          options={[
            { value: 'move', label: t('move') },
            { value: 'copy', label: t('copy') },
          ]}
          {...form.value('how')}
        />
        <TextField label={t('splitSubject')} placeholder={ticket.subject} maxLength={250} optional {...form.text('subject')} />
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" busy={split.isPending} disabled={chosen.size === 0} onClick={send}>
          {t('splitDo', { count: chosen.size })}
        </Button>
      </Buttons>
    </Dialog>
  )
}
