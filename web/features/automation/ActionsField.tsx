import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import type { RuleAction } from '../../../contract/automation.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { ActionFields } from './ActionFields.tsx'
import styles from './Automation.module.css'
import { actionKinds, emptyAction } from './draft.ts'
import { automationTexts } from './texts.ts'
import { stepName } from './words.ts'

type Props = { actions: RuleAction[]; issues: Record<string, string>; onChange: (actions: RuleAction[]) => void }

/** What the rule does, in order. */
export function ActionsField({ actions, issues, onChange }: Props) {
  const t = useTexts(automationTexts)
  const move = (from: number, to: number) => {
    const next = actions.filter((_, i) => i !== from)
    next.splice(to, 0, actions[from]!)
    onChange(next)
  }
  return (
    <>
      {actions.map((action, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name of their own, and two may be the same
        <div key={i} className={styles.step}>
          <div className={styles.stepHead}>
            <span className="grow">
              {i + 1}. {stepName(action.do)}
            </span>
            <IconButton
              label={t('stepUp', { count: i + 1 })}
              icon={<IconArrowUp size={16} />}
              disabled={i === 0}
              onClick={() => move(i, i - 1)}
            />
            <IconButton
              label={t('stepDown', { count: i + 1 })}
              icon={<IconArrowDown size={16} />}
              disabled={i === actions.length - 1}
              onClick={() => move(i, i + 1)}
            />
            <IconButton
              label={t('stepOut', { count: i + 1 })}
              icon={<IconTrash size={16} />}
              onClick={() => onChange(actions.filter((_, n) => n !== i))}
            />
          </div>
          <ActionFields
            action={action}
            path={`actions.${i}`}
            issues={issues}
            onChange={(next) => onChange(actions.map((one, n) => (n === i ? next : one)))}
          />
          {issues[`actions.${i}.do`] && <p className={styles.bad}>{issues[`actions.${i}.do`]}</p>}
        </div>
      ))}
      {issues.actions && (
        <p role="alert" className={styles.bad}>
          {issues.actions}
        </p>
      )}
      <div>
        <Menu
          target={<Button icon={<IconPlus size={16} />}>{t('addStep')}</Button>}
          entries={actionKinds.map((what) => ({ key: what, label: stepName(what), run: () => onChange([...actions, emptyAction(what)]) }))}
        />
      </div>
    </>
  )
}
