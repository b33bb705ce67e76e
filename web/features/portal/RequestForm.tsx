import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type SyntheticEvent, useRef } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { useAskedFields, useOwnFields } from '../fields/own-fields.ts'
import { ValueFields } from '../fields/ValueFields.tsx'
import { useUploads } from '../tickets/uploads.ts'
import { AttachBar } from './AttachBar.tsx'
import { filesIn, textIn, useKeepDraft } from './draft.ts'
import { PlainChoice } from './PlainChoice.tsx'
import styles from './RequestForm.module.css'
import { portalTexts } from './texts.ts'

const place = { ticketId: null, kind: 'ticket' } as const
type CanWork = 'yes' | 'with-difficulty' | 'no' | ''
type Affected = 'me' | 'others-too' | ''

/** One box that grows into a short form as soon as something stands in it. Neither category nor priority is asked. */
export function RequestForm({ first, about }: { first: Record<string, unknown> | null; about: string | undefined }) {
  const t = useTexts(portalTexts)
  const me = useMe()
  const navigate = useNavigate()
  const form = useForm({
    subject: about ?? textIn(first, 'subject'),
    body: textIn(first, 'body'),
    canWork: textIn(first, 'canWork') as CanWork,
    affected: textIn(first, 'affected') as Affected,
  })
  const { subject, body, canWork, affected } = form.values
  const own = useOwnFields(useAskedFields('incident', null, true))
  const uploads = useUploads(filesIn(first))
  const details = useRef<HTMLTextAreaElement>(null)
  const empty = subject.trim() === '' && body.trim() === '' && uploads.files.length === 0 && uploads.busy === 0
  // A colleague of the desk has a draft of another form under the same name: theirs is left alone.
  const drop = useKeepDraft(place, empty ? null : { ...form.values, files: uploads.files, at: draftDay() }, !me.staff)
  const send = useSend('POST /api/tickets', {
    renews: ['GET /api/tickets'],
    onDone: (ticket) => {
      drop()
      void navigate({ to: '/portal/sent/$ticketId', params: { ticketId: ticket.id } })
    },
    onProblem: (cause) => void (own.take(cause) || form.take(cause)),
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (uploads.busy > 0) return
    send.mutate({
      body: {
        subject,
        // Who writes one sentence has said everything: it is the message, too.
        body: body.trim() || subject,
        ...(canWork ? { canWork } : {}),
        ...(affected ? { affected } : {}),
        ...(own.fields.length > 0 ? { fields: own.filled() } : {}),
        ...(uploads.files.length > 0 ? { uploadIds: uploads.files.map((f) => f.id) } : {}),
        ...(me.staff ? { requesterId: me.id, channel: 'portal' } : {}),
      },
    })
  }
  const discard = () => {
    drop()
    uploads.set([])
    own.reset()
    form.reset({ subject: '', body: '', canWork: '', affected: '' })
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate data-over={uploads.over || undefined} {...uploads.target}>
      <input
        className={styles.subject}
        aria-labelledby="ask"
        aria-describedby="ask-hint"
        aria-invalid={form.errors.subject ? true : undefined}
        maxLength={250}
        autoComplete="off"
        enterKeyHint="next"
        placeholder={t('askLabel')}
        {...inputOf(form.text('subject'))}
        onKeyDown={(event) => goOn(event, details.current)}
      />
      {empty ? (
        <p id="ask-hint" className={styles.hint}>
          {t('askHint')}
        </p>
      ) : (
        <div className={styles.grown}>
          {form.errors.subject && <FormProblem text={form.errors.subject} />}
          <TextArea
            ref={details}
            size="md"
            minRows={4}
            label={`${t('more')} (${t('optional')})`}
            hint={t('moreHint')}
            {...form.text('body')}
          />
          <AttachBar uploads={uploads} />
          <div className={styles.questions}>
            <PlainChoice
              label={t('canWork')}
              {...form.value('canWork')}
              options={[
                { value: 'yes', label: t('canWorkYes') },
                { value: 'with-difficulty', label: t('canWorkHard') },
                { value: 'no', label: t('canWorkNo') },
              ]}
            />
            <PlainChoice
              label={t('affected')}
              {...form.value('affected')}
              options={[
                { value: 'me', label: t('affectedMe') },
                { value: 'others-too', label: t('affectedOthers') },
              ]}
            />
          </div>
          <ValueFields form={own} size="md" hints={false} />
          <FormProblem text={form.problem} />
          <div className={styles.end}>
            <Button look="main" size="md" type="submit" busy={send.isPending} disabled={uploads.busy > 0}>
              {t('send')}
            </Button>
            <Button look="plain" size="md" onClick={discard}>
              {t('discard')}
            </Button>
          </div>
        </div>
      )}
    </form>
  )
}

/** The hour is enough, so that a draft does not change by itself with every look at the clock. */
const draftDay = () => `${new Date().toISOString().slice(0, 13)}:00:00Z`
const inputOf = ({
  error: _,
  ...field
}: {
  name: string
  value: string
  error: string | undefined
  onChange: (event: { currentTarget: { value: string } }) => void
}) => field

/** Enter in the first line leads on to the details instead of sending half a request. */
function goOn(event: KeyboardEvent, details: HTMLTextAreaElement | null): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || !details) return
  event.preventDefault()
  details.focus()
}
