import type { SyntheticEvent } from 'react'
import type { Visit } from '../../../contract/visits.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { CheckField, FormProblem, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { visitTexts } from './texts.ts'

type Props = { visit: Visit; about: 'cancel' | 'not-met'; onClose: () => void; onNotMet: (reason: string) => void }

/** A visit that does not take place says why. */
export function ReasonDialog({ visit, about, onClose, onNotMet }: Props) {
  const t = useTexts(visitTexts)
  const form = useForm({ reason: '', tell: true })
  const cancel = useSend('POST /api/visits/:id/cancel', {
    renews: ['GET /api/visits/:id', 'GET /api/visits', 'GET /api/tickets/:id/visits'],
    onProblem: form.take,
    onDone: () => {
      toast(t('cancelled'))
      onClose()
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (about === 'cancel') cancel.mutate({ params: { id: visit.id }, body: form.values })
    else if (form.values.reason.trim() !== '') onNotMet(form.values.reason.trim())
  }
  return (
    <Dialog title={t(about === 'cancel' ? 'cancelTitle' : 'notMet')} open onClose={onClose} size="sm">
      <form className="stack" onSubmit={submit} noValidate>
        <TextArea
          label={t(about === 'cancel' ? 'cancelWhy' : 'notMetWhy')}
          data-autofocus
          minRows={2}
          maxLength={500}
          {...form.text('reason')}
        />
        {about === 'cancel' && <CheckField label={t('cancelTell')} {...form.check('tell')} />}
        <FormProblem text={form.problem} />
        <Buttons>
          <Button onClick={onClose}>{t('keep')}</Button>
          <Button look={about === 'cancel' ? 'danger' : 'main'} type="submit" busy={cancel.isPending}>
            {t(about === 'cancel' ? 'cancelIt' : 'notMet')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
