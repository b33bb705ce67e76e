import { useState } from 'react'
import type { OnCallShift, Rota } from '../../../contract/oncall.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { type Option, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { PersonPick } from '../people/picks.tsx'
import { instantIn, wallIn } from '../visits/wall.ts'
import styles from './OnCall.module.css'
import { oncallTexts } from './texts.ts'
import { rotaTexts } from './texts-rota.ts'
import { useWhen, whyOf } from './words.ts'

export const scheduleCalls = [
  'GET /api/rotas/:id/schedule',
  'GET /api/on-call',
  'GET /api/on-call/mine',
  'GET /api/on-call/problems',
  'GET /api/shift-swaps',
] as const
type Doing = 'put' | 'offer' | 'ask'
type Props = { rota: Rota; shift: OnCallShift; onClose: () => void }

/** What one does with a shift: put somebody else in, offer one's own, ask for a colleague's, step into a hole. */
export function ShiftSheet({ rota, shift, onClose }: Props) {
  const t = useTexts(oncallTexts)
  const r = useTexts(rotaTexts)
  const me = useMe()
  const when = useWhen(rota.timeZone)
  const over = Date.parse(shift.to) <= Date.now()
  const mine = shift.person?.id === me.id
  const can: Doing[] =
    over || rota.archived
      ? []
      : [
          ...(mine ? (['offer'] as const) : shift.person ? (['ask'] as const) : []),
          ...(rota.can.edit || shift.person === null ? (['put'] as const) : []),
        ]
  const [doing, setDoing] = useState<Doing | undefined>(can[0])
  const form = useForm({
    from: wallIn(Math.max(Date.parse(shift.from), over ? 0 : Date.now() - 60_000), rota.timeZone),
    to: wallIn(shift.to, rota.timeZone),
    person: (rota.can.edit ? null : { value: me.id, label: me.name }) as Option | null,
    note: '',
  })
  const send = useDoing(rota, shift, form, doing, onClose)
  const takeBack = useSend('DELETE /api/rota-overrides/:id', {
    renews: scheduleCalls,
    onProblem: toastProblem,
    onDone: () => {
      toast(r('takenBack'))
      onClose()
    },
  })
  const layer = rota.layers.find((one) => one.id === shift.layerId)?.name ?? ''
  const labels = { put: r(rota.can.edit ? 'putIn' : 'stepIn'), offer: r('offer'), ask: r('ask') }
  const { overrideId } = shift
  return (
    <FormSheet
      title={shift.person?.name ?? t('nobody')}
      {...(doing ? { action: labels[doing] } : {})}
      wide={false}
      busy={send.busy}
      problem={form.problem}
      values={form.values}
      onSave={doing ? send.run : onClose}
      onClose={onClose}
    >
      <p>
        {t('span', { from: when(shift.from), to: when(shift.to) })}
        <br />
        <span className={styles.dim}>{whyOf(t, shift, layer)}</span>
      </p>
      {overrideId !== null && rota.can.edit && (
        <Button busy={takeBack.isPending} onClick={() => takeBack.mutate({ params: { id: overrideId } })}>
          {r('takeBack')}
        </Button>
      )}
      {can.length > 1 && (
        <div className="row">
          {can.map((one) => (
            <Button key={one} look={one === doing ? 'main' : 'quiet'} aria-pressed={one === doing} onClick={() => setDoing(one)}>
              {labels[one]}
            </Button>
          ))}
        </div>
      )}
      {doing && (
        <>
          <TextField label={r('from')} type="datetime-local" hint={r('zoneHint', { zone: rota.timeZone })} {...form.text('from')} />
          <TextField label={r('to')} type="datetime-local" {...form.text('to')} />
          {doing === 'put' && rota.can.edit && (
            <PersonPick staff clearable label={r('person')} hint={r('personHint')} {...form.value('person')} />
          )}
          {doing === 'offer' && <PersonPick staff clearable label={r('taker')} hint={r('takerHint')} {...form.value('person')} />}
          <TextField label={r(doing === 'put' ? 'reason' : 'note')} {...form.text('note')} />
        </>
      )}
    </FormSheet>
  )
}

type Form = ReturnType<typeof useForm<{ from: string; to: string; person: Option | null; note: string }>>

function useDoing(rota: Rota, shift: OnCallShift, form: Form, doing: Doing | undefined, onClose: () => void) {
  const r = useTexts(rotaTexts)
  const me = useMe()
  const done = (words: string) => ({
    renews: scheduleCalls,
    onProblem: form.take,
    onDone: () => {
      toast(words)
      onClose()
    },
  })
  const put = useSend('POST /api/rotas/:id/overrides', done(r('putDone')))
  const swap = useSend('POST /api/rotas/:id/swaps', done(r(doing === 'ask' ? 'asked' : 'offered')))
  const run = () => {
    const { person, note } = form.values
    const span = { from: instantIn(form.values.from, rota.timeZone) ?? '', to: instantIn(form.values.to, rota.timeZone) ?? '' }
    const params = { id: rota.id }
    if (doing === 'put') return put.mutate({ params, body: { ...span, personId: person?.value ?? null, reason: note } })
    const who =
      doing === 'ask' ? { giverId: shift.person!.id, takerId: me.id } : { takerId: person && person.value !== me.id ? person.value : null }
    swap.mutate({ params, body: { ...span, ...who, note } })
  }
  return { run, busy: put.isPending || swap.isPending }
}
