import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { SyntheticEvent } from 'react'
import { call, problemIn } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, PasswordField, TextField } from '../../ui/Fields.tsx'
import { ErrorState, Loading } from '../../ui/States.tsx'
import { Door } from '../sessions/Door.tsx'
import { useEnter } from '../sessions/enter.ts'
import { setUpTexts } from './texts.ts'

/** Where the link of the first start leads: whoever opens it becomes the first administrator. Looking uses nothing up. */
export function FirstAdministratorPage() {
  const t = useTexts(setUpTexts)
  const { token } = useParams({ from: '/set-up/$token' })
  const look = useQuery({
    queryKey: ['link', token],
    queryFn: () => call('POST /api/sign-in/link/look', { body: { token } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (look.data?.purpose === 'set-up') return <FirstForm token={token} />
  const code = problemIn(look.error)?.code ?? ''
  const gone = look.data !== undefined || ['link_expired', 'not_found', 'validation_failed', 'set_up_done'].includes(code)
  return (
    <Door title={gone ? t('gone') : t('looking')}>
      {gone ? (
        <>
          <p>{t('goneText')}</p>
          <Link to="/sign-in">{t('toSignIn')}</Link>
        </>
      ) : look.error ? (
        <ErrorState cause={look.error} onRetry={() => void look.refetch()} />
      ) : (
        <Loading rows={3} />
      )}
    </Door>
  )
}

function FirstForm({ token }: { token: string }) {
  const t = useTexts(setUpTexts)
  const enter = useEnter('/set-up')
  const form = useForm({ name: '', email: '', password: '' })
  const send = useSend('POST /api/sign-in/link/use', { onDone: (answer) => enter(answer.next), onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ body: { token, ...form.values } })
  }
  return (
    <Door title={t('firstTitle')} lead={t('firstLead')}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField label={t('name')} autoComplete="name" required autoFocus {...form.text('name')} />
        <TextField label={t('email')} hint={t('emailHint')} type="email" autoComplete="username" required {...form.text('email')} />
        <PasswordField label={t('password')} hint={t('passwordHint')} autoComplete="new-password" required {...form.text('password')} />
        <FormProblem text={form.problem} />
        <Button look="main" size="sm" type="submit" wide busy={send.isPending}>
          {t('begin')}
        </Button>
      </form>
    </Door>
  )
}
