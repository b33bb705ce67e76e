import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { call, problemIn } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { forgetSession } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { profileTexts } from './texts.ts'

/** Changes of the proofs need a sign-in of the last minutes: a refusal for that reason leads there and back, others are told. */
export function useFresh() {
  const [asked, setAsked] = useState(false)
  const take = (cause: unknown) => {
    if (problemIn(cause)?.details['reason'] === 'fresh_sign_in') setAsked(true)
    else toastProblem(cause)
  }
  return { asked, take, leave: () => setAsked(false) }
}
export type Refused = ReturnType<typeof useFresh>['take']

export function FreshDialog({ asked, leave }: { asked: boolean; leave: () => void }) {
  const t = useTexts(profileTexts)
  const navigate = useNavigate()
  const here = useRouterState({ select: (state) => state.location.pathname })
  const again = async () => {
    await call('POST /api/sign-out').catch(() => undefined)
    forgetSession()
    void navigate({ to: '/sign-in', search: { next: here } })
  }
  return (
    <Dialog title={t('freshTitle')} open={asked} onClose={leave} size="sm">
      <p>{t('freshText')}</p>
      <Buttons>
        <Button onClick={leave}>{t('cancel')}</Button>
        <Button look="main" data-autofocus onClick={() => void again()}>
          {t('freshGo')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
