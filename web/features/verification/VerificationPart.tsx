import { IconShieldCheck } from '@tabler/icons-react'
import { type SyntheticEvent, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import type { Verification, VerificationStanding } from '../../../contract/verification.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, TextArea, TextField } from '../../ui/Fields.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { verificationTexts } from './texts.ts'
import styles from './Verification.module.css'

const renews = ['GET /api/tickets/:id/verification', 'GET /api/tickets/:id/timeline'] as const

/** Who is on the phone: quiet while nobody asks for it, a banner where the category does. */
export function VerificationPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(verificationTexts)
  const [open, setOpen] = useState(false)
  const { data } = useCall('GET /api/tickets/:id/verification', { params: { id: ticket.id } })
  if (!data || (!data.can.verify && data.history.length === 0)) return null
  const { verified, needed, can } = data
  const last = data.history[0]
  const pending = last?.state === 'pending' ? last : undefined
  const shown = open || needed || pending !== undefined
  return (
    <PanelPart
      title={t('title')}
      action={
        !shown && !verified && can.verify ? (
          <Button look="plain" onClick={() => setOpen(true)}>
            {t('check')}
          </Button>
        ) : undefined
      }
    >
      <div className={styles.stack}>
        {verified && <Good one={verified} />}
        {!verified && needed && <div className={styles.needed}>{t('needed')}</div>}
        {!verified && last && (last.state === 'failed' || last.state === 'refused') && (
          <span className={styles.bad}>{last.state === 'refused' ? t('refused', { target: last.target }) : t('failed')}</span>
        )}
        {!verified &&
          can.verify &&
          shown &&
          (pending ? (
            <Pending key={pending.id} one={pending} standing={data} ticketId={ticket.id} />
          ) : (
            <Ways standing={data} ticketId={ticket.id} />
          ))}
      </div>
    </PanelPart>
  )
}

function Good({ one }: { one: Verification }) {
  const t = useTexts(verificationTexts)
  const formats = useFormats()
  return (
    <div className={styles.good}>
      <IconShieldCheck size={18} aria-hidden="true" />
      <span>
        <strong>{t('verified')}</strong> {t(`by-${one.method}`, { target: one.target, reason: one.reason })}
        <span className="dim">
          {' · '}
          {t('when', { agent: one.createdBy?.name ?? '', when: formats.dateTime(one.settledAt ?? one.createdAt) })}
        </span>
      </span>
    </div>
  )
}

function Ways({ standing, ticketId }: { standing: VerificationStanding; ticketId: string }) {
  const t = useTexts(verificationTexts)
  const formats = useFormats()
  const [waiving, setWaiving] = useState(false)
  const begin = useSend('POST /api/tickets/:id/verifications', { renews, onProblem: toastProblem })
  return (
    <>
      {standing.ways.map((way) => (
        <div key={way.method} className={styles.way}>
          <Button
            disabled={!way.usable}
            busy={begin.isPending && begin.variables.body.method === way.method}
            onClick={() => begin.mutate({ params: { id: ticketId }, body: { method: way.method } })}
          >
            {t(`ask-${way.method}`)}
          </Button>
          <span className={styles.why} data-bad={way.why === 'too-new' || undefined}>
            {way.usable ? way.target : t(`why-${way.why ?? 'missing'}`, { when: way.since ? formats.dateTime(way.since) : '' })}
          </span>
        </div>
      ))}
      {standing.can.waive && (
        <div>
          <Button look="plain" onClick={() => setWaiving(true)}>
            {t('waive')}
          </Button>
        </div>
      )}
      {waiving && <WaiveDialog ticketId={ticketId} onClose={() => setWaiving(false)} />}
    </>
  )
}

function Pending({ one, standing, ticketId }: { one: Verification; standing: VerificationStanding; ticketId: string }) {
  const t = useTexts(verificationTexts)
  const [other, setOther] = useState(false)
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<number>()
  const check = useSend('POST /api/verifications/:id/code', {
    renews,
    onProblem: toastProblem,
    onDone: (done) => {
      setCode('')
      setWrong(done.state === 'pending' ? done.triesLeft : undefined)
    },
  })
  if (other) return <Ways standing={standing} ticketId={ticketId} />
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    check.mutate({ params: { id: one.id }, body: { code: code.trim() } })
  }
  return (
    <>
      <span>{t(one.method === 'manager' ? 'waiting' : 'sent', { target: one.target })}</span>
      {one.method !== 'manager' && (
        <form className={styles.entry} onSubmit={submit} noValidate>
          <TextField
            label={t('code')}
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, ''))}
          />
          <Button type="submit" look="main" busy={check.isPending} disabled={code.length !== 6}>
            {t('check')}
          </Button>
        </form>
      )}
      {wrong !== undefined && (
        <span className={styles.bad} role="status">
          {t('wrong', { count: wrong })}
        </span>
      )}
      <div>
        <Button look="plain" onClick={() => setOther(true)}>
          {t('again')}
        </Button>
      </div>
    </>
  )
}

function WaiveDialog({ ticketId, onClose }: { ticketId: string; onClose: () => void }) {
  const t = useTexts(verificationTexts)
  const ui = useTexts(uiTexts)
  const form = useForm({ reason: '' })
  const waive = useSend('POST /api/tickets/:id/verifications/waive', { renews, onProblem: form.take, onDone: onClose })
  return (
    <Dialog title={t('waive')} open onClose={onClose}>
      <TextArea label={t('waiveReason')} hint={t('waiveHint')} data-autofocus {...form.text('reason')} />
      <FormProblem text={form.problem} />
      <Buttons>
        <Button onClick={onClose}>{ui('cancel')}</Button>
        <Button look="main" busy={waive.isPending} onClick={() => waive.mutate({ params: { id: ticketId }, body: form.values })}>
          {t('waive')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
