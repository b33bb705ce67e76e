import { IconPhone, IconPlus, IconSearch } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useMay } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { Bell } from '../notices/Bell.tsx'
import { MyState } from './MyState.tsx'
import { ProfileMenu } from './ProfileMenu.tsx'
import styles from './Shell.module.css'
import { shellTexts } from './texts.ts'

const OnCallChip = lazy(async () => ({ default: (await import('../oncall/OnCallChip.tsx')).OnCallChip }))
const TimerChip = lazy(async () => ({ default: (await import('../timekeeping/TimerChip.tsx')).TimerChip }))

export function TopBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const t = useTexts(shellTexts)
  const narrow = useNarrow()
  const navigate = useNavigate()
  const mayCreate = useMay('ticket.create')
  const create = () => void navigate({ to: '/new-ticket' })
  useShortcut('c', t('newTicket'), t('groupAnywhere'), create, { on: mayCreate })
  const mayWork = useMay('ticket.work')
  const takeCall = () => void navigate({ to: '/call' as never })
  useShortcut('l', t('takeCall'), t('groupAnywhere'), takeCall, { on: mayWork })
  return (
    <header className={styles.top}>
      <button type="button" className={styles.search} onClick={onSearch}>
        <IconSearch size={16} />
        <span className="truncate">{t(narrow ? 'searchShort' : 'search')}</span>
        <KeyHint keys="mod+k" />
      </button>
      <span className="grow" />
      {mayWork && !narrow && (
        <IconButton label={t('takeCall')} keys="l" icon={<IconPhone size={18} stroke={1.7} />} size={32} onClick={takeCall} />
      )}
      {mayCreate &&
        (narrow ? (
          <Link to="/new-ticket" className={styles.iconic} aria-label={t('newTicket')}>
            <IconPlus size={20} />
          </Link>
        ) : (
          <Button look="main" icon={<IconPlus size={16} />} onClick={create}>
            {t('newTicket')}
          </Button>
        ))}
      <Suspense fallback={null}>{mayWork && !narrow && <OnCallChip />}</Suspense>
      <Suspense fallback={null}>
        <TimerChip />
      </Suspense>
      <MyState words={!narrow} />
      <Bell />
      <ProfileMenu onHelp={onHelp} />
    </header>
  )
}
