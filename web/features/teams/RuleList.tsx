import { IconArrowDown, IconArrowRight, IconArrowUp, IconPencil, IconPlus, IconRoute } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import type { RoutingRule } from '../../../contract/desk.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { keyOf, useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { RuleSheet } from './RuleSheet.tsx'
import { RuleTry } from './RuleTry.tsx'
import { ruleTexts } from './rule-texts.ts'
import styles from './Teams.module.css'

export function RuleList() {
  const t = useTexts(ruleTexts)
  const mayEdit = useMay('routing.edit')
  const rules = useCall('GET /api/routing-rules')
  const [open, setOpen] = useState<RoutingRule | 'new'>()
  const [hit, setHit] = useState<string>()
  useShortcut('n', t('newRule'), t('title'), () => setOpen('new'), { on: mayEdit })
  const add = mayEdit && (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpen('new')}>
      {t('newRule')}
    </Button>
  )
  return (
    <div className={styles.stack}>
      <div className={styles.bar}>
        <p>{t('lead')}</p>
        {add}
      </div>
      <Loaded from={rules}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconRoute size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <div className={styles.rulesAndTry}>
              <RuleRows rules={items} mayEdit={mayEdit} hit={hit} onOpen={setOpen} />
              <RuleTry onHit={setHit} />
            </div>
          )
        }
      </Loaded>
      {open && <RuleSheet {...(open === 'new' ? {} : { rule: open })} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

type RowsProps = { rules: readonly RoutingRule[]; mayEdit: boolean; hit: string | undefined; onOpen: (rule: RoutingRule) => void }
function RuleRows({ rules, mayEdit, hit, onOpen }: RowsProps) {
  const t = useTexts(ruleTexts)
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  const renews = ['GET /api/routing-rules'] as const
  const order = useSend('PUT /api/routing-rules/order', {
    renews,
    onProblem: (cause) => {
      toastProblem(cause)
      void client.invalidateQueries({ queryKey: ['GET /api/routing-rules'] })
    },
  })
  const turn = useSend('PATCH /api/routing-rules/:id', { renews, onProblem: toastProblem })
  /** Shown at once, asked of the server then; a refusal brings the stored order back. */
  const move = (from: number, to: number) => {
    const next = [...rules]
    const [moved] = next.splice(from, 1)
    if (!moved) return
    next.splice(to, 0, moved)
    client.setQueryData(keyOf('GET /api/routing-rules'), { items: next })
    setSaid(t('moved', { name: moved.name, count: to + 1 }))
    order.mutate({ body: { ids: next.map((r) => r.id) } })
  }
  return (
    <>
      <ol className={styles.rules}>
        {rules.map((rule, i) => (
          <li key={rule.id} className={styles.rule} data-off={!rule.on || undefined} data-hit={rule.id === hit || undefined}>
            <span className={styles.place}>{i + 1}</span>
            <RuleWords rule={rule} />
            <span className={styles.tools}>
              <SwitchField
                label={t(rule.on ? 'on' : 'off')}
                disabled={!mayEdit}
                checked={rule.on}
                onChange={(e) => turn.mutate({ params: { id: rule.id }, ifMatch: rule.version, body: { on: e.currentTarget.checked } })}
              />
              {mayEdit && (
                <>
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
                  <IconButton label={t('editRule', { name: rule.name })} icon={<IconPencil size={16} />} onClick={() => onOpen(rule)} />
                </>
              )}
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

/** The rule as a sentence: "mailbox is Support and words: vpn, tunnel → Network". */
function RuleWords({ rule }: { rule: RoutingRule }) {
  const t = useTexts(ruleTexts)
  const parts = [
    rule.mailbox && t('ifMailbox', { name: rule.mailbox.name }),
    rule.category && t('ifCategory', { name: rule.category.name }),
    rule.organisation && t('ifOrganisation', { name: rule.organisation.name }),
    rule.words.length > 0 && t('ifWords', { words: rule.words.join(', ') }),
  ].filter((part) => typeof part === 'string')
  return (
    <span className={styles.says}>
      <strong>{rule.name}</strong>
      <br />
      <span className={styles.words}>
        {parts.length === 0 && t('always')}
        {parts.map((part, i) => (
          <Fragment key={part}>
            {i > 0 && ` ${t('and')} `}
            {part}
          </Fragment>
        ))}
        <IconArrowRight size={14} role="img" aria-label={t('goesTo')} />
        <b>{rule.team.name}</b>
      </span>
    </span>
  )
}
