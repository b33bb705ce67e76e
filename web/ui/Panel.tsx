import type { ReactNode } from 'react'
import styles from './Panel.module.css'

/** The panel beside the conversation: parts with small headings, facts in two columns. */
export function SidePanel({ label, children }: { label: string; children: ReactNode }) {
  return (
    <aside className={styles.panel} aria-label={label}>
      {children}
    </aside>
  )
}

export function PanelPart({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  )
}

/** Name and value; nothing at all when there is no value. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '' || children === false) return null
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
export const Facts = ({ children }: { children: ReactNode }) => <dl className={styles.facts}>{children}</dl>
