import { IconArchiveOff, IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useShortcut } from '../kernel/keyboard.ts'
import { Button } from './Button.tsx'
import { Page, Section } from './Page.tsx'
import styles from './RecordsPage.module.css'
import { EmptyState, Loaded, type Shown } from './States.tsx'

type Words = { title: string; lead: string; new: string; none: string; noneText: string }
type Props<T> = {
  words: Words
  icon: ReactNode
  from: Shown<{ items: T[] }>
  mayEdit: boolean
  /** `onOpen` is there for those who may change them. */
  rows: (items: T[], onOpen: ((row: T) => void) | undefined) => ReactNode
  /** Without a row: for a new one. */
  sheet: (row: T | undefined, onClose: () => void) => ReactNode
  /** What is out of use, below. */
  archived: ReactNode
}

/** Records of one kind: a list, `n` for a new one, and a sheet to change one. */
export function RecordsPage<T>({ words, icon, from, mayEdit, rows, sheet, archived }: Props<T>) {
  const [opened, setOpened] = useState<T | 'new'>()
  useShortcut('n', words.new, words.title, () => setOpened('new'), { on: mayEdit })
  const add = mayEdit && (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpened('new')}>
      {words.new}
    </Button>
  )
  return (
    <Page title={words.title} lead={words.lead} actions={add}>
      <Loaded from={from}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={icon} title={words.none} text={words.noneText} />
          ) : (
            rows(items, mayEdit ? (row) => setOpened(() => row) : undefined)
          )
        }
      </Loaded>
      {mayEdit && archived}
      {opened !== undefined && sheet(opened === 'new' ? undefined : opened, () => setOpened(undefined))}
    </Page>
  )
}

type ArchivedProps<T> = {
  title: string
  restore: string
  items: readonly T[] | undefined
  nameOf: (row: T) => string
  onRestore: (row: T) => void
}
/** Stands there only when there are any. */
export function ArchivedRecords<T extends { id: string }>({ title, restore, items = [], nameOf, onRestore }: ArchivedProps<T>) {
  if (items.length === 0) return null
  return (
    <Section title={title}>
      {items.map((row) => (
        <div key={row.id} className={styles.line}>
          <span className="grow">{nameOf(row)}</span>
          <Button icon={<IconArchiveOff size={16} />} aria-label={`${restore}: ${nameOf(row)}`} onClick={() => onRestore(row)}>
            {restore}
          </Button>
        </div>
      ))}
    </Section>
  )
}
