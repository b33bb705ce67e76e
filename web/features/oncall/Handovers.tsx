import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Handover } from '../../../contract/oncall.ts'
import type { OpenPage } from '../../../contract/paging.ts'
import type { Answer } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { type Say, useTexts } from '../../kernel/i18n.ts'
import { useCall, useEndless, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, TextArea } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { PriorityMark } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './OnCall.module.css'
import { oncallTexts } from './texts.ts'

/** On top until whoever comes has confirmed it. */
export function HandoverToConfirm({ note }: { note: Handover }) {
  const t = useTexts(oncallTexts)
  const formats = useFormats()
  const confirm = useSend('POST /api/handover-notes/:id/read', {
    renews: ['GET /api/on-call', 'GET /api/rotas/:id/handovers'],
    onDone: () => toast(t('confirmed')),
    onProblem: toastProblem,
  })
  return (
    <section className={styles.note} aria-label={t('handoverTitle')}>
      <span className={styles.noteHead}>
        {note.rota.name}: {t('toConfirm', { name: note.from.name, when: formats.dateTime(note.writtenAt) })}
      </span>
      <NoteText note={note} />
      <span>
        <Button look="main" busy={confirm.isPending} onClick={() => confirm.mutate({ params: { id: note.id } })}>
          {t('confirm')}
        </Button>
      </span>
    </section>
  )
}

function NoteText({ note }: { note: Handover }) {
  return (
    <>
      <p className={styles.text}>{note.text}</p>
      {note.tickets.length > 0 && (
        <ul className={styles.tickets}>
          {note.tickets.map((ticket) => (
            <li key={ticket.id}>
              <PriorityMark priority={ticket.priority} />
              <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }} search={{} as never}>
                #{ticket.number} {ticket.subject}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** All notes of a rota, the newest first; they are kept. */
export function Handovers({ rotaId, archived }: { rotaId: string; archived: boolean }) {
  const t = useTexts(oncallTexts)
  const formats = useFormats()
  const notes = useEndless('GET /api/rotas/:id/handovers', { params: { id: rotaId }, query: { limit: 5 } })
  const [writing, setWriting] = useState(false)
  return (
    <Section title={t('handovers')} actions={!archived && <Button onClick={() => setWriting(true)}>{t('handoverNew')}</Button>}>
      <Loaded from={{ data: notes.items, error: notes.error, refetch: notes.refetch }} rows={2}>
        {(items) =>
          items.length === 0 ? (
            <p className={styles.dim}>{t('handoverNone')}</p>
          ) : (
            <ul className={styles.lines}>
              {items.map((note) => (
                <li key={note.id} className={styles.line}>
                  <span className={styles.grow}>
                    <span className={styles.dim}>
                      {t('handoverFrom', { from: note.from.name, to: note.to?.name ?? t('handoverToAny') })} ·{' '}
                      {formats.dateTime(note.writtenAt)} ·{' '}
                      {note.readBy && note.readAt
                        ? t('readBy', { name: note.readBy.name, when: formats.dateTime(note.readAt) })
                        : t('unread')}
                    </span>
                    <NoteText note={note} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <MoreRows has={notes.hasNextPage} busy={notes.isFetchingNextPage} load={notes.more} />
      {writing && <HandoverSheet rotaId={rotaId} onClose={() => setWriting(false)} />}
    </Section>
  )
}

/** Begins with who comes next, with the pages that are open and with what is urgent. */
function HandoverSheet({ rotaId, onClose }: { rotaId: string; onClose: () => void }) {
  const of = { params: { id: rotaId } }
  const draft = useCall('GET /api/rotas/:id/handover-draft', of, { staleTime: 0 })
  const pages = useCall('GET /api/rotas/:id/open-pages', of, { staleTime: 0 })
  // As it stands now, not as it was asked for last; where that fails, the note can still be written.
  if (!draft.isFetchedAfterMount || !pages.isFetchedAfterMount) return null
  return <HandoverForm rotaId={rotaId} draft={draft.data} open={pages.data?.items ?? []} onClose={onClose} />
}

/** In numbers: subjects stand below, for whoever sees those tickets. */
function openWords(open: readonly OpenPage[], t: Say<(typeof oncallTexts)['en']>): string {
  const numbers = (state: OpenPage['state']) => open.filter((one) => one.state === state).map((one) => `#${one.ticket.number}`)
  return (['ringing', 'acknowledged'] as const)
    .filter((state) => numbers(state).length > 0)
    .map((state) => `${t(`handover-${state}`, { numbers: numbers(state).join(', ') })}\n`)
    .join('')
}

type FormProps = { rotaId: string; draft: Answer<'GET /api/rotas/:id/handover-draft'> | undefined; open: OpenPage[]; onClose: () => void }
function HandoverForm({ rotaId, draft, open, onClose }: FormProps) {
  const t = useTexts(oncallTexts)
  const form = useForm({ text: openWords(open, t) })
  const [left, setLeft] = useState<readonly string[]>([])
  const write = useSend('POST /api/rotas/:id/handovers', {
    renews: ['GET /api/rotas/:id/handovers', 'GET /api/on-call'],
    onProblem: form.take,
    onDone: () => {
      toast(t('handoverWritten'))
      onClose()
    },
  })
  const paged = open.map((one) => one.ticket)
  const tickets = [...paged, ...(draft?.tickets ?? []).filter((one) => !paged.some((other) => other.id === one.id))]
  const save = () => {
    const ticketIds = tickets.map((ticket) => ticket.id).filter((id) => !left.includes(id))
    write.mutate({ params: { id: rotaId }, body: { text: form.values.text, ticketIds } })
  }
  return (
    <FormSheet
      title={t('handoverTitle')}
      action={t('handoverNew')}
      busy={write.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      {draft && <p className="dim">{draft.to ? t('handoverFor', { name: draft.to.name }) : t('handoverForNobody')}</p>}
      <TextArea label={t('handoverText')} autosize minRows={6} data-autofocus {...form.text('text')} />
      {tickets.length > 0 && (
        <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
          <legend className="small dim">{t('handoverTickets')}</legend>
          <div className="stack">
            {tickets.map((ticket) => (
              <CheckField
                key={ticket.id}
                label={`#${ticket.number} ${ticket.subject}`}
                checked={!left.includes(ticket.id)}
                onChange={() => setLeft((now) => (now.includes(ticket.id) ? now.filter((id) => id !== ticket.id) : [...now, ticket.id]))}
              />
            ))}
          </div>
        </fieldset>
      )}
    </FormSheet>
  )
}
