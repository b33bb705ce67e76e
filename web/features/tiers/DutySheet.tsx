import { useQuery } from '@tanstack/react-query'
import type { Duties } from '../../../contract/tiers.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useOtherChange } from '../../kernel/other-change.ts'
import { queryOf, useCall, useSend } from '../../kernel/query.ts'
import { CheckField, FieldSet, type Option } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useCategoryOptions } from '../teams/categories.ts'
import { handoffPartsInOrder, kindsInOrder } from './orders.ts'
import { tierTexts } from './texts.ts'

type Values = Omit<Duties, 'version'>
const valuesOf = ({ version: _, ...values }: Duties): Values => values
type Team = { id: string; name: string }

/** What a team settles, takes and asks for. Read anew each time: a form that began with an old answer would save over the new one. */
export function DutySheet({ team, onClose }: { team: Team; onClose: () => void }) {
  const { data } = useQuery({ ...queryOf('GET /api/teams/:id/duties', { params: { id: team.id } }), gcTime: 0 })
  return data ? <Filled team={team} stored={data} onClose={onClose} /> : null
}

function Filled({ team, stored, onClose }: { team: Team; stored: Duties; onClose: () => void }) {
  const t = useTexts(tierTexts)
  const form = useForm<Values>(valuesOf(stored))
  const change = useOtherChange(stored, valuesOf, form)
  const categories = useCategories()
  const save = useSend('PUT /api/teams/:id/duties', {
    renews: ['GET /api/teams/:id/duties', 'GET /api/handoff-parts', 'GET /api/tickets/:id/next-teams'],
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
    onProblem: change.take,
  })
  const labels = { settles: t('settles'), kinds: t('kinds'), takes: t('takes'), asksFor: t('asksFor') }
  const kinds = kindsInOrder.map((value): Option => ({ value, label: t(`kind-${value}`) }))
  const ids = (options: Option[]) => options.map(({ value }) => value)
  const { values, errors } = form
  return (
    <FormSheet
      title={t('dutiesOf', { team: team.name })}
      busy={save.isPending}
      problem={form.problem}
      values={values}
      onSave={() => save.mutate({ params: { id: team.id }, ifMatch: change.version, body: values })}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      <ManyField
        label={t('settles')}
        hint={t('settlesHint')}
        error={errors['settles']}
        options={categories.options}
        value={categories.chosen(values.settles)}
        onChange={(next) => form.set('settles', ids(next))}
      />
      <ManyField
        label={t('kinds')}
        hint={t('kindsHint')}
        error={errors['kinds']}
        options={kinds}
        value={kinds.filter(({ value }) => values.kinds.some((kind) => kind === value))}
        onChange={(next) =>
          form.set(
            'kinds',
            kindsInOrder.filter((kind) => next.some(({ value }) => value === kind)),
          )
        }
      />
      <ManyField
        label={t('takes')}
        hint={t('takesHint')}
        error={errors['takes']}
        options={categories.options}
        value={categories.chosen(values.takes)}
        onChange={(next) => form.set('takes', ids(next))}
      />
      <FieldSet title={t('asksFor')} hint={t('asksForHint')}>
        {handoffPartsInOrder.map((part) => (
          <CheckField
            key={part}
            label={t(part)}
            checked={values.asksFor.includes(part)}
            onChange={({ currentTarget: { checked } }) =>
              form.set(
                'asksFor',
                handoffPartsInOrder.filter((one) => (one === part ? checked : values.asksFor.includes(one))),
              )
            }
          />
        ))}
      </FieldSet>
    </FormSheet>
  )
}

/** All that can be chosen by their paths; one that was archived and is still in the list keeps its name. */
function useCategories() {
  const language = useLanguage()
  const options = useCategoryOptions()
  const all = useCall('GET /api/categories').data?.items ?? []
  const named = (id: string): Option =>
    options.find(({ value }) => value === id) ?? { value: id, label: all.find((one) => one.id === id)?.name[language] ?? id }
  return { options, chosen: (ids: readonly string[]): Option[] => ids.map(named) }
}
