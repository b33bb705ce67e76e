import { useState } from 'react'
import type { ImportDetail } from '../../../contract/transfer.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { ChoiceField, FieldRow, SwitchField, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { mappingTexts } from './mapping-texts.ts'
import type { Choose } from './state.ts'

/** What holds for all rows. */
export function ImportRules({ run, choose }: { run: ImportDetail; choose: Choose }) {
  const t = useTexts(mappingTexts)
  const { mapping, source, kind } = run
  const tickets = kind === null || kind === 'tickets'
  return (
    <Section title={t('options')}>
      {kind !== 'tickets' && (
        <div>
          <ChoiceField
            label={t('existing')}
            options={[
              { value: 'keep', label: t('existingKeep') },
              { value: 'update', label: t('existingUpdate') },
            ]}
            value={mapping.existing}
            onChange={(existing) => choose({ existing })}
          />
          <p className="dim small">{t('existingHint')}</p>
        </div>
      )}
      {source === 'csv' && kind !== 'organisations' && (
        <SwitchField label={t('make')} checked={mapping.make} onChange={(event) => choose({ make: event.currentTarget.checked })} />
      )}
      <FieldRow>
        <ChoiceField
          label={t('language')}
          options={[
            { value: 'en', label: t('english') },
            { value: 'de', label: t('german') },
          ]}
          value={mapping.language}
          onChange={(language) => choose({ language })}
        />
        {source === 'csv' && tickets && (
          <ChoiceField
            label={t('dateOrder')}
            options={[
              { value: 'dmy', label: t('dmy') },
              { value: 'mdy', label: t('mdy') },
            ]}
            value={mapping.dateOrder}
            onChange={(dateOrder) => choose({ dateOrder })}
          />
        )}
      </FieldRow>
      {tickets && source !== 'zammad' && (
        <Kept label={t('timeZone')} value={mapping.timeZone} onKeep={(timeZone) => choose({ timeZone })} />
      )}
      {source === 'csv' && (
        <Kept label={t('origin')} hint={t('originHint')} value={mapping.origin} onKeep={(origin) => choose({ origin })} />
      )}
      {tickets && (
        <Kept
          label={t('requester')}
          hint={t('requesterHint')}
          value={mapping.requester ?? ''}
          onKeep={(text) => choose({ requester: text === '' ? null : text })}
        />
      )}
    </Section>
  )
}

/** Typed, and kept when the field is left. */
function Kept({ label, hint, value, onKeep }: { label: string; hint?: string; value: string; onKeep: (value: string) => void }) {
  const [typed, setTyped] = useState(value)
  return (
    <TextField
      label={label}
      hint={hint}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => typed.trim() !== value && onKeep(typed.trim())}
    />
  )
}
