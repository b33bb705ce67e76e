import { IconPaperclip } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, type SyntheticEvent, useEffect, useRef, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { CheckField, FormProblem, TextArea, TextField } from '../../ui/Fields.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useAskedFields, useOwnFields } from '../fields/own-fields.ts'
import { ValueFields } from '../fields/ValueFields.tsx'
import { Attachments } from './Attachments.tsx'
import { draftOf, keepDraft, useBegun } from './begun.ts'
import { talkTexts } from './conversation-texts.ts'
import { ClassifyFields, SolvedFields, WhoFields } from './NewTicketFields.tsx'
import { bodyFrom, emptyTicket, type NewTicket, type NewTicketForm } from './new-ticket.ts'
import { ticketTexts } from './texts.ts'
import { type Attached, useUploads } from './uploads.ts'

const KnownCustomer = lazy(async () => ({ default: (await import('../customers/KnownCustomer.tsx')).KnownCustomer }))
const WhileTyping = lazy(async () => ({ default: (await import('../similar/WhileTyping.tsx')).WhileTyping }))
const TemplateField = lazy(async () => ({ default: (await import('../readymade/TemplateField.tsx')).TemplateField }))

const where = { ticketId: null, kind: 'ticket' } as const

/** For somebody who called or came by: who, what, where it belongs; solved at once if it is. */
export function NewTicketPage() {
  const t = useTexts(ticketTexts)
  const w = useTexts(talkTexts)
  const navigate = useNavigate()
  const form = useForm<NewTicket>(emptyTicket)
  const own = useOwnFields(useAskedFields(form.values.kind, form.values.categoryId))
  const uploads = useUploads()
  const pick = useRef<HTMLInputElement>(null)
  const draft = useDraft(form, uploads.files, uploads.set)
  usePreset(form)
  const [template, setTemplate] = useState<string | null>(null)
  const told: CreateExtra = {
    renews: ['GET /api/tickets', 'GET /api/tickets/views'],
    onProblem: (cause) => {
      // Both at once: all that is wrong is said beside its field.
      if (!own.take(cause)) form.take(cause)
    },
    onDone: (ticket) => {
      draft.drop()
      toast(sayIn(ticketTexts)(ticket.status.meaning === 'resolved' ? 'createdSolved' : 'creating', { number: ticket.number }))
      void navigate({ to: '/tickets/$ticketId', params: { ticketId: ticket.id } })
    },
  }
  const create = useSend('POST /api/tickets', told)
  const createFrom = useSend('POST /api/readymade/:id/tickets', told)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const body = { ...bodyFrom(form.values, uploads.files), ...(own.fields.length > 0 ? { fields: own.filled() } : {}) }
    if (template === null) create.mutate({ body })
    else createFrom.mutate({ params: { id: template }, body })
  }
  const discard = () => {
    draft.drop()
    form.reset(emptyTicket)
    own.reset()
    uploads.set([])
    toast(t('dropped'))
  }
  return (
    <Page title={t('newTicket')} lead={t('newTicketLead')} width="narrow">
      <form className="stack" onSubmit={submit} noValidate {...uploads.target}>
        <Section>
          <WhoFields form={form} />
          {form.values.requesterId && (
            <Suspense fallback={null}>
              <KnownCustomer key={form.values.requesterId.value} personId={(form.values.onBehalfOfId ?? form.values.requesterId).value} />
            </Suspense>
          )}
        </Section>
        <Section>
          <Suspense fallback={null}>
            <TemplateField form={form} value={template} onChange={setTemplate} />
          </Suspense>
          <TextField label={t('subject')} required maxLength={250} {...form.text('subject')} />
          <TextArea label={t('description')} minRows={5} {...form.text('body')} />
          <div>
            <input
              ref={pick}
              type="file"
              multiple
              hidden
              aria-label={w('attach')}
              onChange={(e) => void uploads.add(e.currentTarget.files ?? [])}
            />
            <Button icon={<IconPaperclip size={16} />} busy={uploads.busy > 0} onClick={() => pick.current?.click()}>
              {w('attach')}
            </Button>
          </div>
          <Attachments files={uploads.files} onRemove={uploads.remove} />
        </Section>
        <Suspense fallback={null}>
          <WhileTyping
            subject={form.values.subject}
            body={form.values.body}
            requesterId={form.values.who === 'known' ? (form.values.requesterId?.value ?? null) : null}
            categoryId={form.values.categoryId}
            onSolve={(text) => {
              form.set('solved', true)
              form.set('text', text)
            }}
          />
        </Suspense>
        <Section>
          <ClassifyFields form={form} />
          <ValueFields form={own} />
        </Section>
        <Section>
          <CheckField label={t('tell')} {...form.check('acknowledge')} />
          <SolvedFields form={form} />
        </Section>
        <FormProblem text={form.problem ?? form.errors.requester ?? undefined} />
        <Buttons>
          {draft.begun && (
            <Button size="sm" onClick={discard}>
              {t('drop')}
            </Button>
          )}
          <Button look="main" size="sm" type="submit" busy={create.isPending || createFrom.isPending} disabled={uploads.busy > 0}>
            {t(form.values.solved ? 'createSolved' : 'create')}
          </Button>
        </Buttons>
      </form>
    </Page>
  )
}

type CreateExtra = {
  renews: ['GET /api/tickets', 'GET /api/tickets/views']
  onProblem: (cause: unknown) => void
  onDone: (ticket: Ticket) => void
}

/** The page is a draft from the first word on: it is there again after a reload, and on the strip. */
function useDraft(form: NewTicketForm, files: readonly Attached[], setFiles: (files: readonly Attached[]) => void) {
  const begun = useBegun().data
  const taken = useRef(false)
  const dropped = useRef(false)
  const { values, reset } = form
  useEffect(() => {
    if (!begun || taken.current) return
    taken.current = true
    const found = draftOf(begun, where)?.content as (Partial<NewTicket> & { files?: Attached[] }) | undefined
    if (!found) return
    reset({ ...emptyTicket, ...found })
    setFiles(found.files ?? [])
  }, [begun, reset, setFiles])
  const started = values.subject !== '' || values.body !== '' || values.requesterName !== ''
  useEffect(() => {
    if (!taken.current || !started || dropped.current) return
    const keep = () => {
      if (!dropped.current) void keepDraft(where, { ...values, files }, values.subject).catch(() => undefined)
    }
    const timer = setTimeout(keep, 700)
    return () => clearTimeout(timer)
  }, [values, files, started])
  const drop = () => {
    dropped.current = true
    void keepDraft(where, null).catch(() => undefined)
    setTimeout(() => {
      dropped.current = false
    }, 1000)
  }
  return { begun: started, drop }
}

/** From a person's page: the requester is known already. */
function usePreset(form: NewTicketForm): void {
  const { requester } = useSearch({ from: '/staff/new-ticket' })
  const { data } = useCall('GET /api/people/:id', { params: { id: requester ?? '' } }, { enabled: requester !== undefined })
  const { set } = form
  const done = useRef(false)
  useEffect(() => {
    if (!data || done.current) return
    done.current = true
    set('requesterId', { value: data.id, label: data.name })
  }, [data, set])
}
