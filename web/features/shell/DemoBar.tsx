import { IconChevronDown } from '@tabler/icons-react'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Menu } from '../../ui/Menu.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Shell.module.css'
import { shellTexts } from './texts.ts'

/** The sample company only: who one is, and a switch to another of the six. */
export function DemoBar() {
  const t = useTexts(shellTexts)
  const me = useMe()
  const { data } = useCall('GET /api/sign-in')
  const become = async (card: string) => {
    try {
      await call('POST /api/sign-in/demo', { body: { card } })
      location.assign('/')
    } catch (cause) {
      toastProblem(cause)
    }
  }
  return (
    <aside className={styles.demo} aria-label={t('demoBar')}>
      <span className="grow">{t('demoBar')}</span>
      <span>
        {t('demoAs')} <strong>{me.name}</strong>
      </span>
      <Menu
        end
        width={280}
        target={
          <button type="button" className={styles.iconic} style={{ height: 24, color: 'inherit' }}>
            {t('demoSwitch')} <IconChevronDown size={14} />
          </button>
        }
        entries={(data?.demoCards ?? []).map((card) => ({ key: card.key, label: `${card.name}, ${card.role}`, checked: card.personId === me.id, run: () => void become(card.key) }))}
      />
    </aside>
  )
}
