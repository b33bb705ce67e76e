import { Link, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { useTitle } from '../../ui/Page.tsx'
import { Loading } from '../../ui/States.tsx'
import { useKeptDraft } from './draft.ts'
import styles from './Portal.module.css'
import { RequestForm } from './RequestForm.tsx'
import { RequestRows } from './RequestRows.tsx'
import { openMeanings, useMine } from './requests.ts'
import { portalTexts } from './texts.ts'

const MyDocuments = lazy(async () => ({ default: (await import('../customers/MyDocuments.tsx')).MyDocuments }))

const AnswerHours = lazy(async () => ({ default: (await import('../calendars/AnswerHours.tsx')).AnswerHours }))

/** One question; below it, what is open already. */
export function PortalHome() {
  const t = useTexts(portalTexts)
  const me = useMe()
  const { about } = useSearch({ from: '/portal/' })
  const first = useKeptDraft({ ticketId: null, kind: 'ticket' }, !me.staff)
  useTitle(t('newRequest'))
  return (
    <div className={styles.home}>
      <section className={styles.hero}>
        <h1 id="ask">{t('ask')}</h1>
        {first === undefined ? <Loading rows={2} /> : <RequestForm key={about ?? ''} first={first} about={about} />}
      </section>
      <OpenNow />
      <Suspense fallback={null}>
        <AnswerHours className={styles.part} />
      </Suspense>
      {me.roles.includes('organisation-viewer') && (
        <Suspense fallback={null}>
          <MyDocuments className={styles.part} headClassName={styles.partHead} />
        </Suspense>
      )}
    </div>
  )
}

function OpenNow() {
  const t = useTexts(portalTexts)
  const { data } = useCall('GET /api/tickets', { query: { meaning: openMeanings, sort: 'changed', limit: 3, ...useMine() } })
  if (!data || data.items.length === 0) return null
  return (
    <section className={styles.part}>
      <header className={styles.partHead}>
        <h2>{t('openNow')}</h2>
        <Link to="/portal/requests">{t('allRequests')}</Link>
      </header>
      <RequestRows rows={data.items} label={t('openNow')} />
    </section>
  )
}
