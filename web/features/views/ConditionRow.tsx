import { IconX } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { IconButton } from '../../ui/Button.tsx'
import { NumberField, type Option, SelectField, TagsField, TextField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { OrganisationPick, PersonPick } from '../people/picks.tsx'
import { blank, type Draft, type Field, fields, shapes } from './conditions.ts'
import { viewTexts } from './texts.ts'
import styles from './Views.module.css'

type Props = {
  draft: Draft
  choices: (field: Field) => readonly Option[]
  /** The fields that are offered; all of them, unless told. */
  only?: readonly Field[]
  onChange: (draft: Draft) => void
  onDrop: () => void
}

/** Field, how, with what. */
export function ConditionRow({ draft, choices, only = fields, onChange, onDrop }: Props) {
  const t = useTexts(viewTexts)
  const hows: Record<(typeof shapes)[Field], readonly Option[]> = {
    flag: [
      { value: 'yes', label: t('yes') },
      { value: 'no', label: t('no') },
    ],
    many: [
      { value: 'is', label: t('is') },
      { value: 'is-not', label: t('is-not') },
    ],
    person: [
      { value: 'is', label: t('is') },
      { value: 'is-not', label: t('is-not') },
    ],
    organisation: [
      { value: 'is', label: t('is') },
      { value: 'is-not', label: t('is-not') },
    ],
    tags: [
      { value: 'any', label: t('hasAny') },
      { value: 'all', label: t('hasAll') },
      { value: 'none', label: t('hasNone') },
    ],
    time: [
      { value: 'within', label: t('within') },
      { value: 'older', label: t('older') },
    ],
    text: [],
  }
  const how = hows[shapes[draft.field]]
  return (
    <div className={styles.condition}>
      <SelectField
        label=""
        aria-label={t('field')}
        options={only.map((field) => ({ value: field, label: t(`f.${field}`) }))}
        value={draft.field}
        onChange={(field: Field) => onChange({ ...blank(field), key: draft.key })}
      />
      {how.length > 0 ? (
        <SelectField
          label=""
          aria-label={t('how')}
          options={how}
          value={draft.how}
          onChange={(next: string) => onChange({ ...draft, how: next })}
        />
      ) : (
        <span />
      )}
      <Value draft={draft} options={choices(draft.field)} onChange={onChange} />
      <IconButton label={t('drop')} icon={<IconX size={16} stroke={1.7} />} onClick={onDrop} />
    </div>
  )
}

function Value({ draft, options, onChange }: { draft: Draft; options: readonly Option[]; onChange: (draft: Draft) => void }) {
  const t = useTexts(viewTexts)
  const pick = (picked: Option | null) => onChange({ ...draft, picked: picked ? [picked] : [] })
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
      return <OrganisationPick label="" aria-label={t('value')} value={draft.picked[0] ?? null} onChange={pick} />
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
    case 'time':
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
