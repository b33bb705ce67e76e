import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { FieldSet } from '../../ui/Fields.tsx'
import styles from './Agreements.module.css'
import { ruleTexts } from './rule-texts.ts'
import { agreementTexts } from './texts.ts'
import { goalsWords } from './words.ts'

/** Who changed the terms, when, and what they were. */
export function Versions({ id }: { id: string }) {
  const t = useTexts(agreementTexts)
  const r = useTexts(ruleTexts)
  const formats = useFormats()
  const { data } = useCall('GET /api/agreements/:id/versions', { params: { id } })
  if (!data || data.items.length === 0) return null
  return (
    <FieldSet title={t('versions')}>
      {data.items.map(({ version, at, by, terms }) => (
        <details key={version} className={styles.version}>
          <summary>
            {t('versionLine', { version, when: formats.dateTime(at), who: by?.name ?? t('theProgram') })}{' '}
            <span className="dim">{t('versionRules', { count: terms.rules.length })}</span>
          </summary>
          <ul>
            {terms.rules.map((rule) => (
              <li key={rule.key}>
                {rule.name}: {goalsWords(rule.goals, r)}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </FieldSet>
  )
}
