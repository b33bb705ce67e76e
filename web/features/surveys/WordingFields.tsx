import { useTexts } from '../../kernel/i18n.ts'
import { FieldSet, TextArea, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import styles from './Surveys.module.css'
import type { SettingsForm } from './settings-form.ts'
import { surveyTexts } from './texts.ts'

const languages = [
  { code: 'en', text: 'english' },
  { code: 'de', text: 'german' },
] as const

const places = '{{name}}, {{number}}, {{subject}}, {{company}}'

/** The mail and the question in both languages; each person gets theirs. */
export function WordingFields({ form }: { form: SettingsForm }) {
  const t = useTexts(surveyTexts)
  const { wording } = form.values
  const put = (code: 'en' | 'de', field: 'subject' | 'text' | 'question') => ({
    value: wording[code][field],
    onChange: (event: { currentTarget: { value: string } }) =>
      form.set('wording', { ...wording, [code]: { ...wording[code], [field]: event.currentTarget.value } }),
  })
  return (
    <Section title={t('wording')} lead={t('wordingHint', { places })}>
      <div className="stack">
        {languages.map(({ code, text }) => (
          <FieldSet key={code} title={t(text)}>
            <TextField label={t('mailSubject')} maxLength={150} {...put(code, 'subject')} />
            <TextArea label={t('mailText')} minRows={4} maxLength={2000} {...put(code, 'text')} />
            <TextField label={t('question')} maxLength={200} {...put(code, 'question')} />
          </FieldSet>
        ))}
        {form.errors['wording'] && (
          <p className={styles.missing} role="alert">
            {form.errors['wording']}
          </p>
        )}
      </div>
    </Section>
  )
}
