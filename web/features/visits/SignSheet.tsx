import { type SyntheticEvent, useRef, useState } from 'react'
import type { Visit } from '../../../contract/visits.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { CheckField, FormProblem, TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { type Pad, SignaturePad } from './SignaturePad.tsx'
import { visitTexts } from './texts.ts'
import styles from './Visits.module.css'

/** The phone is handed over: what was done, a name, and a line drawn with the finger, or the name typed with consent. */
export function SignSheet({ visit, onClose }: { visit: Visit; onClose: () => void }) {
  const t = useTexts(visitTexts)
  const form = useForm({ signer: visit.contact.name, signature: '', consent: false, summary: visit.summary, tell: true })
  const [typing, setTyping] = useState(false)
  const pad = useRef<Pad>(null)
  const sign = useSend('POST /api/visits/:id/reports', {
    renews: ['GET /api/visits/:id', 'GET /api/visits', 'GET /api/tickets/:id/visits'],
    onProblem: form.take,
    onDone: () => {
      toast(t('signed'))
      onClose()
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { signer, consent, tell } = form.values
    const signature = typing ? null : (pad.current?.png() ?? null)
    sign.mutate({ params: { id: visit.id }, body: { signer, signature, consent: typing && consent, tell } })
  }
  const total = visit.spent.reduce((sum, one) => sum + one.workMinutes, 0)
  return (
    <Dialog title={t('signTitle')} open onClose={onClose} size="lg">
      <form className="stack" onSubmit={submit} noValidate>
        <div className={styles.paper}>
          <strong>{visit.purpose}</strong>
          <p className={styles.address}>{visit.summary}</p>
          {visit.parts.length > 0 && <p className="dim">{visit.parts.map((part) => `${part.quantity} × ${part.name}`).join(', ')}</p>}
          {total > 0 && (
            <p className="dim">
              {t('workMinutes')}: {total}
            </p>
          )}
        </div>
        {form.errors['summary'] && <p className={styles.bad}>{form.errors['summary']}</p>}
        <TextField label={t('signer')} maxLength={200} {...form.text('signer')} />
        {!typing && (
          <SignaturePad ref={pad} label={t('draw')} clear={t('clear')} error={form.errors['signature'] ?? form.errors['consent']} />
        )}
        <CheckField label={t('typeInstead')} checked={typing} onChange={(event) => setTyping(event.currentTarget.checked)} />
        {typing && <CheckField label={t('consent')} {...form.check('consent')} />}
        {typing && form.errors['consent'] && <p className={styles.bad}>{form.errors['consent']}</p>}
        <CheckField label={t('mailIt')} {...form.check('tell')} />
        <FormProblem text={form.problem} />
        <Buttons>
          <Button onClick={onClose}>{t('close')}</Button>
          <Button look="main" type="submit" busy={sign.isPending}>
            {t('sign')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
