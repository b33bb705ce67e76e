import { type SyntheticEvent, useState } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, PasswordField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { profileTexts } from './texts.ts'

export function PasswordPart({ has }: { has: boolean }) {
  const t = useTexts(profileTexts)
  const [open, setOpen] = useState(false)
  const label = t(has ? 'passwordChange' : 'passwordSet')
  return (
    <Section
      title={t('passwordTitle')}
      lead={t(has ? 'passwordText' : 'passwordNone')}
      actions={<Button onClick={() => setOpen(true)}>{label}</Button>}
    >
      <Dialog title={label} open={open} onClose={() => setOpen(false)} size="sm">
        <PasswordForm has={has} onDone={() => setOpen(false)} />
      </Dialog>
    </Section>
  )
}

function PasswordForm({ has, onDone }: { has: boolean; onDone: () => void }) {
  const t = useTexts(profileTexts)
  const me = useMe()
  const form = useForm({ current: '', password: '' })
  const save = useSend('PUT /api/me/password', {
    renews: ['GET /api/me/security'],
    onDone: () => {
      toast(t('passwordSaved'))
      onDone()
    },
    onProblem: form.take,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { current, password } = form.values
    save.mutate({ body: { password, ...(has ? { current } : {}) } })
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {/* So that a password manager knows whose it is. */}
      <input type="email" autoComplete="username" value={me.email ?? ''} readOnly hidden />
      {has && <PasswordField label={t('current')} autoComplete="current-password" {...form.text('current')} />}
      <PasswordField label={t('newPassword')} hint={t('passwordHint')} autoComplete="new-password" {...form.text('password')} />
      <FormProblem text={form.problem} />
      <Buttons>
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button look="main" type="submit" busy={save.isPending}>
          {t('save')}
        </Button>
      </Buttons>
    </form>
  )
}
