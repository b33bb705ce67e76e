import { IconPlus, IconSearch } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { Bell } from '../notices/Bell.tsx'
import { MyState } from './MyState.tsx'
import { ProfileMenu } from './ProfileMenu.tsx'
import styles from './Shell.module.css'
import { shellTexts } from './texts.ts'

const TimerChip = lazy(async () => ({ default: (await import('../timekeeping/TimerChip.tsx')).TimerChip }))

export function TopBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const t = useTexts(shellTexts)
  const narrow = useNarrow()
  const navigate = useNavigate()
  const mayCreate = useMay('ticket.create')
  const create = () => void navigate({ to: '/new-ticket' })
  useShortcut('c', t('newTicket'), t('groupAnywhere'), create, { on: mayCreate })
  return (
    <header className={styles.top}>
      <button type="button" className={styles.search} onClick={onSearch}>
        <IconSearch size={16} />
        <span className="truncate">{t(narrow ? 'searchShort' : 'search')}</span>
        <KeyHint keys="mod+k" />
      </button>
      <span className="grow" />
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
      <Suspense fallback={null}>
        <TimerChip />
      </Suspense>
      <MyState words={!narrow} />
      <Bell />
      <ProfileMenu onHelp={onHelp} />
    </header>
  )
}
