import { IconCheck } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { setLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany, useMe } from '../../kernel/session.ts'
import { useTitle } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { useSignedOut } from '../shell/connection.ts'
import { ColleaguesStep } from './ColleaguesStep.tsx'
import { CompanyStep } from './CompanyStep.tsx'
import { DoneStep } from './DoneStep.tsx'
import { MailboxStep } from './MailboxStep.tsx'
import styles from './SetUp.module.css'
import { type Step, steps } from './steps.ts'
import { setUpTexts } from './texts.ts'

type State = Answer<'GET /api/set-up'>

export function SetUpPage() {
  const t = useTexts(setUpTexts)
  const me = useMe()
  const company = useCompany()
  const state = useCall('GET /api/set-up')
  useTitle(t('title'))
  useSignedOut()
  useEffect(() => setLanguage(me.language), [me.language])
  return (
    <div className={styles.frame}>
      <header className={styles.brand}>
        <img src={company?.logo ?? '/icon.svg'} alt="" />
        <span>{company?.name ?? ''}</span>
      </header>
      <main className={styles.main}>
        <Loaded from={state}>{(known) => <Wizard state={known} />}</Loaded>
      </main>
    </div>
  )
}

const isDone = (state: State, step: Step) => (step === 'finish' ? state.done : state.steps.some((s) => s.key === step && s.done))

function Wizard({ state }: { state: State }) {
  const asked = useSearch({ from: '/set-up' }).step
  const navigate = useNavigate()
  const now = steps.find((step) => step === asked) ?? steps.find((step) => !isDone(state, step)) ?? 'finish'
  const at = steps.indexOf(now)
  const go = (step: Step | undefined) => {
    if (step) void navigate({ to: '/set-up', search: { step } })
    window.scrollTo(0, 0)
  }
  const walk = { onBack: at > 0 ? () => go(steps[at - 1]) : undefined, onNext: () => go(steps[at + 1]) }
  return (
    <>
      <StepList state={state} now={now} />
      <section className={styles.step} key={now}>
        {now === 'company' && <CompanyStep {...walk} />}
        {now === 'mailbox' && <MailboxStep {...walk} />}
        {now === 'colleagues' && <ColleaguesStep {...walk} there={isDone(state, 'colleagues')} />}
        {now === 'finish' && <DoneStep {...walk} open={steps.filter((step) => step !== 'finish' && !isDone(state, step))} />}
      </section>
    </>
  )
}

function StepList({ state, now }: { state: State; now: Step }) {
  const t = useTexts(setUpTexts)
  return (
    <nav className={styles.nav} aria-label={t('steps')}>
      <p className={styles.count}>{t('stepOf', { n: steps.indexOf(now) + 1, total: steps.length })}</p>
      <ol className={styles.steps}>
        {steps.map((step, i) => (
          <li key={step}>
            <Link
              to="/set-up"
              search={{ step }}
              className={styles.stepLink}
              data-now={step === now || undefined}
              {...(step === now ? { 'aria-current': 'step' } : {})}
            >
              <span className={styles.mark} data-done={isDone(state, step) || undefined}>
                {isDone(state, step) ? <IconCheck size={14} stroke={3} aria-hidden="true" /> : i + 1}
              </span>
              <span className={styles.stepName}>{t(step)}</span>
              {isDone(state, step) && <span className="unseen">{t('isDone')}</span>}
            </Link>
          </li>
        ))}
      </ol>
      <p className={styles.later}>{t('later')}</p>
    </nav>
  )
}
