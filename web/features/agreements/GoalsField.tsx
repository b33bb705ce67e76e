import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { Goal } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldSet, NumberField, SelectField, TextField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import styles from './Agreements.module.css'
import { empty, forPriorities } from './draft.ts'
import { QueryFields } from './QueryFields.tsx'
import { ruleTexts } from './rule-texts.ts'
import { prioritiesOf } from './words.ts'

const priorities = [1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: `P${n}` }))
type Time = Goal['time']

/** How much time for what, the first that fits. */
export function GoalsField({ goals, onChange }: { goals: readonly Goal[]; onChange: (goals: Goal[]) => void }) {
  const t = useTexts(ruleTexts)
  const set = (at: number, next: Goal) => onChange(goals.map((one, n) => (n === at ? next : one)))
  return (
    <FieldSet title={t('goals')} hint={t('goalsHint')}>
      {goals.map((goal, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
        <div key={n} className={styles.goal}>
          <When goal={goal} onChange={(when) => set(n, { ...goal, when })} />
          <TimeFields time={goal.time} onChange={(time) => set(n, { ...goal, time })} />
          {goals.length > 1 && (
            <IconButton
              label={t('removeGoal')}
              icon={<IconTrash size={16} />}
              onClick={() => onChange(goals.filter((_, at) => at !== n))}
            />
          )}
        </div>
      ))}
      <div>
        <Button icon={<IconPlus size={16} />} onClick={() => onChange([...goals, { when: empty(), time: { minutes: 480 } }])}>
          {t('addGoal')}
        </Button>
      </div>
    </FieldSet>
  )
}

function When({ goal: { when }, onChange }: { goal: Goal; onChange: (when: Goal['when']) => void }) {
  const t = useTexts(ruleTexts)
  const chosen = prioritiesOf(when)
  if (chosen === undefined) return <QueryFields query={when} onChange={onChange} />
  return (
    <ManyField
      label={t('priorities')}
      hint={chosen.length === 0 ? t('anyPriority') : ''}
      options={priorities}
      value={priorities.filter(({ value }) => chosen.includes(Number(value)))}
      onChange={(picked) => onChange(forPriorities(picked.map(({ value }) => Number(value)).sort()))}
    />
  )
}

function TimeFields({ time, onChange }: { time: Time; onChange: (time: Time) => void }) {
  const t = useTexts(ruleTexts)
  const how = 'minutes' in time ? 'minutes' : 'days'
  const inHours = 'minutes' in time && time.minutes % 60 === 0
  return (
    <div className={styles.time}>
      <SelectField
        label={t('how')}
        options={(['minutes', 'days'] as const).map((value) => ({ value, label: t(`how.${value}`) }))}
        value={how}
        onChange={(next) => onChange(next === 'minutes' ? { minutes: 480 } : { days: 1, by: '16:00' })}
      />
      {'minutes' in time ? (
        <>
          <NumberField
            label={t('amount')}
            min={1}
            value={inHours ? time.minutes / 60 : time.minutes}
            onChange={(amount) => amount && onChange({ minutes: inHours ? amount * 60 : amount })}
          />
          <SelectField
            label={t('unit')}
            options={(['minutes', 'hours'] as const).map((value) => ({ value, label: t(value) }))}
            value={inHours ? 'hours' : 'minutes'}
            onChange={(unit) =>
              onChange({ minutes: unit === 'hours' ? Math.max(1, Math.round(time.minutes / 60)) * 60 : Math.max(1, time.minutes / 60) | 0 })
            }
          />
        </>
      ) : (
        <>
          <NumberField label={t('days')} min={1} max={365} value={time.days} onChange={(days) => days && onChange({ ...time, days })} />
          <TextField
            type="time"
            label={t('by')}
            value={time.by}
            onChange={(event) => onChange({ ...time, by: event.currentTarget.value })}
          />
        </>
      )}
    </div>
  )
}
