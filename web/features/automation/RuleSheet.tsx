import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Rule } from '../../../contract/automation.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { RemoveButton } from '../../ui/RemoveButton.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { issuesByPath } from '../readymade/words.ts'
import { ConditionRow } from '../views/ConditionRow.tsx'
import { blank, fields, ownFieldsIn } from '../views/conditions.ts'
import { useChoices } from '../views/options.ts'
import { useOwnFieldList } from '../views/own-conditions.ts'
import { ActionsField } from './ActionsField.tsx'
import styles from './Automation.module.css'
import { DryRun } from './DryRun.tsx'
import { askable, bodyOf, impersonal, type Values, valuesOf } from './draft.ts'
import { OccasionFields } from './OccasionFields.tsx'
import { automationTexts } from './texts.ts'

type Form = ReturnType<typeof useForm<Values>>
const renews = ['GET /api/automation/rules'] as const

/** A rule as it is read: when, if, then; and beside it what it would have done. */
export function RuleSheet({ rule, onClose }: { rule?: Rule; onClose: () => void }) {
  const t = useTexts(automationTexts)
  const [issues, setIssues] = useState<Record<string, string>>({})
  const form = useForm<Values>(valuesOf(rule))
  const change = useOtherChange(rule, valuesOf, form)
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const take = (cause: unknown) => {
    setIssues(issuesByPath(cause))
    change.take(cause)
  }
  const add = useSend('POST /api/automation/rules', { renews, onDone, onProblem: take })
  const edit = useSend('PATCH /api/automation/rules/:id', { renews, onDone, onProblem: take })
  const save = () => {
    const body = { name: form.values.name, ...bodyOf(form.values) }
    if (rule) edit.mutate({ params: { id: rule.id }, ifMatch: change.version, body })
    else add.mutate({ body })
  }
  const labels = {
    name: t('name'),
    on: t('when'),
    events: t('events'),
    fields: t('fields'),
    since: t('since'),
    hours: t('hours'),
    all: t('ifAll'),
    any: t('ifAny'),
    actions: t('does'),
  }
  return (
    <FormSheet
      title={rule ? t('editRule', { name: rule.name }) : t('newRule')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={rule && <Remove rule={rule} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      {rule?.offWhy === 'broken' && <p className={styles.warn}>{t('brokenText')}</p>}
      {rule?.offWhy === 'changed' && <p className={styles.warn}>{t('changedText')}</p>}
      {rule?.offWhy === 'loop' && <p className={styles.warn}>{t('loopText')}</p>}
      <TextField label={t('name')} hint={t('nameHint')} data-autofocus maxLength={100} {...form.text('name')} />
      <OccasionFields form={form} issues={issues} />
      <section className={styles.part}>
        <h3>{t('ifAll')}</h3>
        <Conditions form={form} side="all" issues={issues} />
        <h3>{t('ifAny')}</h3>
        <Conditions form={form} side="any" issues={issues} />
        {form.values.all.length + form.values.any.length === 0 && <p className="dim small">{t('always')}</p>}
      </section>
      <section className={styles.part}>
        <h3>{t('does')}</h3>
        <ActionsField actions={form.values.actions} issues={issues} onChange={(actions) => form.set('actions', actions)} />
      </section>
      <DryRun values={form.values} onProblem={take} />
    </FormSheet>
  )
}

function Conditions({ form, side, issues }: { form: Form; side: 'all' | 'any'; issues: Record<string, string> }) {
  const t = useTexts(automationTexts)
  const choices = useChoices()
  const list = form.values[side]
  const own = useOwnFieldList(ownFieldsIn(list))
  const put = (next: Values['all']) => form.set(side, next)
  return (
    <div className={styles.conditions}>
      {list.map((draft, i) => (
        <div key={draft.key}>
          <ConditionRow
            draft={{
              ...draft,
              picked: draft.picked.map((one) => choices(draft.field).find((option) => option.value === one.value) ?? one),
            }}
            choices={(field) => impersonal(choices(field))}
            only={askable(fields)}
            own={own}
            onChange={(next) => put(list.map((one) => (one.key === next.key ? next : one)))}
            onDrop={() => put(list.filter((one) => one.key !== draft.key))}
          />
          {wrongAt(issues, `query.${side}.${i}`) && <p className={styles.bad}>{wrongAt(issues, `query.${side}.${i}`)}</p>}
        </div>
      ))}
      <Button icon={<IconPlus size={14} />} onClick={() => put([...list, blank('team')])}>
        {t('addCondition')}
      </Button>
    </div>
  )
}

/** Of the condition, or of anything in it. */
const wrongAt = (issues: Record<string, string>, path: string): string | undefined =>
  Object.entries(issues).find(([at]) => at === path || at.startsWith(`${path}.`))?.[1]

function Remove({ rule, onDone }: { rule: Rule; onDone: () => void }) {
  const t = useTexts(automationTexts)
  const remove = useSend('DELETE /api/automation/rules/:id', {
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
      title={t('removeTitle', { name: rule.name })}
      text={t('removeText')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ params: { id: rule.id } })}
    />
  )
}
