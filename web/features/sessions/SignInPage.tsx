import { IconFingerprint } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem } from '../../ui/Fields.tsx'
import { Loaded } from '../../ui/States.tsx'
import { DemoCards } from './DemoCards.tsx'
import styles from './Door.module.css'
import { Door } from './Door.tsx'
import { useEnter } from './enter.ts'
import { LinkForm } from './LinkForm.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { ProviderButtons } from './ProviderButtons.tsx'
import { sessionTexts } from './texts.ts'

export function SignInPage() {
  const t = useTexts(sessionTexts)
  const sight = useCall('GET /api/sign-in')
  const cards = sight.data?.demoCards ?? []
  return (
    <Door
      title={cards.length > 0 ? t('demoTitle') : t('signIn')}
      wide={cards.length > 0}
      {...(cards.length > 0 ? { lead: t('demoText') } : {})}
    >
      <Loaded from={sight} rows={3}>
        {(page) => (
          <>
            {!page.secure && <p className={styles.warning}>{t('insecure')}</p>}
            {!page.setUpDone && cards.length === 0 && <p className={styles.warning}>{t('setUpFirst')}</p>}
            {cards.length > 0 && (
              <>
                <DemoCards cards={cards} />
                <div className={styles.or}>{t('or')}</div>
              </>
            )}
            <ProviderButtons />
            <Ways ways={page.ways} />
          </>
        )}
      </Loaded>
    </Door>
  )
}

function Ways({ ways }: { ways: readonly string[] }) {
  const t = useTexts(sessionTexts)
  const { next } = useSearch({ from: '/sign-in' })
  const [way, setWay] = useState<'password' | 'link'>(ways.includes('password') ? 'password' : 'link')
  return (
    <>
      {way === 'password' ? <PasswordForm next={next} /> : <LinkForm />}
      {ways.includes('link') && ways.includes('password') && (
        <button type="button" className={styles.textButton} onClick={() => setWay(way === 'password' ? 'link' : 'password')}>
          {t(way === 'password' ? 'useLink' : 'usePassword')}
        </button>
      )}
      {ways.includes('passkey') && <PasskeyButton next={next} />}
    </>
  )
}

function PasskeyButton({ next }: { next: string | undefined }) {
  const t = useTexts(sessionTexts)
  const enter = useEnter(next)
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const use = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { startAuthentication } = await import('@simplewebauthn/browser')
      const { options, challenge } = await call('POST /api/sign-in/passkey/start')
      const answer = await startAuthentication({ optionsJSON: options as never }).catch(() => undefined)
      if (!answer) return setProblem(t('passkeyFailed'))
      const { next: step } = await call('POST /api/sign-in/passkey', { body: { challenge, answer: { ...answer } } })
      enter(step)
    } catch (cause) {
      setProblem(problemText(cause))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <div className={styles.or}>{t('or')}</div>
      <FormProblem text={problem} />
      <Button size="sm" wide icon={<IconFingerprint size={18} />} busy={busy} onClick={use}>
        {t('withPasskey')}
      </Button>
    </>
  )
}
