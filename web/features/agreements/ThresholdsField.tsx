import { IconPlus, IconTrash, IconX } from '@tabler/icons-react'
import type { Threshold } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldSet, NumberField, SelectField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { ManyColleagues } from '../people/many-picks.tsx'
import { TeamPick } from '../people/picks.tsx'
import styles from './Agreements.module.css'
import { ruleTexts } from './rule-texts.ts'

type Act = Threshold['acts'][number]
const dos = ['notify', 'pass', 'raise-priority', 'page'] as const
const whom = ['assignee', 'team', 'leads', 'managers'] as const
const emptyAct = (what: Act['do'], firstTeam: string): Act =>
  what === 'notify'
    ? { do: what, whom: ['assignee'], personIds: [] }
    : what === 'pass'
      ? { do: what, teamId: firstTeam }
      : what === 'page'
        ? { do: what, teamId: null }
        : { do: what }

/** What happens at which share of the time. */
export function ThresholdsField({ thresholds, onChange }: { thresholds: readonly Threshold[]; onChange: (next: Threshold[]) => void }) {
  const t = useTexts(ruleTexts)
  const set = (at: number, next: Threshold) => onChange(thresholds.map((one, n) => (n === at ? next : one)))
  return (
    <FieldSet title={t('escalation')} hint={t('escalationHint')}>
      {thresholds.map((step, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
        <div key={n} className={styles.goal}>
          <div className={styles.time}>
            <SelectField
              label={t('at')}
              options={(['percent', 'minutes'] as const).map((value) => ({ value, label: t(`at.${value}`) }))}
              value={step.percent === undefined ? 'minutes' : 'percent'}
              onChange={(next) => set(n, next === 'percent' ? { percent: 75, acts: step.acts } : { minutesBefore: 30, acts: step.acts })}
            />
            <NumberField
              label={t(step.percent === undefined ? 'before' : 'percent')}
              min={1}
              value={step.percent ?? step.minutesBefore ?? null}
              onChange={(amount) =>
                amount &&
                set(n, step.percent === undefined ? { minutesBefore: amount, acts: step.acts } : { percent: amount, acts: step.acts })
              }
            />
          </div>
          {step.acts.map((act, a) => (
            <ActFields
              // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
              key={a}
              act={act}
              onChange={(next) => set(n, { ...step, acts: step.acts.map((one, at) => (at === a ? next : one)) })}
              {...(step.acts.length > 1 ? { onDrop: () => set(n, { ...step, acts: step.acts.filter((_, at) => at !== a) }) } : {})}
            />
          ))}
          {step.acts.length < 5 && (
            <Button
              look="plain"
              icon={<IconPlus size={14} />}
              onClick={() => set(n, { ...step, acts: [...step.acts, { do: 'raise-priority' }] })}
            >
              {t('addAct')}
            </Button>
          )}
          <IconButton
            label={t('removeThreshold')}
            icon={<IconTrash size={16} />}
            onClick={() => onChange(thresholds.filter((_, at) => at !== n))}
          />
        </div>
      ))}
      <div>
        <Button icon={<IconPlus size={16} />} onClick={() => onChange([...thresholds, { percent: 90, acts: [emptyAct('notify', '')] }])}>
          {t('addThreshold')}
        </Button>
      </div>
    </FieldSet>
  )
}

function ActFields({ act, onChange, onDrop }: { act: Act; onChange: (act: Act) => void; onDrop?: () => void }) {
  const t = useTexts(ruleTexts)
  const teams = useCall('GET /api/teams').data?.items ?? []
  const named = whom.map((value) => ({ value, label: t(`whom.${value}`) }))
  const team = 'teamId' in act ? teams.find(({ id }) => id === act.teamId) : undefined
  return (
    <div className={styles.act}>
      <SelectField
        label={t('does')}
        options={dos.map((value) => ({ value, label: t(`do.${value}`) }))}
        value={act.do}
        onChange={(what) => onChange(emptyAct(what, teams[0]?.id ?? ''))}
      />
      {act.do === 'notify' && (
        <>
          <ManyField
            label={t('whom')}
            options={named}
            value={named.filter(({ value }) => act.whom.includes(value))}
            onChange={(picked) => onChange({ ...act, whom: whom.filter((one) => picked.some(({ value }) => value === one)) })}
          />
          <div className={styles.wholeRow}>
            <ManyColleagues
              label={t('alsoTell')}
              value={act.personIds.map((id) => ({ value: id, label: id }))}
              onChange={(picked) => onChange({ ...act, personIds: picked.map(({ value }) => value) })}
            />
          </div>
        </>
      )}
      {(act.do === 'pass' || act.do === 'page') && (
        <TeamPick
          key={team?.id ?? ''}
          label={t('team')}
          value={team ? { value: team.id, label: team.name } : null}
          clearable={act.do === 'page'}
          onChange={(picked) =>
            onChange(act.do === 'page' ? { ...act, teamId: picked?.value ?? null } : { ...act, teamId: picked?.value ?? '' })
          }
        />
      )}
      {onDrop && <IconButton label={t('removeAct')} icon={<IconX size={16} />} onClick={onDrop} />}
    </div>
  )
}
