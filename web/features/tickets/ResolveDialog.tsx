import { lazy, Suspense, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { call, problemIn } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { renew, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { CheckField, FormProblem, SelectField, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useNeededFields } from '../fields/own-fields.ts'
import { ValueFields } from '../fields/ValueFields.tsx'
import { blockedQuestion, resolveChildren, useOpenChildren } from '../relations/resolving.ts'
import { relationTexts } from '../relations/texts.ts'
import type { Said } from '../sla/CauseAsk.tsx'
import { byHandTexts } from './by-hand-texts.ts'
import { useCategories } from './CategoryPicker.tsx'
import { talkTexts } from './conversation-texts.ts'
import { act, putTicket } from './edit.ts'
import { refreshRows } from './refresh-lists.ts'
import { resolutionCodes } from './resolution.ts'

const PassDialog = lazy(async () => ({ default: (await import('./PassDialog.tsx')).PassDialog }))
const asked = () => import('../sla/CauseAsk.tsx')
const CauseAsk = lazy(async () => ({ default: (await asked()).CauseAsk }))

type Props = { ticket: Ticket; told?: string; onClose: () => void }

/** With a code for the figures and a text for people. `told`: what the requester has been written already. */
export function ResolveDialog({ ticket, told, onClose }: Props) {
  const t = useTexts(talkTexts)
  const r = useTexts(relationTexts)
  const [confirm, asking] = useConfirm()
  const openChildren = useOpenChildren(ticket.id)
  const [withChildren, setWithChildren] = useState(true)
  const [causes, setCauses] = useState<Said>({})
  // Where its team does not settle it: on to the one that does.
  const [elsewhere, setElsewhere] = useState<'no' | 'yes' | 'passing'>('no')
  const h = useTexts(byHandTexts)
  const categories = useCategories()
  const [categoryId, setCategoryId] = useState(ticket.category?.id ?? null)
  const own = useNeededFields(ticket)
  const form = useForm({ code: 'solved' as (typeof resolutionCodes)[number], text: told ?? '', tell: told === undefined })
  const resolve = useSend('POST /api/tickets/:id/resolve', {
    renews: ['GET /api/tickets/views', 'GET /api/tickets/:id/fields'],
    onProblem: (cause) => void blocked(cause),
    onDone: (next) => {
      if (withChildren && openChildren > 0) void resolveChildren(ticket.id, form.values)
      if (Object.keys(causes).length > 0) void asked().then(({ sayCauses }) => sayCauses(causes))
      putTicket(next)
      refreshRows([next.id])
      renew('GET /api/tickets/:id/timeline')
      const reopen = () => void act(() => call('POST /api/tickets/:id/reopen', { params: { id: ticket.id }, body: {} }))
      toast(sayIn(talkTexts)('resolved'), { action: { label: sayIn(talkTexts)('reopen'), run: reopen } })
      onClose()
    },
  })
  const send = (despiteBlocks = false) =>
    resolve.mutate({
      params: { id: ticket.id },
      ifMatch: ticket.version,
      body: { ...form.values, despiteBlocks, categoryId, fields: own.changed() },
    })
  const blocked = async (cause: unknown) => {
    if (problemIn(cause)?.code === 'not_settled_here') setElsewhere('yes')
    const question = blockedQuestion(cause)
    if (!question) own.take(cause) || form.take(cause)
    else if (await confirm(question)) send(true)
  }
  if (elsewhere === 'passing')
    return (
      <Suspense fallback={null}>
        <PassDialog ticket={ticket} said={form.values.text} onClose={onClose} />
      </Suspense>
    )
  return (
    <Dialog title={t('resolveTitle', { number: ticket.number })} open onClose={onClose}>
      <div className="stack">
        <SelectField
          label={t('code')}
          options={resolutionCodes.map((c) => ({ value: c, label: t(`code-${c}`) }))}
          {...form.value('code')}
        />
        <SelectField
          label={h('turnedOut')}
          clearable
          searchable
          options={categories.map((c) => ({ value: c.id, label: c.path }))}
          value={categoryId}
          onChange={setCategoryId}
        />
        <ValueFields form={own} hints={false} />
        <TextArea
          label={t('solution')}
          hint={t('solutionHint')}
          data-autofocus
          {...form.text('text')}
          onKeyDown={(e) => e.key === 'Enter' && (e.ctrlKey || e.metaKey) && send()}
        />
        <CheckField label={t('tell')} {...form.check('tell')} />
        <Suspense fallback={null}>
          <CauseAsk ticket={ticket} said={causes} onChange={setCauses} />
        </Suspense>
        {openChildren > 0 && (
          <CheckField
            label={r('withChildren', { count: openChildren })}
            checked={withChildren}
            onChange={(event) => setWithChildren(event.currentTarget.checked)}
          />
        )}
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button {...(elsewhere === 'no' && { look: 'main' })} keys="mod+enter" busy={resolve.isPending} onClick={() => send()}>
          {t('resolve')}
        </Button>
        {elsewhere === 'yes' && (
          <Button look="main" onClick={() => setElsewhere('passing')}>
            {t('passDo')}
          </Button>
        )}
      </Buttons>
      {asking}
    </Dialog>
  )
}
