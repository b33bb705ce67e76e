import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { queries } from '../../kernel/query.ts'
import { type Me, meQuery, useMe } from '../../kernel/session.ts'
import { StateMark } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { uiTexts } from '../../ui/texts.ts'
import styles from './Shell.module.css'
import { shellTexts } from './texts.ts'

const states = ['available', 'busy', 'away'] as const

/** Available, busy or away, as colleagues see it. */
export function MyState({ words }: { words: boolean }) {
  const t = useTexts(shellTexts)
  const u = useTexts(uiTexts)
  const me = useMe()
  const choose = async (state: Me['state']) => {
    queries.setQueryData(meQuery.queryKey, { ...me, state })
    try {
      queries.setQueryData(meQuery.queryKey, await call('PATCH /api/me', { body: { state } }))
    } catch (cause) {
      queries.setQueryData(meQuery.queryKey, me)
      toastProblem(cause)
    }
  }
  return (
    <Menu
      end
      width={170}
      target={
        <button type="button" className={styles.iconic} aria-label={t('myState', { state: u(me.state) })}>
          <StateMark state={me.state} words={words} />
        </button>
      }
      entries={states.map((state) => ({
        key: state,
        label: u(state),
        icon: <StateMark state={state} words={false} />,
        checked: state === me.state,
        run: () => void choose(state),
      }))}
    />
  )
}
