import { IconPhone } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { useTitle } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { AnswerHours } from '../calendars/AnswerHours.tsx'
import portal from '../portal/Portal.module.css'
import styles from './Emergency.module.css'
import { reachTexts } from './reach-texts.ts'

/** For those who ask: by which number, when somebody is there, and what to do when it burns. */
export function ReachPage() {
  const t = useTexts(reachTexts)
  const language = useLanguage()
  const reach = useCall('GET /api/reach')
  useTitle(t('title'))
  return (
    <div className={portal.page}>
      <header>
        <h1>{t('title')}</h1>
        <p className="dim">{t('lead')}</p>
      </header>
      <Loaded from={reach}>
        {({ numbers, advice }) => (
          <>
            <section className={portal.part} aria-labelledby="reach-phone">
              <h2 id="reach-phone">{t('phone')}</h2>
              {numbers.length === 0 ? (
                <p>
                  {t('noNumbers')} <Link to="/portal">{t('write')}</Link>
                </p>
              ) : (
                <ul className={styles.phones}>
                  {numbers.map(({ name, number, dial }) => (
                    <li key={`${name} ${number}`}>
                      <span>{name}</span>
                      <a href={`tel:${dial}`} aria-label={t('call', { number })}>
                        <IconPhone size={16} aria-hidden="true" /> {number}
                      </a>
                    </li>
                  ))}
                </ul>
              )}
            </section>
            <section className={portal.part} aria-labelledby="reach-emergency">
              <h2 id="reach-emergency">{t('emergency')}</h2>
              <p className={styles.advice}>{advice[language] || t(numbers.length > 0 ? 'usual' : 'without')}</p>
            </section>
          </>
        )}
      </Loaded>
      <AnswerHours className={portal.part} />
    </div>
  )
}
