import { Popover } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { setUnreadInTitle } from '../../ui/Page.tsx'
import shell from '../shell/Shell.module.css'
import { bellTexts } from './bell-texts.ts'
import { useBrowserNotices } from './browser-notices.ts'

const loadList = async () => ({ default: (await import('./NoticeList.tsx')).NoticeList })
const NoticeList = lazy(loadList)

/** The bell: how many unread, here and in the tab's title; the list behind it comes when somebody is about to open it. */
export function Bell() {
  const t = useTexts(bellTexts)
  const me = useMe()
  const [open, setOpen] = useState(false)
  const { data } = useCall('GET /api/notices', { query: { limit: 30 } })
  const unread = data?.unread ?? me.unreadNotices
  useEffect(() => setUnreadInTitle(unread), [unread])
  useBrowserNotices(data?.items)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={380} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={shell.iconic}
          aria-label={unread > 0 ? t('bellUnread', { count: unread }) : t('bell')}
          onPointerEnter={() => void loadList()}
          onFocus={() => void loadList()}
          onClick={() => setOpen(!open)}
        >
          <IconBell size={20} stroke={1.7} />
          {unread > 0 && <span className={shell.count}>{unread > 99 ? '99+' : unread}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('bell')}>
        <Suspense fallback={null}>
          <NoticeList items={data?.items ?? []} unread={unread} onOpen={() => setOpen(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}
