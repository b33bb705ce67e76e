import { IconArrowDown, IconArrowUp, IconHistory, IconPlus, IconRobot } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Rule } from '../../../contract/automation.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { keyOf, useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Automation.module.css'
import { RuleSheet } from './RuleSheet.tsx'
import { RunLog } from './RunLog.tsx'
import { automationTexts } from './texts.ts'
import { ruleWords } from './words.ts'

const renews = ['GET /api/automation/rules'] as const

export function RuleList() {
  const t = useTexts(automationTexts)
  const rules = useCall('GET /api/automation/rules')
  const [open, setOpen] = useState<Rule | 'new'>()
  const [log, setLog] = useState<Rule>()
  useShortcut('n', t('newRule'), t('title'), () => setOpen('new'))
  return (
    <>
      <div className={styles.bar}>
        <p>{t('rulesLead')}</p>
        <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpen('new')}>
          {t('newRule')}
        </Button>
      </div>
      <Loaded from={rules}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconRobot size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <Rows rules={items} onOpen={setOpen} onLog={setLog} />
          )
        }
      </Loaded>
      {open && (
        <RuleSheet key={open === 'new' ? 'new' : open.id} {...(open === 'new' ? {} : { rule: open })} onClose={() => setOpen(undefined)} />
      )}
      {log && <RunLog rule={log} onClose={() => setLog(undefined)} />}
    </>
  )
}

function Rows({ rules, onOpen, onLog }: { rules: readonly Rule[]; onOpen: (rule: Rule) => void; onLog: (rule: Rule) => void }) {
  const t = useTexts(automationTexts)
  const queries = useQueryClient()
  const [said, setSaid] = useState('')
  const order = useSend('PUT /api/automation/order', { renews, onProblem: toastProblem })
  const move = (from: number, to: number) => {
    const next = rules.filter((_, i) => i !== from)
    next.splice(to, 0, rules[from]!)
    queries.setQueryData(keyOf('GET /api/automation/rules'), { items: next })
    setSaid(t('moved', { name: rules[from]!.name, place: String(to + 1) }))
    order.mutate({ body: { ids: next.map((rule) => rule.id) } })
  }
  return (
    <>
      <ol className={styles.rows}>
        {rules.map((rule, i) => (
          <li key={rule.id} className={styles.row} data-off={!rule.on || undefined}>
            <span className={styles.place}>{i + 1}</span>
            <Words rule={rule} onOpen={() => onOpen(rule)} />
            <span className={styles.tools}>
              <Turn rule={rule} />
              <IconButton label={t('logOf', { name: rule.name })} icon={<IconHistory size={16} />} onClick={() => onLog(rule)} />
              <IconButton
                label={t('up', { name: rule.name })}
                icon={<IconArrowUp size={16} />}
                disabled={i === 0}
                onClick={() => move(i, i - 1)}
              />
              <IconButton
                label={t('down', { name: rule.name })}
                icon={<IconArrowDown size={16} />}
                disabled={i === rules.length - 1}
                onClick={() => move(i, i + 1)}
              />
            </span>
          </li>
        ))}
      </ol>
      <span className="unseen" role="status">
        {said}
      </span>
    </>
  )
}

function Words({ rule, onOpen }: { rule: Rule; onOpen: () => void }) {
  const t = useTexts(automationTexts)
  return (
    <span className={styles.main}>
      <button type="button" className={styles.name} onClick={onOpen}>
        {rule.name}
      </button>
      <span className={styles.says}>{ruleWords(rule, t)}</span>
      <span className={styles.meta}>
        {rule.offWhy && rule.offWhy !== 'hand' && <Badge tone="warn">{t(`off-${rule.offWhy}`)}</Badge>}
        <span>{t('did', { count: rule.done })}</span>
        {rule.failed > 0 && <Badge tone="bad">{t('failures', { count: rule.failed })}</Badge>}
      </span>
    </span>
  )
}

function Turn({ rule }: { rule: Rule }) {
  const t = useTexts(automationTexts)
  const turn = useSend('PATCH /api/automation/rules/:id', { renews, onProblem: toastProblem })
  return (
    <SwitchField
      label={t(rule.on ? 'on' : 'off')}
      aria-label={t('turn', { name: rule.name })}
      checked={rule.on}
      disabled={turn.isPending}
      onChange={(event) => turn.mutate({ params: { id: rule.id }, ifMatch: rule.version, body: { on: event.currentTarget.checked } })}
    />
  )
}
