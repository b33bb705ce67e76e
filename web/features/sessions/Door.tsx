import type { ReactNode } from 'react'
import { setLanguage, useLanguage } from '../../kernel/language.ts'
import { useCompany } from '../../kernel/session.ts'
import { useTitle } from '../../ui/Page.tsx'
import styles from './Door.module.css'

/** The frame of every page before the sign-in: the desk's name, one card, the language. */
export function Door({ title, lead, wide = false, children }: { title: string; lead?: string; wide?: boolean; children: ReactNode }) {
  const company = useCompany()
  const language = useLanguage()
  useTitle(title)
  return (
    <div className={styles.door}>
      <header className={styles.brand}>
        <img src={company?.logo ?? '/icon.svg'} alt="" />
        <span>{company?.name ?? ''}</span>
      </header>
      <main className={styles.card} data-wide={wide || undefined}>
        <h1>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
        {children}
      </main>
      <footer className={styles.foot}>
        {languages.map(([code, name]) => (
          <button key={code} type="button" lang={code} aria-pressed={language === code} onClick={() => setLanguage(code)}>
            {name}
          </button>
        ))}
      </footer>
    </div>
  )
}
const languages = [
  ['en', 'English'],
  ['de', 'Deutsch'],
] as const
