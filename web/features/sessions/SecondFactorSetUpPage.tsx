import { IconFingerprint } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type SyntheticEvent, useState } from 'react'
import { call } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextField } from '../../ui/Fields.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Door.module.css'
import { Door } from './Door.tsx'
import { useEnter } from './enter.ts'
import { addPasskey, canPasskey } from './passkey.ts'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import { sessionTexts } from './texts.ts'

/** A second factor is asked of staff: an authenticator app with recovery codes, or a passkey. */
export function SecondFactorSetUpPage() {
  const t = useTexts(sessionTexts)
  const { next } = useSearch({ from: '/sign-in/set-up' })
  const enter = useEnter(next)
  const [codes, setCodes] = useState<readonly string[]>()
  if (codes)
    return (
      <Door title={t('codesTitle')} lead={t('codesText')}>
        <RecoveryCodes codes={codes} />
        <Button look="main" size="sm" wide onClick={() => enter('done')}>
          {t('go')}
        </Button>
      </Door>
    )
  return (
    <Door title={t('setUpTitle')} lead={t('setUpText')}>
      <TotpSetUp onCodes={setCodes} />
      {canPasskey() && <PasskeySetUp onDone={() => enter('done')} />}
    </Door>
  )
}

/** Also shown on the profile page. */
export function TotpSetUp({ onCodes }: { onCodes: (codes: readonly string[]) => void }) {
  const t = useTexts(sessionTexts)
  const start = useQuery({
    queryKey: ['totp-start'],
    queryFn: () => call('POST /api/me/totp/start'),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const form = useForm({ code: '' })
  const send = useSend('POST /api/me/totp', { onDone: (answer) => onCodes(answer.recoveryCodes), onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ body: { code: form.values.code.replace(/\s/g, '') } })
  }
  return (
    <Loaded from={start} rows={3}>
      {({ secret, qr }) => (
        <form className="stack" onSubmit={submit} noValidate>
          <h2>{t('scan')}</h2>
          <img
            className={styles.qr}
            alt={t('qr')}
            src={qr.startsWith('data:') ? qr : `data:image/svg+xml;utf8,${encodeURIComponent(qr)}`}
          />
          <p className="dim small">{t('scanText')}</p>
          <code className={styles.key}>{secret.match(/.{1,4}/g)?.join(' ')}</code>
          <h2>{t('enter')}</h2>
          <TextField label={t('code')} inputMode="numeric" autoComplete="one-time-code" required {...form.text('code')} />
          <FormProblem text={form.problem} />
          <Button look="main" size="sm" type="submit" wide busy={send.isPending}>
            {t('confirm')}
          </Button>
        </form>
      )}
    </Loaded>
  )
}

function PasskeySetUp({ onDone }: { onDone: () => void }) {
  const t = useTexts(sessionTexts)
  const [busy, setBusy] = useState(false)
  const add = async () => {
    setBusy(true)
    try {
      if (await addPasskey(t('passkeyName'))) onDone()
      else toast(t('passkeyFailed'), { bad: true })
    } catch (cause) {
      toastProblem(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <div className={styles.or}>{t('or')}</div>
      <h2>{t('orPasskey')}</h2>
      <p className="dim small">{t('orPasskeyText')}</p>
      <Button size="sm" wide icon={<IconFingerprint size={18} />} busy={busy} onClick={() => void add()}>
        {t('addPasskey')}
      </Button>
    </>
  )
}
