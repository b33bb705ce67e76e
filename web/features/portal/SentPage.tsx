import { IconCheck } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany, useMe } from '../../kernel/session.ts'
import { useTitle } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { AnswerHours } from '../calendars/AnswerHours.tsx'
import { LinkButton } from './LinkButton.tsx'
import styles from './Portal.module.css'
import { whoHasIt } from './plain.ts'
import { portalTexts } from './texts.ts'

/** It arrived: its number, and what happens next. */
export function SentPage() {
  const t = useTexts(portalTexts)
  const me = useMe()
  const company = useCompany()
  const { ticketId } = useParams({ from: '/portal/sent/$ticketId' })
  const ticket = useCall('GET /api/tickets/:id', { params: { id: ticketId } })
  useTitle(t('sentTitle'))
  return (
    <div className={styles.page}>
      <Loaded from={ticket} rows={4}>
        {(request) => {
          const who = whoHasIt(request, company?.whoHasIt)
          return (
            <section className={styles.card} role="status">
              <div className={styles.sentMark}>
                <IconCheck size={26} aria-hidden="true" />
              </div>
              <div>
                <h1>{t('sentTitle')}</h1>
                <p>
                  {t('sentNumber', { number: request.number })} <strong>{request.subject}</strong>
                </p>
              </div>
              <h2>{t('sentNext')}</h2>
              <ol className={styles.nextList}>
                <li>{who ? t('sentReadBy', { who }) : t('sentRead')}</li>
                <li>{me.email ? t('sentMail', { email: me.email }) : t('sentHere')}</li>
                <li>{t('sentAdd')}</li>
              </ol>
              <AnswerHours className={styles.part} short />
              <div className={styles.buttons}>
                <LinkButton main to="/portal/requests/$ticketId" params={{ ticketId }}>
                  {t('openRequest')}
                </LinkButton>
                <Link to="/portal">{t('another')}</Link>
              </div>
            </section>
          )
        }}
      </Loaded>
    </div>
  )
}
