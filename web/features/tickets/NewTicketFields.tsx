import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { CheckField, ChoiceField, FieldRow, SelectField, TagsField, TextArea, TextField } from '../../ui/Fields.tsx'
import { PriorityMark } from '../../ui/Marks.tsx'
import { useCategories } from './CategoryPicker.tsx'
import { useColleagues } from './ColleagueList.tsx'
import { talkTexts } from './conversation-texts.ts'
import type { NewTicketForm } from './new-ticket.ts'
import { PersonPicker } from './PersonPicker.tsx'
import { resolutionCodes } from './resolution.ts'
import { ticketTexts } from './texts.ts'

/** Who asks: somebody known, or somebody new, who is added with the ticket. */
export function WhoFields({ form }: { form: NewTicketForm }) {
  const t = useTexts(ticketTexts)
  const { values, errors, set } = form
  return (
    <>
      <ChoiceField
        label={t('whoAsks')}
        value={values.who}
        onChange={(who) => set('who', who)}
        options={[
          { value: 'known', label: t('knownPerson') },
          { value: 'new', label: t('newPerson') },
        ]}
      />
      {values.who === 'known' ? (
        <PersonPicker
          key={values.requesterId?.value ?? 'none'}
          label={t('requester')}
          value={values.requesterId}
          onChange={(p) => set('requesterId', p)}
          error={errors.requesterId}
          autoFocus={values.requesterId === null}
        />
      ) : (
        <FieldRow>
          <TextField label={t('personName')} autoComplete="off" {...form.text('requesterName')} />
          <TextField label={t('personEmail')} type="email" autoComplete="off" {...form.text('requesterEmail')} />
        </FieldRow>
      )}
      <CheckField label={t('forOther')} {...form.check('onBehalf')} />
      {values.onBehalf && (
        <PersonPicker
          key={`for${values.onBehalfOfId?.value ?? 'none'}`}
          label={t('whoFor')}
          value={values.onBehalfOfId}
          onChange={(p) => set('onBehalfOfId', p)}
          error={errors.onBehalfOfId}
        />
      )}
      <ChoiceField
        label={t('cameBy')}
        value={values.channel}
        onChange={(channel) => set('channel', channel)}
        options={(['phone', 'counter', 'mail'] as const).map((c) => ({ value: c, label: t(`channel-${c}`) }))}
      />
    </>
  )
}

const levels = ['1', '2', '3'] as const

/** Where it belongs and how urgent it is; the team comes by the rules unless it is chosen. */
export function ClassifyFields({ form }: { form: NewTicketForm }) {
  const t = useTexts(ticketTexts)
  const { values, set } = form
  const categories = useCategories()
  const teams = useCall('GET /api/teams', {}, { staleTime: 60_000 }).data?.items.filter((x) => !x.archived) ?? []
  const colleagues = useColleagues(values.teamId ?? undefined)
  return (
    <>
      <ChoiceField
        label={t('kind')}
        value={values.kind}
        onChange={(kind) => set('kind', kind)}
        options={(['incident', 'request'] as const).map((k) => ({ value: k, label: t(`kind-${k}`) }))}
      />
      <FieldRow>
        <ChoiceField
          label={t('impact')}
          value={values.impact}
          onChange={(v) => set('impact', v)}
          options={levels.map((v) => ({ value: v, label: t(`impact-${v}`) }))}
          wide
        />
        <ChoiceField
          label={t('urgency')}
          value={values.urgency}
          onChange={(v) => set('urgency', v)}
          options={levels.map((v) => ({ value: v, label: t(`urgency-${v}`) }))}
          wide
        />
      </FieldRow>
      <div className="row small dim">
        {t('givesPriority')} <PriorityMark priority={7 - Number(values.impact) - Number(values.urgency)} words />
      </div>
      <FieldRow>
        <SelectField
          label={t('category')}
          clearable
          searchable
          placeholder={t('noCategory')}
          options={categories.map((c) => ({ value: c.id, label: c.path }))}
          {...form.value('categoryId')}
        />
        <SelectField
          label={t('teamField')}
          clearable
          placeholder={t('teamByRules')}
          options={teams.map((x) => ({ value: x.id, label: x.name }))}
          {...form.value('teamId')}
        />
      </FieldRow>
      <FieldRow>
        <SelectField
          label={t('assignee')}
          clearable
          placeholder={t('nobody')}
          options={colleagues.map((c) => ({ value: c.id, label: c.name }))}
          {...form.value('assigneeId')}
        />
        <TagsField label={t('tags')} value={values.tags} onChange={(tags) => set('tags', tags)} />
      </FieldRow>
    </>
  )
}

/** Created and resolved in one step, as most calls are. */
export function SolvedFields({ form }: { form: NewTicketForm }) {
  const t = useTexts(ticketTexts)
  const w = useTexts(talkTexts)
  return (
    <>
      <CheckField label={t('solveNow')} {...form.check('solved')} />
      {form.values.solved && (
        <>
          <SelectField
            label={w('code')}
            options={resolutionCodes.map((c) => ({ value: c, label: w(`code-${c}`) }))}
            {...form.value('code')}
          />
          <TextArea label={w('solution')} hint={w('solutionHint')} {...form.text('text')} />
        </>
      )}
    </>
  )
}
