import { IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import styles from './Home.module.css'
import { homeTexts } from './home-texts.ts'

/** What wants somebody's hand, by number; an empty list is not shown. */
export function Exceptions() {
  const t = useTexts(homeTexts)
  const language = useLanguage()
  const found = useCall('GET /api/home/exceptions', { query: {} }, { keep: true, refetchInterval: 60_000 })
  return (
    <Section title={t('exceptions')} lead={t('exceptionsLead')}>
      <Loaded from={{ data: found.data, error: found.error, refetch: found.refetch }} rows={4}>
        {({ items, people }) => {
          const shown = items.filter(({ count }) => count > 0)
          const names = people.map(({ person, open }) =>
            open === null ? person.name : t('withNumber', { name: person.name, count: open }),
          )
          if (shown.length === 0) return <p className="dim">{t('calm')}</p>
          return (
            <>
              <ul className={styles.exceptions}>
                {shown.map(({ key, count, more }) => (
                  <li key={key}>
                    <Link to={'/home/$list' as never} params={{ list: key } as never} className={styles.exception}>
                      <span className="grow">{t(key)}</span>
                      <strong>{more ? `${count}+` : count}</strong>
                      <IconChevronRight size={14} aria-hidden="true" />
                    </Link>
                  </li>
                ))}
              </ul>
              {names.length > 0 && <p className="dim small">{t('tooMuch', { names: new Intl.ListFormat(language).format(names) })}</p>}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}
