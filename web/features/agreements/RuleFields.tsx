import type { AgreementKind, RuleQuery, Target, TargetRule } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { ChoiceField, FieldRow, FieldSet, SelectField, SwitchField, TextField } from '../../ui/Fields.tsx'
import styles from './Agreements.module.css'
import { empty } from './draft.ts'
import { GoalsField } from './GoalsField.tsx'
import { QueryFields } from './QueryFields.tsx'
import { ruleTexts } from './rule-texts.ts'
import { ThresholdsField } from './ThresholdsField.tsx'
import { queryWords } from './words.ts'

type Props = { kind: AgreementKind; rule: TargetRule; names: Record<Target, string>; onChange: (rule: TargetRule) => void }

export function RuleFields({ kind, rule, names, onChange }: Props) {
  const t = useTexts(ruleTexts)
  const set = (change: Partial<TargetRule>) => onChange({ ...rule, ...change })
  return (
    <div className={styles.ruleFields}>
      <FieldRow>
        <TextField label={t('name')} maxLength={100} value={rule.name} onChange={(event) => set({ name: event.currentTarget.value })} />
        <SelectField
          label={t('target')}
          options={(Object.keys(names) as Target[]).map((value) => ({ value, label: names[value] }))}
          value={rule.target}
          onChange={(target) => set({ target })}
        />
      </FieldRow>
      <ChoiceField
        label={t('clock')}
        options={(['business', 'calendar'] as const).map((value) => ({ value, label: t(`clock.${value}`) }))}
        value={rule.clock}
        onChange={(clock) => set({ clock })}
      />
      <GoalsField goals={rule.goals} onChange={(goals) => set({ goals })} />
      <ThresholdsField thresholds={rule.thresholds} onChange={(thresholds) => set({ thresholds })} />
      <Conditions kind={kind} rule={rule} onChange={set} />
    </div>
  )
}

const parts = ['start', 'pause', 'stop', 'reset'] as const

function Conditions({ kind, rule, onChange }: { kind: AgreementKind; rule: TargetRule; onChange: (change: Partial<TargetRule>) => void }) {
  const t = useTexts(ruleTexts)
  const usual = useCall('GET /api/agreements/usual', {}, { staleTime: 300_000 }).data?.items.find(
    (one) => one.kind === kind && one.target === rule.target,
  )
  const part = (name: (typeof parts)[number]) => (
    <OwnOrUsual key={name} label={t(name)} own={rule[name]} usual={usual?.[name]} onChange={(query) => onChange({ [name]: query })} />
  )
  return (
    <FieldSet title={t('conditions')} hint={t('conditionsHint')}>
      {part('start')}
      <SelectField
        label={t('startFrom')}
        options={(['usual', 'created', 'attached'] as const).map((value) => ({ value, label: t(`startFrom.${value}`) }))}
        value={rule.startFrom ?? 'usual'}
        onChange={(next) => onChange({ startFrom: next === 'usual' ? null : next })}
      />
      <SelectField
        label={t('cancelWhen')}
        options={(['start-over', 'condition', 'never'] as const).map((value) => ({ value, label: t(`cancelWhen.${value}`) }))}
        value={rule.cancelWhen}
        onChange={(cancelWhen) => onChange({ cancelWhen, cancel: cancelWhen === 'condition' ? (rule.cancel ?? empty()) : null })}
      />
      {rule.cancelWhen === 'condition' && <QueryFields query={rule.cancel ?? empty()} onChange={(cancel) => onChange({ cancel })} />}
      {part('pause')}
      <SelectField
        label={t('resumeWhen')}
        options={(['pause-over', 'condition'] as const).map((value) => ({ value, label: t(`resumeWhen.${value}`) }))}
        value={rule.resumeWhen}
        onChange={(resumeWhen) => onChange({ resumeWhen, resume: resumeWhen === 'condition' ? (rule.resume ?? empty()) : null })}
      />
      {rule.resumeWhen === 'condition' && <QueryFields query={rule.resume ?? empty()} onChange={(resume) => onChange({ resume })} />}
      <SwitchField
        label={t('retroactive')}
        checked={rule.retroactivePause}
        onChange={(event) => onChange({ retroactivePause: event.currentTarget.checked })}
      />
      {part('stop')}
      {part('reset')}
    </FieldSet>
  )
}

type OwnProps = { label: string; own: RuleQuery | null; usual: RuleQuery | null | undefined; onChange: (query: RuleQuery | null) => void }
function OwnOrUsual({ label, own, usual, onChange }: OwnProps) {
  const t = useTexts(ruleTexts)
  return (
    <div className={styles.part}>
      <ChoiceField
        label={label}
        options={(['usual', 'own'] as const).map((value) => ({ value, label: t(value) }))}
        value={own === null ? 'usual' : 'own'}
        onChange={(next) => onChange(next === 'own' ? (usual ?? empty()) : null)}
      />
      {own === null ? (
        usual !== undefined && <p className="dim small">{queryWords(usual, t)}</p>
      ) : (
        <QueryFields query={own} onChange={onChange} />
      )}
    </div>
  )
}
