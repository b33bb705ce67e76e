import { IconX } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { IconButton } from '../../ui/Button.tsx'
import { NumberField, type Option, SelectField, TagsField, TextField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { ManyOrganisations, ManySites } from '../people/many-picks.tsx'
import { PersonPick } from '../people/picks.tsx'
import { blank, blankOwnDraft, type Draft, type Field, fields, shapes } from './conditions.ts'
import { OwnValue } from './OwnValue.tsx'
import { type OwnDraft, type OwnField, ownHows } from './own-conditions.ts'
import { viewTexts } from './texts.ts'
import styles from './Views.module.css'

type Props = {
  draft: Draft
  choices: (field: Field) => readonly Option[]
  /** The fields that are offered; all of them, unless told. */
  only?: readonly Field[]
  own: readonly OwnField[]
  onChange: (draft: Draft) => void
  onDrop: () => void
}

const hows = {
  flag: ['yes', 'no'],
  many: ['is', 'is-not'],
  person: ['is', 'is-not'],
  organisation: ['is', 'is-not'],
  site: ['is', 'is-not'],
  tags: ['any', 'all', 'none'],
  time: ['within', 'older'],
  due: ['next', 'late', 'empty'],
  text: [],
} as const
const ofOwn = 'own:'

/** Field, how, with what. */
export function ConditionRow({ draft, choices, only = fields, own, onChange, onDrop }: Props) {
  const t = useTexts(viewTexts)
  const drop = <IconButton label={t('drop')} icon={<IconX size={16} stroke={1.7} />} onClick={onDrop} />
  if (draft.kept)
    return (
      <div className={styles.condition}>
        <span className={styles.keptCondition}>{t('keptCondition')}</span>
        {drop}
      </div>
    )
  const how = (draft.own ? ownHows[draft.own.type] : hows[shapes[draft.field]]).map((value) => ({ value, label: t(`h.${value}`) }))
  const chosen = own.find((one) => one.id === draft.own?.fieldId)
  const usual = only.map((field) => ({ value: field, label: t(`f.${field}`) }))
  const owned = own.map((one) => ({ value: `${ofOwn}${one.id}`, label: one.archived ? t('outOfUse', { name: one.label }) : one.label }))
  return (
    <div className={styles.condition}>
      <SelectField
        label=""
        aria-label={t('field')}
        options={
          own.length > 0
            ? [
                { group: t('ofTicket'), items: usual },
                { group: t('ofOwn'), items: owned },
              ]
            : usual
        }
        value={draft.own ? `${ofOwn}${draft.own.fieldId}` : draft.field}
        onChange={(field: string) => {
          const next = own.find((one) => `${ofOwn}${one.id}` === field)
          onChange({ ...(next ? blankOwnDraft(next) : blank(field as Field)), key: draft.key })
        }}
      />
      {how.length > 0 ? (
        <SelectField
          label=""
          aria-label={t('how')}
          options={how}
          value={draft.own?.how ?? draft.how}
          onChange={(next: string) =>
            onChange(draft.own ? { ...draft, own: { ...draft.own, how: next as OwnDraft['how'] } } : { ...draft, how: next })
          }
        />
      ) : (
        <span />
      )}
      <div className={styles.value}>
        {draft.own ? (
          <OwnValue own={draft.own} choices={chosen?.choices ?? []} onChange={(next) => onChange({ ...draft, own: next })} />
        ) : (
          <Value draft={draft} options={choices(draft.field)} onChange={onChange} />
        )}
      </div>
      {drop}
    </div>
  )
}

function Value({ draft, options, onChange }: { draft: Draft; options: readonly Option[]; onChange: (draft: Draft) => void }) {
  const t = useTexts(viewTexts)
  const pick = (picked: Option | null) => onChange({ ...draft, picked: picked ? [picked] : [] })
  const several = {
    label: '',
    'aria-label': t('value'),
    always: options,
    value: draft.picked,
    onChange: (picked: Option[]) => onChange({ ...draft, picked }),
  }
  switch (shapes[draft.field]) {
    case 'many':
      return (
        <ManyField
          label=""
          aria-label={t('value')}
          options={options}
          value={draft.picked}
          onChange={(picked) => onChange({ ...draft, picked })}
        />
      )
    case 'person':
      return <PersonPick label="" aria-label={t('value')} value={draft.picked[0] ?? null} onChange={pick} />
    case 'organisation':
      return <ManyOrganisations {...several} />
    case 'site':
      return <ManySites {...several} />
    case 'tags':
      return <TagsField label="" aria-label={t('value')} value={draft.tags} onChange={(tags) => onChange({ ...draft, tags: [...tags] })} />
    case 'text':
      return (
        <TextField
          label=""
          aria-label={t('value')}
          value={draft.text}
          onChange={(event) => onChange({ ...draft, text: event.currentTarget.value })}
        />
      )
    case 'due':
    case 'time':
      if (draft.field === 'due' && draft.how !== 'next') return null
      return (
        <div className={styles.amount}>
          <NumberField
            label=""
            aria-label={t('value')}
            min={1}
            max={3650}
            value={draft.amount}
            onChange={(amount) => onChange({ ...draft, amount })}
          />
          <SelectField
            label=""
            aria-label={t('how')}
            options={(['hours', 'days'] as const).map((value) => ({ value, label: t(value) }))}
            value={draft.unit}
            onChange={(unit: 'hours' | 'days') => onChange({ ...draft, unit })}
          />
        </div>
      )
    default:
      return <span />
  }
}
