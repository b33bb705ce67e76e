import { IconMailForward } from '@tabler/icons-react'
import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextField } from '../../ui/Fields.tsx'
import { EmptyState } from '../../ui/States.tsx'
import { sessionTexts } from './texts.ts'

/** The answer is the same whether the address is known or not. */
export function LinkForm() {
  const t = useTexts(sessionTexts)
  const form = useForm({ email: '' })
  const send = useSend('POST /api/sign-in/link', { onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ body: form.values })
  }
  if (send.isSuccess)
    return (
      <EmptyState
        icon={<IconMailForward size={24} />}
        title={t('linkSent')}
        text={t('linkSentText', { email: form.values.email })}
        action={<Button onClick={() => send.reset()}>{t('again')}</Button>}
      />
    )
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <TextField label={t('email')} type="email" autoComplete="email" required {...form.text('email')} />
      <FormProblem text={form.problem} />
      <Button look="main" size="sm" type="submit" wide busy={send.isPending}>
        {t('withLink')}
      </Button>
    </form>
  )
}
