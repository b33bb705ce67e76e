import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { RuleCondition, RuleQuery, TalkCondition } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { SelectField } from '../../ui/Fields.tsx'
import { impersonal } from '../automation/draft.ts'
import { ConditionRow } from '../views/ConditionRow.tsx'
import { blank, conditionOf, type Draft, draftOf, type Field, ownFieldsIn } from '../views/conditions.ts'
import { useChoices } from '../views/options.ts'
import { useOwnFieldList } from '../views/own-conditions.ts'
import styles from './Agreements.module.css'
import { ruleTexts } from './rule-texts.ts'

/** What clocks can follow of what views ask. */
const followed: readonly Field[] = [
  'open',
  'meaning',
  'status',
  'priority',
  'impact',
  'urgency',
  'team',
  'assignee',
  'organisation',
  'site',
  'category',
  'kind',
  'channel',
  'tags',
]
const talks = ['answered', 'awaited', 'replied'] as const
type Row = { key: string; draft: Draft } | { key: string; talk: TalkCondition }
type Side = 'all' | 'any'

let last = 0
const isTalk = (one: RuleCondition): one is TalkCondition => (talks as readonly string[]).includes(one.field)
const rowOf = (one: RuleCondition): Row => {
  const key = `row-${++last}`
  return isTalk(one) ? { key, talk: one } : { key, draft: draftOf(one, (_, value) => value) }
}
const conditionIn = (row: Row): RuleCondition[] => ('talk' in row ? [row.talk] : [conditionOf(row.draft) ?? []].flat())

/** Conditions of a rule: what stands on the ticket, and what was said. Only what is whole is handed on. */
export function QueryFields({ query, onChange }: { query: RuleQuery; onChange: (query: RuleQuery) => void }) {
  const t = useTexts(ruleTexts)
  const [rows, setRows] = useState<Record<Side, Row[]>>({ all: query.all.map(rowOf), any: query.any.map(rowOf) })
  const put = (side: Side, next: Row[]) => {
    const now = { ...rows, [side]: next }
    setRows(now)
    onChange({ all: now.all.flatMap(conditionIn), any: now.any.flatMap(conditionIn) })
  }
  return (
    <div className={styles.query}>
      <Rows title={t('all')} rows={rows.all} onChange={(next) => put('all', next)} />
      <Rows title={t('any')} rows={rows.any} onChange={(next) => put('any', next)} />
    </div>
  )
}

function Rows({ title, rows, onChange }: { title: string; rows: readonly Row[]; onChange: (rows: Row[]) => void }) {
  const t = useTexts(ruleTexts)
  const choices = useChoices()
  const own = useOwnFieldList(ownFieldsIn(rows.flatMap((row) => ('draft' in row ? [row.draft] : []))))
  const drop = (key: string) => onChange(rows.filter((one) => one.key !== key))
  const set = (next: Row) => onChange(rows.map((one) => (one.key === next.key ? next : one)))
  const named = (draft: Draft): Draft => ({
    ...draft,
    picked: draft.picked.map((one) => choices(draft.field).find((option) => option.value === one.value) ?? one),
  })
  return (
    <div className={styles.side}>
      <span className="dim small">{title}</span>
      {rows.map((row) =>
        'talk' in row ? (
          <TalkRow key={row.key} talk={row.talk} onChange={(talk) => set({ key: row.key, talk })} onDrop={() => drop(row.key)} />
        ) : (
          <ConditionRow
            key={row.key}
            draft={named(row.draft)}
            choices={(field) => impersonal(choices(field))}
            only={followed}
            own={own}
            onChange={(draft) => set({ key: row.key, draft })}
            onDrop={() => drop(row.key)}
          />
        ),
      )}
      <div className={styles.tools}>
        <Button icon={<IconPlus size={14} />} onClick={() => onChange([...rows, { key: `row-${++last}`, draft: blank('priority') }])}>
          {t('addCondition')}
        </Button>
        <Button
          icon={<IconPlus size={14} />}
          onClick={() => onChange([...rows, { key: `row-${++last}`, talk: { field: 'answered', is: false } }])}
        >
          {t('addTalk')}
        </Button>
      </div>
    </div>
  )
}

function TalkRow({ talk, onChange, onDrop }: { talk: TalkCondition; onChange: (talk: TalkCondition) => void; onDrop: () => void }) {
  const t = useTexts(ruleTexts)
  return (
    <div className={styles.talk}>
      <SelectField
        label=""
        aria-label={t('talk')}
        options={talks.map((value) => ({ value, label: t(`talk.${value}`) }))}
        value={talk.field}
        onChange={(field) => onChange({ ...talk, field })}
      />
      <SelectField
        label=""
        aria-label={t(`talk.${talk.field}`)}
        options={(['yes', 'no'] as const).map((value) => ({ value, label: t(value) }))}
        value={talk.is ? 'yes' : 'no'}
        onChange={(next) => onChange({ ...talk, is: next === 'yes' })}
      />
      <IconButton label={t('dropTalk')} icon={<IconX size={16} />} onClick={onDrop} />
    </div>
  )
}
