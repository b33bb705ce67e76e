import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { Mailbox } from '../../../contract/mail.ts'
import { type Answer, call } from '../../kernel/call.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { renew, useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './SetUp.module.css'
import { setUpTexts } from './texts.ts'

type Check = Answer<'POST /api/mailboxes/:id/check'>
type Proof =
  | { state: 'rest' }
  | { state: 'checking' }
  | { state: 'refused'; check: Check }
  | { state: 'failed'; cause: unknown }
  | { state: 'waiting'; since: number; held: boolean }

/** Reaches the mailbox, sends the test mail, and looks every two seconds whether it has come. */
export function ProveMailbox({ mailbox, atOnce, onChange }: { mailbox: Mailbox; atOnce: boolean; onChange: () => void }) {
  const t = useTexts(setUpTexts)
  const [proof, setProof] = useState<Proof>({ state: 'rest' })
  const { id, way, address } = mailbox
  const run = async () => {
    setProof({ state: 'checking' })
    try {
      if (way === 'imap') {
        const check = await call('POST /api/mailboxes/:id/check', { params: { id } })
        // That nothing goes out yet is told below, with the test mail that is held.
        if (check.steps.some((step) => !step.ok && step.step !== 'sending')) return setProof({ state: 'refused', check })
      }
      const { held } = await call('POST /api/mailboxes/:id/prove', { params: { id } })
      setProof({ state: 'waiting', since: Date.now(), held })
    } catch (cause) {
      setProof({ state: 'failed', cause })
    }
  }
  useOnce(atOnce, () => void run())
  useCall('GET /api/mailboxes', undefined, { refetchInterval: proof.state === 'waiting' ? 2000 : false })
  return (
    <>
      {proof.state === 'rest' && <strong>{address}</strong>}
      {proof.state === 'checking' && (
        <div className={styles.panel} role="status">
          <p>{t('checking')}</p>
          <div className={styles.running} />
        </div>
      )}
      {proof.state === 'refused' && <Refused check={proof.check} />}
      {proof.state === 'failed' && (
        <div className={styles.panel} data-tone="bad" role="alert">
          {problemText(proof.cause)}
        </div>
      )}
      {proof.state === 'waiting' && <Waiting mailbox={mailbox} since={proof.since} held={proof.held} />}
      <div className="row wrap">
        {proof.state !== 'checking' && (
          <Button look={proof.state === 'waiting' ? 'quiet' : 'main'} size="sm" onClick={() => void run()}>
            {t(proof.state === 'waiting' ? 'sendAgain' : 'sendTest')}
          </Button>
        )}
        <Button size="sm" onClick={onChange}>
          {t('change')}
        </Button>
      </div>
    </>
  )
}

/** Begins by itself after saving, and only once, though React mounts twice in development. */
function useOnce(on: boolean, begin: () => void): void {
  const begun = useRef(false)
  useEffect(() => {
    if (!on || begun.current) return
    begun.current = true
    begin()
  })
}

export function Proved({ mailbox: { address, proved } }: { mailbox: Mailbox }) {
  const t = useTexts(setUpTexts)
  useEffect(() => renew('GET /api/set-up'), [])
  return (
    <div className={styles.panel} data-tone="good" role="status">
      <h2>
        <IconCheck size={20} aria-hidden="true" />
        {t(proved ? 'provedTitle' : 'arrivedTitle')}
      </h2>
      <p>{t('provedText', { address })}</p>
    </div>
  )
}

function Refused({ check }: { check: Check }) {
  const t = useTexts(setUpTexts)
  return (
    <div className={styles.panel} data-tone="bad" role="alert">
      <h2>{t('checkFailed')}</h2>
      <ul className={styles.checks}>
        {check.steps
          .filter((step) => step.step !== 'sending')
          .map((step) => (
            <li key={step.step}>
              {step.ok ? (
                <IconCheck size={16} role="img" aria-label={t('stepOk')} />
              ) : (
                <IconX size={16} role="img" aria-label={t('stepBad')} />
              )}
              <span>
                <strong>{lookUp(setUpTexts, `check.${step.step}`) ?? step.step}</strong>
                <span className="dim">{step.message}</span>
                {!step.ok && <span>{lookUp(setUpTexts, `check.${step.step}.remedy`)}</span>}
              </span>
            </li>
          ))}
      </ul>
      <p>{t('checkFailedText')}</p>
    </div>
  )
}

function Waiting({ mailbox: { address, way }, since, held }: { mailbox: Mailbox; since: number; held: boolean }) {
  const t = useTexts(setUpTexts)
  const seconds = useSeconds(since)
  const hints = way === 'imap' ? [t('slowImap1'), t('slowImap2')] : [t('slowSmtp1', { address }), t('slowSmtp2'), t('slowSmtp3')]
  return (
    <>
      {held ? (
        <div className={styles.panel} data-tone="warn" role="alert">
          <h2>
            <IconAlertTriangle size={20} aria-hidden="true" />
            {t('heldTitle')}
          </h2>
          <p>{t('heldText', { address })}</p>
        </div>
      ) : (
        <div className={styles.panel} role="status">
          <h2>{t('provingTitle', { address })}</h2>
          <p>{t('provingText')}</p>
          <div className={styles.running} />
          <p className="dim small" aria-hidden="true">
            {t('waited', { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` })}
          </p>
        </div>
      )}
      {!held && seconds >= 30 && (
        <div className={styles.panel} data-tone="warn" role="alert">
          <h2>{t('slowTitle')}</h2>
          <ul className={styles.list}>
            {[...hints, t('slowBoth')].map((hint) => (
              <li key={hint}>{hint}</li>
            ))}
          </ul>
          <p>
            <Link to="/mail">{t('journal')}</Link>
          </p>
        </div>
      )}
    </>
  )
}

function useSeconds(since: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.floor((now - since) / 1000))
}
