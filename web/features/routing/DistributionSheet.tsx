import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Choice, Distribution } from '../../../contract/distribution.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useOtherChange } from '../../kernel/other-change.ts'
import { queryOf, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, FieldSet, NumberField, SelectField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useCategoryOptions } from '../teams/categories.ts'
import styles from './Routing.module.css'
import { routingTexts } from './texts.ts'
import { Why } from './Why.tsx'

type Values = Omit<Distribution, 'version'>
const valuesOf = ({ version: _, ...values }: Distribution): Values => values
type Team = { id: string; name: string }

/** How a team's tickets reach its people. Read anew each time: a form that began with an old answer would save over the new one. */
export function DistributionSheet({ team, onClose }: { team: Team; onClose: () => void }) {
  const { data } = useQuery({ ...queryOf('GET /api/teams/:id/distribution', { params: { id: team.id } }), gcTime: 0 })
  return data ? <Filled team={team} stored={data} onClose={onClose} /> : null
}

function Filled({ team, stored, onClose }: { team: Team; stored: Distribution; onClose: () => void }) {
  const t = useTexts(routingTexts)
  const form = useForm<Values>(valuesOf(stored))
  const change = useOtherChange(stored, valuesOf, form)
  const save = useSend('PUT /api/teams/:id/distribution', {
    renews: ['GET /api/teams/:id/distribution', 'GET /api/queues'],
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
    onProblem: change.take,
  })
  const labels = Object.fromEntries(Object.keys(valuesOf(stored)).map((key) => [key, t(key as 'way')]))
  return (
    <FormSheet
      title={t('settingsOf', { team: team.name })}
      busy={save.isPending}
      problem={form.problem}
      values={form.values}
      onSave={() => save.mutate({ params: { id: team.id }, ifMatch: change.version, body: form.values })}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      <SelectField
        label={t('way')}
        hint={t('wayHint')}
        options={(['pull', 'turn', 'load', 'skill'] as const).map((value) => ({ value, label: t(`way-${value}`) }))}
        {...form.value('way')}
      />
      {form.values.way !== 'pull' && <Choosing form={form} />}
      <Lying form={form} />
      <TryIt team={team} settings={form.values} />
    </FormSheet>
  )
}

type Part = { form: ReturnType<typeof useForm<Values>> }

function Choosing({ form }: Part) {
  const t = useTexts(routingTexts)
  const weight = form.value('waitingWeight')
  const weights = [0, 0.3, 0.5, 1]
  return (
    <>
      <SelectField
        label={t('availability')}
        hint={t('availabilityHint')}
        options={(['available', 'here', 'any'] as const).map((value) => ({ value, label: t(value) }))}
        {...form.value('availability')}
      />
      <FieldRow>
        <NumberField label={t('cap')} hint={t('capHint')} min={1} max={500} {...form.value('cap')} />
        <SelectField
          label={t('waitingWeight')}
          hint={t('waitingWeightHint')}
          options={[
            ...weights.map((value) => ({ value: String(value), label: t(`weight-${value as 0}`) })),
            ...(weights.includes(weight.value) ? [] : [{ value: String(weight.value), label: String(weight.value) }]),
          ]}
          value={String(weight.value)}
          onChange={(next) => form.set('waitingWeight', Number(next))}
        />
      </FieldRow>
      <NumberField label={t('stickyDays')} hint={t('stickyHint')} min={1} max={365} {...form.value('stickyDays')} />
    </>
  )
}

function Lying({ form }: Part) {
  const t = useTexts(routingTexts)
  return (
    <FieldSet title={t('lying')} hint={t('lyingHint')}>
      <FieldRow>
        <NumberField label={t('timeoutMinutes')} hint={t('timeoutHint')} min={5} {...form.value('timeoutMinutes')} />
        <NumberField
          label={t('timeoutTimes')}
          hint={t('timeoutTimesHint')}
          min={1}
          max={10}
          value={form.values.timeoutTimes}
          onChange={(next) => form.set('timeoutTimes', next ?? 1)}
        />
      </FieldRow>
      <NumberField label={t('unclaimedMinutes')} hint={t('unclaimedHint')} min={5} {...form.value('unclaimedMinutes')} />
    </FieldSet>
  )
}

function TryIt({ team, settings }: { team: Team; settings: Values }) {
  const t = useTexts(routingTexts)
  const categories = useCategoryOptions()
  const [categoryId, setCategoryId] = useState<string | null>(null)
  const [choice, setChoice] = useState<Choice>()
  const send = useSend('POST /api/teams/:id/distribution/try', { onDone: setChoice })
  return (
    <FieldSet title={t('tryTitle')} hint={t('tryLead')}>
      <div className={styles.tryRow}>
        <SelectField
          label={t('tryCategory')}
          placeholder={t('anyCategory')}
          clearable
          options={categories}
          value={categoryId}
          onChange={setCategoryId}
        />
        <Button busy={send.isPending} onClick={() => send.mutate({ params: { id: team.id }, body: { categoryId, settings } })}>
          {t('tryIt')}
        </Button>
      </div>
      <div role="status">{choice && <Why choice={choice} none={t(settings.way === 'pull' ? 'tryPull' : 'tryNobody')} />}</div>
    </FieldSet>
  )
}
