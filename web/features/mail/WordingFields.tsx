import { useRef, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { type Language, useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField, FieldRow, FieldSet, SelectField, TextArea } from '../../ui/Fields.tsx'
import styles from './Mail.module.css'
import { mailboxTexts } from './mailbox-texts.ts'
import { filled, kinds, ownWords, unknownIn, variables, type WordingKind } from './wording.ts'

export type Wordings = Partial<Record<WordingKind, Partial<Record<Language, string>>>>

/** One text at a time: which mail, in which language, with what may stand in it and how it will read. */
export function WordingFields({
  value,
  onChange,
  error,
}: {
  value: Wordings
  onChange: (value: Wordings) => void
  error?: string | undefined
}) {
  const t = useTexts(mailboxTexts)
  const reader = useLanguage()
  const [kind, setKind] = useState<WordingKind>('acknowledgement')
  const [language, setLanguage] = useState<Language>(reader)
  const area = useRef<HTMLTextAreaElement>(null)
  const text = value[kind]?.[language] ?? ''
  const set = (next: string) => onChange({ ...value, [kind]: { ...value[kind], [language]: next } })
  const insert = (name: string) => {
    const at = area.current?.selectionStart ?? text.length
    set(`${text.slice(0, at)}{{${name}}}${text.slice(area.current?.selectionEnd ?? at)}`)
    area.current?.focus()
  }
  const unknown = unknownIn(kind, text)
  return (
    <FieldSet title={t('words')} hint={t('wordsHint')}>
      <FieldRow>
        <SelectField label={t('kind')} value={kind} onChange={setKind} options={kinds.map((one) => ({ value: one, label: t(one) }))} />
        <ChoiceField
          label={t('language')}
          value={language}
          onChange={setLanguage}
          options={[
            { value: 'en', label: t('en') },
            { value: 'de', label: t('de') },
          ]}
        />
      </FieldRow>
      <TextArea
        ref={area}
        label={`${t(kind)}: ${t('inLanguage', { language: t(language) })}`}
        lang={language}
        error={error ?? (unknown[0] ? t('unknownVariable', { name: unknown[0] }) : undefined)}
        value={text}
        onChange={(e) => set(e.currentTarget.value)}
      />
      <div className={styles.vars}>
        {t('variables')}
        {variables[kind].map((name) => (
          <Button key={name} look="plain" title={t('insert', { name })} onClick={() => insert(name)}>
            <code>{`{{${name}}}`}</code>
          </Button>
        ))}
      </div>
      {text === '' && (
        <div>
          <Button onClick={() => set(ownWords[kind][language])}>{t('example')}</Button>
        </div>
      )}
      {kind === 'acknowledgement' && <p className="dim small">{t('unverifiedHint')}</p>}
      {text !== '' && <Preview text={text} />}
    </FieldSet>
  )
}

function Preview({ text }: { text: string }) {
  const t = useTexts(mailboxTexts)
  const company = useCompany()?.name ?? ''
  const hours = useCall('GET /api/open-hours', { query: { language: useLanguage() } })
  const values = {
    name: t('sampleName'),
    number: '#1042',
    subject: t('sampleSubject'),
    company,
    agent: t('sampleAgent'),
    resolution: t('sampleResolution'),
    days: '7',
    hours: hours.data?.sentence ?? '',
    text: t('sampleText'),
  }
  return (
    <section aria-label={t('preview')}>
      <p className="dim small">{t('preview')}</p>
      <div className={styles.preview}>{filled(text, values)}</div>
    </section>
  )
}
