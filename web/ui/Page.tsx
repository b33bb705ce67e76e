import { type ReactNode, useEffect } from 'react'
import styles from './Page.module.css'

type Props = {
  title: string
  actions?: ReactNode
  lead?: string
  width?: 'narrow' | 'wide' | 'full'
  back?: ReactNode
  children: ReactNode
}

/** A screen with a heading. The tab's title follows it. */
export function Page({ title, actions, lead, width = 'wide', back, children }: Props) {
  useTitle(title)
  return (
    <div className={styles.page} data-width={width}>
      {back}
      <header className={styles.head}>
        <div className="grow">
          <h1>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** A part of a page, on a surface of its own. */
export function Section({ title, lead, actions, children }: { title?: string; lead?: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      {(title || actions) && (
        <header className={styles.sectionHead}>
          <div className="grow">
            {title && <h2>{title}</h2>}
            {lead && <p className="dim small">{lead}</p>}
          </div>
          {actions}
        </header>
      )}
      {children}
    </section>
  )
}

let screen = ''
let unread = 0
const write = () => {
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${screen ? `${screen} · ` : ''}Firstline`
}
export function useTitle(title: string): void {
  useEffect(() => {
    screen = title
    write()
  }, [title])
}
/** The bell's number stands before the title, so that it is seen in another tab. */
export function setUnreadInTitle(count: number): void {
  unread = count
  write()
}
