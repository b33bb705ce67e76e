import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import { Button } from './Button.tsx'
import styles from './Table.module.css'
import { uiTexts } from './texts.ts'

export type Column<T> = {
  key: string
  title: string
  cell: (row: T) => ReactNode
  width?: string
  end?: boolean
  /** On a phone a row is a card: `main` is its first line, `hide` is left out. */
  phone?: 'main' | 'hide'
}
type Props<T> = {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  /** Where a row leads: the whole row is a link. */
  to?: (row: T) => string
  /** Or what it opens on the spot. */
  onOpen?: (row: T) => void
  more?: { has: boolean; busy: boolean; load: () => void }
}

/** Rows in columns; on a phone, cards. */
export function Table<T>({ label, columns, rows, keyOf, to, onOpen, more }: Props<T>) {
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.key} scope="col" style={c.width ? { width: c.width } : undefined} data-end={c.end || undefined}>
                {c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} data-opens={to || onOpen ? true : undefined}>
              {columns.map((c, i) => (
                <td key={c.key} data-end={c.end || undefined} data-phone={c.phone} data-title={c.title}>
                  {i > 0 ? c.cell(row) : <Opening row={row} to={to} onOpen={onOpen} cell={c.cell(row)} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more && <MoreRows {...more} />}
    </div>
  )
}

/** The first cell carries the link; its ground stretches over the whole row. */
function Opening<T>({
  row,
  to,
  onOpen,
  cell,
}: {
  row: T
  to: ((row: T) => string) | undefined
  onOpen: ((row: T) => void) | undefined
  cell: ReactNode
}) {
  if (to)
    return (
      <Link to={to(row) as never} className={styles.open}>
        {cell}
      </Link>
    )
  if (onOpen)
    return (
      <button type="button" className={styles.open} onClick={() => onOpen(row)}>
        {cell}
      </button>
    )
  return cell
}

/** Loads on as its end comes into sight; the button is for the keyboard. */
export function MoreRows({ has, busy, load }: { has: boolean; busy: boolean; load: () => void }) {
  const t = useTexts(uiTexts)
  const end = useRef<HTMLDivElement>(null)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    if (!end.current || !has) return
    const watcher = new IntersectionObserver((seen) => seen[0]?.isIntersecting && latest.current(), { rootMargin: '400px' })
    watcher.observe(end.current)
    return () => watcher.disconnect()
  }, [has])
  if (!has) return null
  return (
    <div ref={end} className={styles.more}>
      <Button look="plain" busy={busy} onClick={load}>
        {t('more')}
      </Button>
    </div>
  )
}
