import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { applyKeys, holdKeys, useShortcut } from '../../kernel/keyboard.ts'
import { setLanguage } from '../../kernel/language.ts'
import { useMe } from '../../kernel/session.ts'
import { useNarrow } from '../../ui/narrow.ts'
import { useLiveConnection, useSignedOut } from './connection.ts'
import { usePlaces } from './places.ts'
import { Rail } from './Rail.tsx'
import styles from './Shell.module.css'
import { TopBar } from './TopBar.tsx'
import { shellTexts } from './texts.ts'

const loadPalette = () => import('../search/Palette.tsx')
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }))
const BottomBar = lazy(async () => ({ default: (await import('./BottomBar.tsx')).BottomBar }))
const Help = lazy(async () => ({ default: (await import('./Help.tsx')).Help }))
const CallPop = lazy(async () => ({ default: (await import('../calls/CallPop.tsx')).CallPop }))
const DemoBar = lazy(async () => ({ default: (await import('../demo/DemoBar.tsx')).DemoBar }))

/** What stands around every staff screen. */
export function Shell() {
  const t = useTexts(shellTexts)
  const me = useMe()
  const narrow = useNarrow()
  const [over, setOver] = useState<'palette' | 'help'>()
  const connected = useLiveConnection()
  useSignedOut()
  useEffect(() => setLanguage(me.language), [me.language])
  useEffect(() => applyKeys(me.keyboard), [me.keyboard])
  useEffect(() => holdKeys(over !== undefined), [over])
  usePaletteReady()
  useShortcut('mod+k', t('openPalette'), t('groupAnywhere'), () => setOver('palette'), { inFields: true })
  useShortcut('/', t('openPalette'), t('groupAnywhere'), () => setOver('palette'))
  useShortcut('?', t('openHelp'), t('groupAnywhere'), () => setOver('help'))
  return (
    <div className={styles.shell} data-narrow={narrow || undefined}>
      <a href="#content" className={styles.skip}>
        {t('skip')}
      </a>
      {usePlaces().map((place) => (
        <GoKey key={place.to} keys={place.keys} label={place.label} to={place.to} />
      ))}
      {me.demo && (
        <Suspense>
          <DemoBar />
        </Suspense>
      )}
      {!narrow && <Rail />}
      <TopBar onSearch={() => setOver('palette')} onHelp={() => setOver('help')} />
      {!connected && (
        <div className={styles.offline} role="status">
          {t('offline')}
        </div>
      )}
      <main id="content" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense fallback={null}>{narrow && <BottomBar />}</Suspense>
      <Suspense fallback={null}>
        <CallPop />
      </Suspense>
      <Suspense>
        {over === 'palette' && <Palette onClose={() => setOver(undefined)} onHelp={() => setOver('help')} />}
        {over === 'help' && <Help onClose={() => setOver(undefined)} />}
      </Suspense>
    </div>
  )
}

/** Fetched once the screen stands, so that Ctrl-K opens it before the first letter is typed. */
function usePaletteReady() {
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 1000)
    return () => clearTimeout(timer)
  }, [])
}

function GoKey({ keys, label, to }: { keys: string; label: string; to: string }) {
  const t = useTexts(shellTexts)
  const navigate = useNavigate()
  useShortcut(keys, label, t('groupGo'), () => void navigate({ to: to as never }))
  return null
}
