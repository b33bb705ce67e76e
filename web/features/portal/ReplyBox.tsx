import type { SyntheticEvent } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { Loading } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useUploads } from '../tickets/uploads.ts'
import { AttachBar } from './AttachBar.tsx'
import { filesIn, textIn, useKeepDraft, useKeptDraft } from './draft.ts'
import styles from './ReplyBox.module.css'
import { portalTexts } from './texts.ts'

/** An answer to us; its draft is kept. On a solved request it says that the trouble goes on, which opens it again. */
type Props = { ticket: Ticket; still?: boolean; onBack?: () => void }

export function ReplyBox(props: Props) {
  const first = useKeptDraft({ ticketId: props.ticket.id, kind: 'reply' }, true)
  return first === undefined ? <Loading rows={2} /> : <ReplyForm key={props.ticket.id} {...props} first={first} />
}

function ReplyForm({ ticket, still = false, onBack, first }: Props & { first: Record<string, unknown> | null }) {
  const t = useTexts(portalTexts)
  const form = useForm({ body: textIn(first, 'body') })
  const uploads = useUploads(filesIn(first))
  const { body } = form.values
  const empty = body.trim() === '' && uploads.files.length === 0
  const drop = useKeepDraft(
    { ticketId: ticket.id, kind: 'reply' },
    empty ? null : { body, files: uploads.files, at: `${new Date().toISOString().slice(0, 13)}:00:00Z` },
    true,
  )
  const onDone = () => {
    drop()
    uploads.set([])
    form.reset({ body: '' })
    toast(t(still ? 'goesOn' : 'replySent'))
  }
  const renews = ['GET /api/tickets/:id', 'GET /api/tickets'] as const
  const reply = useSend('POST /api/tickets/:id/replies', { renews, onDone, onProblem: form.take })
  const reopen = useSend('POST /api/tickets/:id/reopen', { renews, onDone, onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (uploads.busy > 0) return
    const params = { id: ticket.id }
    if (still && empty) return reopen.mutate({ params, body: { text: '' } })
    if (empty) return
    reply.mutate({
      params,
      body: { body, kind: 'portal', ...(uploads.files.length > 0 ? { uploadIds: uploads.files.map((f) => f.id) } : {}) },
    })
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate data-over={uploads.over || undefined} {...uploads.target}>
      <TextArea
        size="md"
        label={t(still ? 'stillTitle' : 'reply')}
        placeholder={t(still ? 'stillHint' : 'replyHint')}
        autoFocus={still}
        {...form.text('body')}
      />
      <AttachBar uploads={uploads} />
      <FormProblem text={form.problem} />
      <div className={styles.end}>
        <Button
          look="main"
          size="md"
          type="submit"
          busy={reply.isPending || reopen.isPending}
          disabled={uploads.busy > 0 || (empty && !still)}
        >
          {t(still ? 'stillSend' : 'sendReply')}
        </Button>
        {onBack && (
          <Button look="plain" size="md" onClick={onBack}>
            {t('notYet')}
          </Button>
        )}
      </div>
    </form>
  )
}
