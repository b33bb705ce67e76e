import { useNavigate, useParams } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { FormProblem } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { Door } from './Door.tsx'
import { providerTexts } from './provider-texts.ts'

/** Reached after the usual sign-in: what the company account began is ended by a click of the person whose address it has. */
export function ConnectAccountPage() {
  const t = useTexts(providerTexts)
  const me = useMe()
  const navigate = useNavigate()
  const { confirm } = useParams({ from: '/sign-in/connect/$confirm' })
  const home = () => void navigate({ to: '/' })
  const connect = useSend('POST /api/me/identities/confirm', {
    onDone: () => {
      toast(t('connected'))
      home()
    },
  })
  return (
    <Door title={t('connectTitle')} lead={t('connectText', { name: me.name })}>
      <FormProblem text={connect.error ? problemText(connect.error) : undefined} />
      <Buttons>
        <Button onClick={home}>{t('notNow')}</Button>
        <Button look="main" data-autofocus busy={connect.isPending} onClick={() => connect.mutate({ body: { confirm } })}>
          {t('connect')}
        </Button>
      </Buttons>
    </Door>
  )
}
