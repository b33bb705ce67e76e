import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Policy, PolicyStep } from '../../../contract/paging.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldRow, NumberField, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { RemoveButton } from '../../ui/RemoveButton.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { issuesByPath } from '../readymade/words.ts'
import styles from './Paging.module.css'
import { pagingTexts } from './setting-texts.ts'
import { useTargets } from './targets.ts'

const renews = ['GET /api/paging/policies'] as const
type Step = { key: number; targets: string[]; wait: number | null; repeat: number | null; mode: 'all' | 'in-turn' }
const sample = 'https://'
let keys = 0
const stepOf = (step?: Policy['steps'][number]): Step => ({
  key: ++keys,
  targets: step?.targets.map((one) => `${one.kind}:${one.id}`) ?? [],
  wait: step?.wait ?? 10,
  repeat: step?.repeat ?? 0,
  mode: step?.mode ?? 'all',
})
const bodyOf = ({ targets, wait, repeat, mode }: Step): PolicyStep => ({
  targets: targets.map((one) => {
    const [kind = '', id = ''] = one.split(':')
    return { kind: kind as 'rota' | 'person' | 'leads', id }
  }),
  wait: wait ?? 10,
  repeat: repeat ?? 0,
  mode,
})

export function PolicySheet({ policy, onClose }: { policy?: Policy; onClose: () => void }) {
  const t = useTexts(pagingTexts)
  const [issues, setIssues] = useState<Record<string, string>>({})
  const form = useForm({
    name: policy?.name ?? '',
    urgency: policy?.urgency ?? ('high' as 'high' | 'low'),
    teamIds: policy?.teams.map((one) => one.id) ?? ([] as string[]),
    steps: policy ? policy.steps.map(stepOf) : [stepOf()],
    loops: (policy?.loops ?? 1) as number | null,
    acknowledgedMinutes: policy?.acknowledgedMinutes ?? (null as number | null),
    catchAllId: policy?.catchAll?.id ?? (null as string | null),
    runbook: policy?.runbook ?? '',
    hotline: policy?.hotline ?? '',
  })
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const onProblem = (cause: unknown) => {
    setIssues(issuesByPath(cause))
    form.take(cause)
  }
  const add = useSend('POST /api/paging/policies', { renews, onDone, onProblem })
  const edit = useSend('PATCH /api/paging/policies/:id', { renews, onDone, onProblem })
  const save = () => {
    const body = { ...form.values, steps: form.values.steps.map(bodyOf), loops: form.values.loops ?? 0 }
    if (policy) edit.mutate({ params: { id: policy.id }, ifMatch: policy.version, body })
    else add.mutate({ body })
  }
  const teams = (useCall('GET /api/teams').data?.items ?? [])
    .filter((one) => !one.archived)
    .map((one) => ({ value: one.id, label: one.name }))
  const targets = useTargets()
  const people = targets.filter((one) => one.value.startsWith('person:')).map((one) => ({ ...one, value: one.value.slice(7) }))
  return (
    <FormSheet
      title={policy ? t('editPolicy', { name: policy.name }) : t('newPolicy')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={policy && <Remove policy={policy} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('name')} data-autofocus maxLength={80} {...form.text('name')} />
      <FieldRow>
        <ManyField
          label={t('teams')}
          options={teams}
          value={teams.filter((one) => form.values.teamIds.includes(one.value))}
          onChange={(chosen) =>
            form.set(
              'teamIds',
              chosen.map((one) => one.value),
            )
          }
          error={form.errors['teamIds']}
        />
        <SelectField
          label={t('urgency')}
          options={(['high', 'low'] as const).map((value) => ({ value, label: t(value) }))}
          {...form.value('urgency')}
        />
      </FieldRow>
      <Steps steps={form.values.steps} targets={targets} issues={issues} onChange={(steps) => form.set('steps', steps)} />
      <FieldRow>
        <NumberField label={t('loops')} min={0} max={9} {...form.value('loops')} />
        <SelectField
          label={t('catchAll')}
          placeholder={t('administrators')}
          clearable
          searchable
          options={people}
          {...form.value('catchAllId')}
        />
      </FieldRow>
      <NumberField label={t('acknowledgedMinutes')} hint={t('never')} min={5} max={1440} {...form.value('acknowledgedMinutes')} />
      <FieldRow>
        <TextField label={t('runbook')} placeholder={sample} {...form.text('runbook')} />
        <TextField label={t('hotline')} maxLength={200} {...form.text('hotline')} />
      </FieldRow>
    </FormSheet>
  )
}

type StepsProps = {
  steps: Step[]
  issues: Record<string, string>
  onChange: (steps: Step[]) => void
  targets: ReturnType<typeof useTargets>
}
function Steps({ steps, targets, issues, onChange }: StepsProps) {
  const t = useTexts(pagingTexts)
  const put = (key: number, change: Partial<Step>) => onChange(steps.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const wrong = (n: number) => Object.entries(issues).find(([path]) => path.startsWith(`steps.${n}.`))?.[1]
  return (
    <div className={styles.steps}>
      {steps.map((step, n) => (
        <fieldset key={step.key} className={styles.step}>
          <div className={styles.row}>
            <strong className="grow">{t('step', { n: n + 1 })}</strong>
            {steps.length > 1 && (
              <IconButton
                label={t('dropStep', { n: n + 1 })}
                icon={<IconTrash size={16} />}
                onClick={() => onChange(steps.filter((one) => one.key !== step.key))}
              />
            )}
          </div>
          <ManyField
            label={t('whom')}
            options={targets}
            value={targets.filter((one) => step.targets.includes(one.value))}
            onChange={(chosen) => put(step.key, { targets: chosen.map((one) => one.value) })}
            error={wrong(n)}
          />
          <FieldRow>
            <NumberField label={t('wait')} min={1} max={1440} value={step.wait} onChange={(wait) => put(step.key, { wait })} />
            <NumberField label={t('repeat')} min={0} max={9} value={step.repeat} onChange={(repeat) => put(step.key, { repeat })} />
          </FieldRow>
          {step.targets.length > 1 && (
            <SelectField
              label={t('mode')}
              options={(['all', 'in-turn'] as const).map((value) => ({ value, label: t(`mode-${value}`) }))}
              value={step.mode}
              onChange={(mode) => put(step.key, { mode })}
            />
          )}
        </fieldset>
      ))}
      <div>
        <Button icon={<IconPlus size={14} />} onClick={() => onChange([...steps, stepOf()])}>
          {t('addStep')}
        </Button>
      </div>
    </div>
  )
}

function Remove({ policy, onDone }: { policy: Policy; onDone: () => void }) {
  const t = useTexts(pagingTexts)
  const remove = useSend('DELETE /api/paging/policies/:id', {
    renews,
    onDone: () => {
      toast(t('removed'))
      onDone()
    },
    onProblem: toastProblem,
  })
  return (
    <RemoveButton
      label={t('remove')}
      title={t('removeTitle', { name: policy.name })}
      text={t('removeText')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ params: { id: policy.id } })}
    />
  )
}
