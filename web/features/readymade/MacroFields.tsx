import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { emptyStep, type FieldsOf, type StepDraft, stepKinds } from './draft.ts'
import styles from './Readymade.module.css'
import { StepFields } from './StepFields.tsx'
import { readymadeTexts } from './texts.ts'

/** The steps of a macro, in the order in which they are done. */
export function MacroFields({ draft, issues, onChange }: FieldsOf<'macro'>) {
  const t = useTexts(readymadeTexts)
  const { steps } = draft
  const put = (next: StepDraft[]) => onChange({ ...draft, steps: next })
  const move = (from: number, to: number) => {
    const next = steps.filter((_, i) => i !== from)
    next.splice(to, 0, steps[from]!)
    put(next)
  }
  return (
    <div className={styles.steps}>
      {steps.map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name of their own, and two may be the same
        <div key={i} className={styles.step}>
          <div className={styles.stepHead}>
            <span className="grow">
              {i + 1}. {t(`step_${step.do}`)}
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
              disabled={i === steps.length - 1}
              onClick={() => move(i, i + 1)}
            />
            <IconButton
              label={t('stepOut', { count: i + 1 })}
              icon={<IconTrash size={16} />}
              onClick={() => put(steps.filter((_, n) => n !== i))}
            />
          </div>
          <StepFields
            step={step}
            path={`content.steps.${i}`}
            issues={issues}
            onChange={(next) => put(steps.map((one, n) => (n === i ? next : one)))}
          />
        </div>
      ))}
      {issues['content.steps'] && (
        <p role="alert" className={styles.off}>
          {issues['content.steps']}
        </p>
      )}
      <div>
        <Menu
          target={<Button icon={<IconPlus size={16} />}>{t('addStep')}</Button>}
          entries={stepKinds.map((what) => ({ key: what, label: t(`step_${what}`), run: () => put([...steps, emptyStep(what)]) }))}
        />
      </div>
    </div>
  )
}
