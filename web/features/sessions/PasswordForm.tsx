import { type SyntheticEvent, useState } from 'react'
import { call } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, PasswordField, TextField } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Door.module.css'
import { useEnter } from './enter.ts'
import { sessionTexts } from './texts.ts'

export function PasswordForm({ next }: { next: string | undefined }) {
  const t = useTexts(sessionTexts)
  const form = useForm({ email: '', password: '' })
  const enter = useEnter(next)
  const [resetting, setResetting] = useState(false)
  const send = useSend('POST /api/sign-in/password', { onDone: (answer) => enter(answer.next), onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ body: form.values })
  }
  const reset = async () => {
    setResetting(true)
    try {
      await call('POST /api/password-reset', { body: { email: form.values.email } })
      toast(t('resetSent', { email: form.values.email }), { seconds: 10 })
    } catch (cause) {
      form.take(cause)
      toastProblem(cause)
    } finally {
      setResetting(false)
    }
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <TextField label={t('email')} type="email" autoComplete="username webauthn" required {...form.text('email')} />
      <PasswordField label={t('password')} autoComplete="current-password" required {...form.text('password')} />
      <FormProblem text={form.problem} />
      <Button look="main" size="sm" type="submit" wide busy={send.isPending}>
        {t('withPassword')}
      </Button>
      <button type="button" className={styles.textButton} disabled={resetting} onClick={() => void reset()}>
        {t('forgot')}
      </button>
    </form>
  )
}
