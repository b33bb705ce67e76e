import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { PagingRule } from '../../../contract/paging.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { askable, impersonal } from '../automation/draft.ts'
import { issuesByPath } from '../readymade/words.ts'
import { ConditionRow } from '../views/ConditionRow.tsx'
import { blank, conditionOf, type Draft, draftOf, fields, ownFieldsIn } from '../views/conditions.ts'
import { useChoices } from '../views/options.ts'
import { useOwnFieldList } from '../views/own-conditions.ts'
import styles from './Paging.module.css'
import { pagingTexts } from './setting-texts.ts'

const renews = ['GET /api/paging/rules'] as const

export function PagingRuleSheet({ rule, onClose }: { rule?: PagingRule; onClose: () => void }) {
  const t = useTexts(pagingTexts)
  const [issues, setIssues] = useState<Record<string, string>>({})
  const policies = useCall('GET /api/paging/policies').data?.items ?? []
  const form = useForm({
    name: rule?.name ?? '',
    policyId: rule?.policy?.id ?? (null as string | null),
    all: rule ? rule.query.all.map((one) => draftOf(one, (_, value) => value)) : [blank('priority')],
  })
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const onProblem = (cause: unknown) => {
    setIssues(issuesByPath(cause))
    form.take(cause)
  }
  const add = useSend('POST /api/paging/rules', { renews, onDone, onProblem })
  const edit = useSend('PATCH /api/paging/rules/:id', { renews, onDone, onProblem })
  const remove = useSend('DELETE /api/paging/rules/:id', { renews, onDone: onClose, onProblem: toastProblem })
  const save = () => {
    const all = form.values.all.map(conditionOf).filter((one) => one !== undefined)
    const body = { name: form.values.name, policyId: form.values.policyId, query: { all, any: rule?.query.any ?? [] } }
    if (rule) edit.mutate({ params: { id: rule.id }, ifMatch: rule.version, body: body as never })
    else add.mutate({ body: body as never })
  }
  return (
    <FormSheet
      title={rule ? t('editRule', { name: rule.name }) : t('newRule')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={
        rule && (
          <Button look="plain" busy={remove.isPending} onClick={() => remove.mutate({ params: { id: rule.id } })}>
            {t('remove')}
          </Button>
        )
      }
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('name')} data-autofocus maxLength={80} {...form.text('name')} />
      <h3>{t('ifAll')}</h3>
      <Conditions list={form.values.all} onChange={(all) => form.set('all', all)} />
      <FormProblem text={Object.entries(issues).find(([path]) => path.startsWith('query'))?.[1]} />
      <SelectField
        label={t('byPolicy')}
        placeholder={t('ofTeam')}
        clearable
        options={policies.map((one) => ({ value: one.id, label: one.name }))}
        {...form.value('policyId')}
      />
    </FormSheet>
  )
}

function Conditions({ list, onChange }: { list: Draft[]; onChange: (list: Draft[]) => void }) {
  const t = useTexts(pagingTexts)
  const choices = useChoices()
  const own = useOwnFieldList(ownFieldsIn(list))
  return (
    <div className={styles.steps}>
      {list.map((draft) => (
        <ConditionRow
          key={draft.key}
          draft={{ ...draft, picked: draft.picked.map((one) => choices(draft.field).find((option) => option.value === one.value) ?? one) }}
          choices={(field) => impersonal(choices(field))}
          only={askable(fields)}
          own={own}
          onChange={(next) => onChange(list.map((one) => (one.key === next.key ? next : one)))}
          onDrop={() => onChange(list.filter((one) => one.key !== draft.key))}
        />
      ))}
      <div>
        <Button icon={<IconPlus size={14} />} onClick={() => onChange([...list, blank('team')])}>
          {t('addCondition')}
        </Button>
      </div>
    </div>
  )
}
