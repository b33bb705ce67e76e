import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, type SyntheticEvent, useEffect, useState } from 'react'
import type { Caller } from '../../../contract/calls.ts'
import { problemIn } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { renew, useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, FieldRow, FormProblem, SelectField, TextArea, TextField } from '../../ui/Fields.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { type Answers, toldOf } from '../emergency/severity.ts'
import { useAskedFields, useOwnFields } from '../fields/own-fields.ts'
import { ValueFields } from '../fields/ValueFields.tsx'
import { instantOf } from '../tasks/tasks.ts'
import { useCategories } from '../tickets/CategoryPicker.tsx'
import { HandoffFields } from '../tiers/HandoffFields.tsx'
import { noParts, partsOf, useAskedParts } from '../tiers/handoff.ts'
import { CallerCard, FoundCallers } from './CallerCard.tsx'
import styles from './Calls.module.css'
import { callTexts } from './texts.ts'

const WhileTyping = lazy(async () => ({ default: (await import('../similar/WhileTyping.tsx')).WhileTyping }))

const SeverityQuestions = lazy(async () => ({ default: (await import('../emergency/SeverityQuestions.tsx')).SeverityQuestions }))

type Ending = 'solve' | 'send' | 'keep' | 'add'
const methods = ['phone', 'mobile', 'video', 'mail'] as const
const empty = {
  subject: '',
  text: '',
  categoryId: null as string | null,
  teamId: null as string | null,
  newName: '',
  newMail: '',
  personId: null as string | null,
  callBack: false,
  method: 'phone' as (typeof methods)[number],
  number: '',
  from: '',
  until: '',
  ...noParts,
}

/** While the phone is at the ear: who, one line, and one of the endings. */
export function CallPage() {
  const t = useTexts(callTexts)
  const { call: callId, person } = useSearch({ strict: false }) as { call?: string; person?: string }
  const told = useCall('GET /api/calls/:id', { params: { id: callId ?? '0' } }, { enabled: callId !== undefined }).data
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<Caller>()
  const [ticketId, setTicketId] = useState<string>()
  const asked = typed || told?.number || told?.person?.name || person || ''
  const found = useCall('GET /api/callers', { query: { q: asked } }, { enabled: asked.trim().length > 1, keep: true })
  const items = asked.trim().length > 1 ? found.data?.items : undefined
  useEffect(() => {
    // One who is known by the very number that rings needs no click.
    const only = told?.number && items?.length === 1 ? items[0] : undefined
    if (only && !chosen && typed === '') setChosen(only)
  }, [told, items, chosen, typed])
  return (
    <Page title={t('take')} lead={t('takeLead')} width="narrow">
      <Section>
        <div className="stack">
          {chosen ? (
            <CallerCard
              caller={chosen}
              ticketId={ticketId}
              onTicket={setTicketId}
              onOther={() => {
                setChosen(undefined)
                setTicketId(undefined)
              }}
            />
          ) : (
            <>
              <TextField
                label={t('caller')}
                placeholder={t('callerHint')}
                autoFocus
                value={typed || told?.number || ''}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
              <FoundCallers items={items} onChoose={setChosen} />
            </>
          )}
          <CallFields
            caller={chosen}
            ticketId={ticketId}
            callId={callId}
            number={found.data?.number ?? told?.number ?? ''}
            nobody={!chosen && items?.length === 0}
            typed={asked}
          />
        </div>
      </Section>
    </Page>
  )
}

type FieldsProps = {
  caller: Caller | undefined
  ticketId: string | undefined
  callId: string | undefined
  number: string
  nobody: boolean
  typed: string
}
function CallFields({ caller, ticketId, callId, number, nobody, typed }: FieldsProps) {
  const t = useTexts(callTexts)
  const navigate = useNavigate()
  const form = useForm(empty)
  const own = useOwnFields(useAskedFields('incident', form.values.categoryId))
  const categories = useCategories()
  const teams = useCall('GET /api/teams', {}, { staleTime: 60_000 }).data?.items.filter((team) => !team.archived)
  const [needed, setNeeded] = useState(false)
  const askedParts = useAskedParts(ticketId ? null : form.values.teamId)
  const [answers, setAnswers] = useState<Answers>()
  const send = useSend('POST /api/calls', {
    renews: ['GET /api/calls', 'GET /api/call-backs', 'GET /api/tickets', 'GET /api/tickets/views'],
    onProblem: (cause) => {
      const code = problemIn(cause)?.code
      setNeeded(code === 'verification_needed')
      if (code === 'version_stale') renew('GET /api/emergency/questions')
      if (!own.take(cause)) form.take(cause)
    },
    onDone: (done) => {
      toast(sayIn(callTexts)('done', { number: done.ticketId }))
      void navigate({ to: '/tickets/$ticketId', params: { ticketId: done.ticketId }, search: {} as never })
    },
  })
  const end = (ending: Ending) => {
    const { subject, text, categoryId, teamId, newName, newMail, callBack, method, from, until } = form.values
    const fromAt = instantOf(from) ?? new Date().toISOString()
    const who = caller
      ? { personId: caller.id }
      : newName.trim() === ''
        ? {}
        : { newPerson: { name: newName.trim(), email: newMail.trim() || null } }
    const severity = toldOf(answers)
    send.mutate({
      body: {
        ...(severity ? { severity } : {}),
        ...(callId ? { callId } : {}),
        ...(ending === 'add' ? {} : who),
        ...(ticketId && ending === 'add' ? { ticketId } : {}),
        ...(teamId ? { teamId } : {}),
        ...(ending === 'send' ? partsOf(form.values, askedParts) : {}),
        ...(callBack ? { callBack: { method, number: form.values.number, fromAt, untilAt: instantOf(until) } } : {}),
        number,
        subject,
        text,
        categoryId,
        ...(ending === 'add' ? {} : { fields: own.filled() }),
        ending,
      },
    })
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    end(ticketId ? 'add' : 'keep')
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {!caller && (nobody || form.errors['personId']) && (
        <>
          <span className="dim">{form.errors['personId'] ?? t('nobody')}</span>
          <FieldRow>
            <TextField label={t('newName')} placeholder={/\d{3}/.test(typed) ? '' : typed} {...form.text('newName')} />
            <TextField label={t('newMail')} type="email" {...form.text('newMail')} />
          </FieldRow>
        </>
      )}
      <Suspense fallback={null}>
        {(caller || nobody) && <SeverityQuestions key={caller?.id ?? ''} personId={caller?.id} onChange={setAnswers} />}
      </Suspense>
      {!ticketId && <TextField label={t('subject')} placeholder={t('subjectHint')} maxLength={250} {...form.text('subject')} />}
      <TextArea label={t(ticketId ? 'textAdd' : 'text')} {...form.text('text')} />
      {!ticketId && (
        <Suspense fallback={null}>
          <WhileTyping
            subject={form.values.subject}
            body={form.values.text}
            categoryId={form.values.categoryId}
            requesterId={caller?.id ?? null}
          />
        </Suspense>
      )}
      {!ticketId && (
        <FieldRow>
          <SelectField
            label={t('category')}
            clearable
            searchable
            options={categories.map((c) => ({ value: c.id, label: c.path }))}
            {...form.value('categoryId')}
          />
          <SelectField
            label={t('team')}
            clearable
            options={(teams ?? []).map((team) => ({ value: team.id, label: team.name }))}
            {...form.value('teamId')}
          />
        </FieldRow>
      )}
      <HandoffFields asked={askedParts} text={form.text} />
      {!ticketId && <ValueFields form={own} />}
      <CheckField label={t('callBack')} {...form.check('callBack')} />
      {form.values.callBack && (
        <>
          <FieldRow>
            <SelectField
              label={t('method')}
              options={methods.map((value) => ({ value, label: t(methodText[value]) }))}
              {...form.value('method')}
            />
            <TextField label={t('number')} placeholder={number || caller?.phones[0]?.number || ''} {...form.text('number')} />
          </FieldRow>
          <FieldRow>
            <TextField label={t('from')} type="datetime-local" {...form.text('from')} />
            <TextField label={t('until')} type="datetime-local" {...form.text('until')} />
          </FieldRow>
        </>
      )}
      <FormProblem text={form.problem} />
      {needed && <span className="dim">{t('verifyFirst')}</span>}
      <div className={styles.endings}>
        {ticketId ? (
          <Button look="main" type="submit" busy={send.isPending}>
            {t('add')}
          </Button>
        ) : (
          <>
            <Button look={needed ? 'quiet' : 'main'} busy={send.isPending} onClick={() => end('solve')}>
              {t('solve')}
            </Button>
            <Button busy={send.isPending} onClick={() => end('send')}>
              {t('send')}
            </Button>
            <Button look={needed ? 'main' : 'quiet'} type="submit" busy={send.isPending}>
              {t('keep')}
            </Button>
          </>
        )}
      </div>
    </form>
  )
}

export const methodText = { phone: 'byPhone', mobile: 'byMobile', video: 'byVideo', mail: 'byMail' } as const
