import type { Choice } from '../../../contract/distribution.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import styles from './Routing.module.css'
import { routingTexts } from './texts.ts'

/** Why the program chose this person, in a sentence; and why each of the others was not. */
export function Why({ choice, none }: { choice: Choice; none?: string }) {
  const t = useTexts(routingTexts)
  const { number } = useFormats()
  const { person, because, others } = choice
  const skills = choice.skills.map(({ name }) => name).join(', ')
  const why = because && t(`because-${because}`, { skills, load: number(choice.load ?? 0) })
  return (
    <div className={styles.why}>
      <p>{person && why ? t('givenTo', { name: person.name, why }) : none}</p>
      {others.length > 0 && (
        <details>
          <summary>{t('whyNot')}</summary>
          <ul>
            {others.map(({ person: other, why: reason }) => (
              <li key={other.id}>
                {other.name} {t(reason === 'full' ? 'is-full' : reason)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
