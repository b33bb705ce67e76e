import { useState } from 'react'
import type { BulkRun } from '../../../contract/views.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { keyOf, queries, renew, useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, SideSheet } from '../../ui/Dialog.tsx'
import { CheckField, FormProblem, SelectField, TagsField, TextArea, TextField } from '../../ui/Fields.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { useEveryField, useOwnFields } from '../fields/own-fields.ts'
import { ValueFields } from '../fields/ValueFields.tsx'
import { PersonPick, TeamPick } from '../people/picks.tsx'
import { talkTexts } from '../tickets/conversation-texts.ts'
import { resolutionCodes } from '../tickets/resolution.ts'
import { HandoffFields } from '../tiers/HandoffFields.tsx'
import { useAskedParts } from '../tiers/handoff.ts'
import { actionOf, type Doing, doings, nothing, type Values, type Which } from './bulk.ts'
import { useChoices } from './options.ts'
import { viewTexts } from './texts.ts'
import styles from './Views.module.css'

/** What to do; what would happen; how far it is; what was done, and back again. */
export function BulkSheet({ which, onClose }: { which: Which; onClose: () => void }) {
  const t = useTexts(viewTexts)
  const [runId, setRunId] = useState<string>()
  return (
    <SideSheet title={t('many')} open onClose={onClose} size="lg">
      {runId ? <Run id={runId} onBack={() => setRunId(undefined)} onClose={onClose} /> : <Choose which={which} onPreview={setRunId} />}
    </SideSheet>
  )
}

function Choose({ which, onPreview }: { which: Which; onPreview: (id: string) => void }) {
  const t = useTexts(viewTexts)
  const c = useTexts(talkTexts)
  const choices = useChoices()
  const form = useForm<Values>(nothing)
  const own = useOwnFields(useEveryField())
  const preview = useSend('POST /api/bulk', { onDone: (run) => onPreview(run.id), onProblem: form.take })
  const { doing } = form.values
  const askedParts = useAskedParts(doing === 'pass' ? form.values.team?.value : null)
  return (
    <div className="stack">
      <SelectField
        label={t('action')}
        options={doings.map((value) => ({ value, label: t(`do.${value}`) }))}
        value={doing}
        onChange={(next: Doing) => form.set('doing', next)}
      />
      {doing === 'assign' && <PersonPick staff label={t('assignee')} placeholder={t('leave')} {...form.value('assignee')} />}
      {(doing === 'assign' || doing === 'pass') && <TeamPick label={t('team')} {...form.value('team')} />}
      {doing === 'pass' && <HandoffFields asked={askedParts} text={form.text} />}
      {doing === 'pass' && <TextArea label={t('note')} autosize minRows={3} {...form.text('note')} />}
      {doing === 'set' && (
        <>
          <SelectField label={t('status')} placeholder={t('leave')} clearable options={choices('status')} {...form.value('statusId')} />
          <SelectField label={t('priority')} placeholder={t('leave')} clearable options={choices('priority')} {...form.value('priority')} />
          {form.values.priority !== null && <TextField label={t('why')} {...form.text('why')} />}
          {own.fields.length > 0 && (
            <fieldset className={styles.own}>
              <legend>{t('ownFields')}</legend>
              <p className="dim small">{t('ownFieldsHint')}</p>
              <ValueFields form={own} hints={false} />
            </fieldset>
          )}
        </>
      )}
      {doing === 'tags' && (
        <>
          <TagsField label={t('addTags')} value={form.values.add} onChange={(tags) => form.set('add', [...tags])} />
          <TagsField label={t('removeTags')} value={form.values.remove} onChange={(tags) => form.set('remove', [...tags])} />
        </>
      )}
      {doing === 'resolve' && (
        <>
          <SelectField
            label={t('code')}
            options={resolutionCodes.map((value) => ({ value, label: c(`code-${value}`) }))}
            {...form.value('code')}
          />
          <TextArea label={t('resolution')} autosize minRows={3} {...form.text('text')} />
          <CheckField label={t('tell')} {...form.check('tell')} />
        </>
      )}
      <FormProblem text={form.problem} />
      <Buttons>
        <Button
          look="main"
          busy={preview.isPending}
          onClick={() => preview.mutate({ body: { ...which, action: actionOf(form.values, own.filled(), askedParts) } })}
        >
          {t('preview')}
        </Button>
      </Buttons>
    </div>
  )
}

const known = [
  'not_found',
  'not_allowed',
  'ticket_closed',
  'ticket_merged',
  'status_move_refused',
  'tasks_open',
  'ticket_blocked',
  'verification_needed',
  'not_settled_here',
  'handoff_note_needed',
  'validation_failed',
] as const

function Run({ id, onBack, onClose }: { id: string; onBack: () => void; onClose: () => void }) {
  const t = useTexts(viewTexts)
  const formats = useFormats()
  const [busy, setBusy] = useState(false)
  const { data: run } = useCall('GET /api/bulk/:id', { params: { id } }, { refetchInterval: busy ? 400 : false })
  const moves = run?.state === 'waiting' || run?.state === 'running' || run?.state === 'undoing'
  if (busy && run && !moves && run.state !== 'preview') {
    setBusy(false)
    renew('GET /api/tickets', 'GET /api/tickets/views', 'GET /api/views/:id/tickets', 'GET /api/views/:id/board', 'GET /api/views/counts')
  }
  // Its new state is known at once: what is kept would still say that nothing moves.
  const onDone = (started: BulkRun) => {
    queries.setQueryData(keyOf('GET /api/bulk/:id', { params: { id } }), started)
    setBusy(true)
  }
  const sending = { onDone, onProblem: toastProblem }
  const start = useSend('POST /api/bulk/:id/run', sending)
  const undo = useSend('POST /api/bulk/:id/undo', sending)
  if (!run) return null
  const { will, done, same, cannot, undone } = run.counts as Record<'will' | 'done' | 'same' | 'cannot' | 'undone', number>
  const since = run.counts['changed-since'] ?? 0
  const headline =
    run.state === 'preview'
      ? t('will', { count: will })
      : run.state === 'undoing'
        ? t('undoing')
        : moves
          ? t('running', { done, total: done + will })
          : run.state === 'undone'
            ? t('undone', { count: undone })
            : t('done', { count: done })
  return (
    <div className="stack">
      <div className={styles.figure} aria-live="polite">
        {headline}
      </div>
      {same > 0 && <div>{t('same', { count: same })}</div>}
      {since > 0 && <div>{t('since', { count: since })}</div>}
      {cannot > 0 && (
        <div>
          {t('cannot', { count: cannot })}
          <ul className={styles.rows}>
            {run.reasons.map(({ code, count }) => {
              const why = known.find((one) => one === code)
              return (
                <li key={code}>
                  {count} × {t(why ? `why.${why}` : 'why.other')}
                </li>
              )
            })}
          </ul>
        </div>
      )}
      {run.cut && <div>{t('cut')}</div>}
      {run.state === 'done' && run.undoUntil && done > 0 && (
        <div className={styles.rows}>{t('undoUntil', { time: formats.full(run.undoUntil) })}</div>
      )}
      <Buttons>
        {run.state === 'preview' && <Button onClick={onBack}>{t('back')}</Button>}
        {!moves && run.state !== 'preview' && <Button onClick={() => location.assign(`/api/bulk/${id}/csv`)}>{t('report')}</Button>}
        {run.state === 'done' && done > 0 && (
          <Button busy={undo.isPending} onClick={() => undo.mutate({ params: { id } })}>
            {t('undo')}
          </Button>
        )}
        {run.state === 'preview' ? (
          <Button look="main" disabled={will === 0} busy={start.isPending} onClick={() => start.mutate({ params: { id } })}>
            {t('run', { count: will })}
          </Button>
        ) : (
          <Button look="main" onClick={onClose}>
            {t('close')}
          </Button>
        )}
      </Buttons>
    </div>
  )
}
