import { Link, useSearch } from '@tanstack/react-router'
import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextField } from '../../ui/Fields.tsx'
import { Door } from './Door.tsx'
import { useEnter } from './enter.ts'
import { sessionTexts } from './texts.ts'

export function SecondFactorPage() {
  const t = useTexts(sessionTexts)
  const { next } = useSearch({ from: '/sign-in/second-factor' })
  const enter = useEnter(next)
  const form = useForm({ code: '' })
  const send = useSend('POST /api/sign-in/second-factor', { onDone: (answer) => enter(answer.next), onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ body: { code: form.values.code.trim() } })
  }
  return (
    <Door title={t('secondTitle')} lead={t('secondText')}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField label={t('code')} inputMode="numeric" autoComplete="one-time-code" autoFocus required {...form.text('code')} />
        <FormProblem text={form.problem} />
        <Button look="main" size="sm" type="submit" wide busy={send.isPending}>
          {t('confirm')}
        </Button>
      </form>
      <Link to="/sign-in" style={{ alignSelf: 'center', fontSize: 13 }}>
        {t('back')}
      </Link>
    </Door>
  )
}
