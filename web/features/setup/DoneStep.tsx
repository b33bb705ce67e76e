import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './SetUp.module.css'
import { StepFrame, type Walk, Ways } from './StepFrame.tsx'
import type { Step } from './steps.ts'
import { setUpTexts } from './texts.ts'

/** What is still open, and what to do with the first hour. */
export function DoneStep({ open, ...walk }: Walk & { open: readonly Step[] }) {
  const t = useTexts(setUpTexts)
  const navigate = useNavigate()
  const boxes = useCall('GET /api/mailboxes')
  const address = boxes.data?.items.find((m) => m.proved || m.arrived)?.address
  const end = useSend('POST /api/set-up/done', {
    renews: ['GET /api/set-up', 'GET /api/sign-in'],
    onDone: () => void navigate({ to: '/tickets' }),
    onProblem: toastProblem,
  })
  return (
    <StepFrame title={t(open.length > 0 ? 'doneTitleOpen' : 'doneTitle')} why={t('doneText')}>
      {open.length > 0 && (
        <ul className={styles.checks}>
          {open.map((step) => (
            <li key={step}>
              <IconAlertCircle size={16} aria-hidden="true" />
              <Link to="/set-up" search={{ step }}>
                {t('openStep', { step: t(step) })}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <ul className={styles.onward}>
        {address && (
          <li>
            <span>{t('doneTry', { address })}</span>
            <Link to="/mail">{t('openMail')}</Link>
          </li>
        )}
        <li>
          <span>{t('doneTryPortal')}</span>
          <Link to="/portal">{t('openPortal')}</Link>
        </li>
        <li>
          <span>{t('doneTeams')}</span>
          <Link to="/teams">{t('openTeams')}</Link>
        </li>
        <li>
          <span>{t('donePeople')}</span>
          <Link to="/people">{t('openPeople')}</Link>
        </li>
        {address && (
          <li>
            <span>{t('doneMail')}</span>
            <Link to="/mail">{t('openMail')}</Link>
          </li>
        )}
      </ul>
      <Ways
        walk={walk}
        main={
          <Button look="main" size="sm" icon={<IconCheck size={16} />} busy={end.isPending} onClick={() => end.mutate({})}>
            {t('toTickets')}
          </Button>
        }
      />
    </StepFrame>
  )
}
