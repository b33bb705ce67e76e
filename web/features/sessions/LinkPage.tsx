import { IconLinkOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { SyntheticEvent } from 'react'
import { type Answer, call, problemIn } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, PasswordField, TextField } from '../../ui/Fields.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/States.tsx'
import { Door } from './Door.tsx'
import { useEnter } from './enter.ts'
import { sessionTexts } from './texts.ts'

/** Where links in mails lead. Mail scanners open links: looking uses nothing up, only the button does. */
export function LinkPage() {
  const t = useTexts(sessionTexts)
  const { token } = useParams({ from: '/link/$token' })
  const look = useQuery({
    queryKey: ['link', token],
    queryFn: () => call('POST /api/sign-in/link/look', { body: { token } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (look.data) return <UseLink token={token} link={look.data} />
  const gone = ['link_expired', 'not_found', 'validation_failed'].includes(problemIn(look.error)?.code ?? '')
  return (
    <Door title={gone ? t('linkGone') : t('look')}>
      {gone ? (
        <EmptyState
          icon={<IconLinkOff size={24} />}
          title={t('linkGone')}
          text={t('linkGoneText')}
          action={<Link to="/sign-in">{t('newLink')}</Link>}
        />
      ) : look.error ? (
        <ErrorState cause={look.error} onRetry={() => void look.refetch()} />
      ) : (
        <Loading rows={3} />
      )}
    </Door>
  )
}

type Shown = Answer<'POST /api/sign-in/link/look'>
const leads = { invitation: 'linkInvitation', reset: 'linkReset', 'set-up': 'linkSetUp' } as const

function UseLink({ token, link }: { token: string; link: Shown }) {
  const t = useTexts(sessionTexts)
  const enter = useEnter()
  const form = useForm({ name: link.name, password: '' })
  const send = useSend('POST /api/sign-in/link/use', { onDone: (answer) => enter(answer.next), onProblem: form.take })
  const lead = leads[link.purpose as keyof typeof leads]
  const firstSetUp = lead === 'linkSetUp'
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { name, password } = form.values
    send.mutate({
      body: {
        token,
        ...(lead && password ? { password } : {}),
        ...(lead && name.trim() && (firstSetUp || link.name === '') ? { name } : {}),
      },
    })
  }
  const email = link.email ?? ''
  return (
    <Door
      title={link.name ? t('linkTitle', { name: link.name }) : t('signIn')}
      lead={lead === 'linkReset' ? t(lead, { email }) : lead ? t(lead) : t('linkSignIn', { email })}
    >
      <form className="stack" onSubmit={submit} noValidate>
        {lead && email && <TextField label={t('email')} type="email" name="email" autoComplete="username" value={email} readOnly />}
        {(firstSetUp || (lead && link.name === '')) && (
          <TextField label={t('yourName')} autoComplete="name" required {...form.text('name')} />
        )}
        {lead && <PasswordField label={t('newPassword')} hint={t('passwordHint')} autoComplete="new-password" {...form.text('password')} />}
        <FormProblem text={form.problem} />
        <Button look="main" size="sm" type="submit" wide busy={send.isPending}>
          {t(lead ? 'goOn' : 'signIn')}
        </Button>
      </form>
    </Door>
  )
}
