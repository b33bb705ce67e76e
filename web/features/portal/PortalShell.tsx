import { Link, Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { setLanguage } from '../../kernel/language.ts'
import { useCompany, useMe } from '../../kernel/session.ts'
import { reachTexts } from '../emergency/reach-texts.ts'
import { useLiveConnection, useSignedOut } from '../shell/connection.ts'
import { ProfileMenu } from '../shell/ProfileMenu.tsx'
import styles from './PortalShell.module.css'
import { portalTexts } from './texts.ts'

const DemoBar = lazy(async () => ({ default: (await import('../demo/DemoBar.tsx')).DemoBar }))

/** What stands around every page of the portal: whose desk it is, two places, the own profile. */
export function PortalShell() {
  const t = useTexts(portalTexts)
  const r = useTexts(reachTexts)
  const me = useMe()
  const company = useCompany()
  const connected = useLiveConnection()
  useSignedOut()
  useEffect(() => setLanguage(me.language), [me.language])
  return (
    <div className={styles.portal}>
      <a href="#content" className={styles.skip}>
        {t('toContent')}
      </a>
      {me.demo && (
        <Suspense>
          <DemoBar />
        </Suspense>
      )}
      <header className={styles.top}>
        <div className={styles.inner}>
          <Link to="/portal" className={styles.brand}>
            <img src={company?.logo ?? '/icon.svg'} alt="" />
            <span className="truncate">{company?.name ?? ''}</span>
          </Link>
          <nav className={styles.places} aria-label={t('places')}>
            <Link to="/portal" activeOptions={{ exact: true, includeSearch: false }} className={styles.place}>
              {t('newRequest')}
            </Link>
            <Link to="/portal/requests" className={styles.place}>
              {t('myRequests')}
            </Link>
            <Link to={'/portal/reach' as never} className={styles.place}>
              {r('place')}
            </Link>
          </nav>
          <div className={styles.self}>
            {me.staff && (
              <Link to="/tickets" className={styles.desk}>
                {t('desk')}
              </Link>
            )}
            <ProfileMenu profile="/portal/profile" />
          </div>
        </div>
      </header>
      {!connected && (
        <div className={styles.offline} role="status">
          {t('offline')}
        </div>
      )}
      <main id="content" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}
