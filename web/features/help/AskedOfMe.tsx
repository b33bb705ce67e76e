import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { MoreRows } from '../../ui/Table.tsx'
import styles from './Help.module.css'
import { HelpCard } from './HelpCard.tsx'
import { helpTexts } from './texts.ts'

/** What colleagues want to know of me, my teams and my skills; nothing at all while nobody asks. */
export function AskedOfMe() {
  const t = useTexts(helpTexts)
  const asked = useEndless('GET /api/help', { query: { of: 'me', limit: 10 } }, { keep: true })
  if (!asked.items || asked.items.length === 0) return null
  return (
    <section className={styles.asked} aria-label={t('asked')}>
      <h2>{t('asked')}</h2>
      <ul className={styles.lines}>
        {asked.items.map((one) => (
          <HelpCard key={one.id} help={one} away />
        ))}
      </ul>
      <MoreRows has={asked.hasNextPage} busy={asked.isFetchingNextPage} load={asked.more} />
    </section>
  )
}
