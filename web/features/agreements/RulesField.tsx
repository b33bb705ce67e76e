import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { AgreementKind, Target, TargetRule } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldSet } from '../../ui/Fields.tsx'
import { Menu } from '../../ui/Menu.tsx'
import styles from './Agreements.module.css'
import { newRule } from './draft.ts'
import { RuleFields } from './RuleFields.tsx'
import { ruleTexts } from './rule-texts.ts'
import { agreementTexts } from './texts.ts'
import { goalsWords, type Issues, issueAt } from './words.ts'

type Props = {
  kind: AgreementKind
  rules: readonly TargetRule[]
  names: Record<Target, string>
  issues: Issues
  onChange: (rules: TargetRule[]) => void
}

/** The rules in their order, each told in a line; one is open at a time. */
export function RulesField({ kind, rules, names, issues, onChange }: Props) {
  const t = useTexts(agreementTexts)
  const r = useTexts(ruleTexts)
  const [opened, setOpened] = useState<string>()
  const add = (target: Target) => {
    const rule = newRule(target, names[target], rules)
    onChange([...rules, rule])
    setOpened(rule.key)
  }
  const up = (n: number) => onChange([...rules.slice(0, n - 1), rules[n]!, rules[n - 1]!, ...rules.slice(n + 1)])
  return (
    <FieldSet title={t('rules')} hint={t('rulesHint')}>
      {rules.map((rule, n) => {
        const wrong = issueAt(issues, `rules.${n}`)
        return (
          <div key={rule.key} className={styles.rule} data-wrong={wrong ? true : undefined}>
            <div className={styles.ruleHead}>
              <span className="grow">
                <strong>{rule.name}</strong>
                <span className={styles.says}>
                  {names[rule.target]}: {goalsWords(rule.goals, r)}
                </span>
              </span>
              {n > 0 && <IconButton label={r('up', { name: rule.name })} icon={<IconArrowUp size={16} />} onClick={() => up(n)} />}
              <IconButton
                label={r('remove', { name: rule.name })}
                icon={<IconTrash size={16} />}
                onClick={() => onChange(rules.filter((_, at) => at !== n))}
              />
              <Button
                aria-expanded={opened === rule.key}
                aria-label={opened === rule.key ? r('close') : r('open', { name: rule.name })}
                onClick={() => setOpened(opened === rule.key ? undefined : rule.key)}
              >
                {opened === rule.key ? r('close') : r('open', { name: '' }).trim()}
              </Button>
            </div>
            {wrong && (
              <p role="alert" className={styles.bad}>
                {wrong}
              </p>
            )}
            {opened === rule.key && (
              <RuleFields
                kind={kind}
                rule={rule}
                names={names}
                onChange={(next) => onChange(rules.map((one, at) => (at === n ? next : one)))}
              />
            )}
          </div>
        )
      })}
      <div>
        <Menu
          target={<Button icon={<IconPlus size={16} />}>{r('add')}</Button>}
          entries={(Object.keys(names) as Target[]).map((target) => ({ key: target, label: names[target], run: () => add(target) }))}
        />
      </div>
    </FieldSet>
  )
}
