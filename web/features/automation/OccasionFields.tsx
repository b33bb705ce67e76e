import type { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { CheckField, ChoiceField, FieldRow, NumberField, SelectField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import styles from './Automation.module.css'
import { changeable, happenings, sinces, type Values } from './draft.ts'
import { automationTexts } from './texts.ts'

type Props = { form: ReturnType<typeof useForm<Values>>; issues: Record<string, string> }

/** What the rule waits for. */
export function OccasionFields({ form, issues }: Props) {
  const t = useTexts(automationTexts)
  const { on, events, fields } = form.values
  const option = (value: (typeof changeable)[number]) => ({ value, label: t(`f-${value}`) })
  return (
    <section className={styles.part}>
      <h3>{t('when')}</h3>
      <ChoiceField
        label={t('when')}
        hideLabel
        value={on}
        onChange={(next) => form.set('on', next)}
        options={(['event', 'time'] as const).map((value) => ({ value, label: t(`on-${value}`) }))}
      />
      {on === 'event' && (
        <fieldset className={styles.checks} aria-label={t('events')}>
          {happenings.map((one) => (
            <CheckField
              key={one}
              label={t(`e-${one}`)}
              checked={events.includes(one)}
              onChange={(event) =>
                form.set('events', event.currentTarget.checked ? [...events, one] : events.filter((other) => other !== one))
              }
            />
          ))}
        </fieldset>
      )}
      {issues['occasion.events'] && <p className={styles.bad}>{issues['occasion.events']}</p>}
      {on === 'event' && events.includes('changed') && (
        <ManyField
          label={t('fields')}
          hint={t('fieldsHint')}
          options={changeable.map(option)}
          value={fields.map(option)}
          onChange={(picked) =>
            form.set(
              'fields',
              changeable.filter((one) => picked.some(({ value }) => value === one)),
            )
          }
        />
      )}
      {on === 'time' && (
        <FieldRow>
          <NumberField label={t('hours')} min={1} max={8760} value={form.values.hours} onChange={(next) => form.set('hours', next ?? 1)} />
          <SelectField
            label={t('since')}
            options={sinces.map((value) => ({ value, label: t(`s-${value}`) }))}
            value={form.values.since}
            onChange={(next) => form.set('since', next)}
          />
        </FieldRow>
      )}
    </section>
  )
}
