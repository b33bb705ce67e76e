import { Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBuilding, IconChevronRight, IconSearch, IconTicket, IconUser } from '@tabler/icons-react'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { Hit } from '../../../contract/desk.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { heldLetters, shortcutsNow } from '../../kernel/keyboard.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { useFocusReturn } from '../../ui/focus-return.ts'
import { KeyHint } from '../../ui/KeyHint.tsx'
import styles from './Palette.module.css'
import { Snippet } from './Snippet.tsx'
import { searchTexts } from './texts.ts'

type Entry = {
  key: string
  group: string
  icon: ReactNode
  title: string
  number?: string
  snippet?: string
  keys?: string
  run: () => void
}

/** Ctrl/Cmd-K: tickets by number or words, people, organisations, and every command with its shortcut. */
export function Palette({ onClose }: { onClose: () => void; onHelp: () => void }) {
  const t = useTexts(searchTexts)
  const [typed, setTyped] = useState(heldLetters)
  const [at, setAt] = useState(0)
  const field = useFirstLetters()
  useFocusReturn(true)
  const [asked] = useDebouncedValue(typed.trim(), 90)
  const { data } = useCall('GET /api/search', { query: { q: asked, limit: 20 } }, { enabled: asked.length > 0, keep: true })
  const commands = useCommands(typed, onClose)
  const hits = useHits(typed.trim() === '' ? [] : (data?.items ?? []), onClose)
  const entries = [...hits, ...commands]
  const current = entries[Math.min(at, entries.length - 1)]
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault()
      current?.run()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const next = (at + (event.key === 'ArrowDown' ? 1 : entries.length - 1)) % Math.max(1, entries.length)
      setAt(next)
      document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
  }
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={640}
      padding={0}
      classNames={{ content: styles.content ?? '' }}
      attributes={{ content: { 'aria-label': t('title') } }}
      yOffset="10vh"
      transitionProps={{ duration: 80 }}
    >
      <div className={styles.box}>
        <IconSearch size={18} />
        <input
          ref={field}
          className={styles.input}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={current ? `palette-${entries.indexOf(current)}` : undefined}
          aria-label={t('title')}
          placeholder={t('placeholder')}
          value={typed}
          data-autofocus
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKey}
        />
        <KeyHint keys="esc" />
      </div>
      <span className="unseen" role="status">
        {typed ? t('found', { count: hits.length }) : ''}
      </span>
      <div id="palette-list" {...(entries.length > 0 ? { role: 'listbox', 'aria-label': t('title') } : {})} className={styles.list}>
        {entries.map((entry, i) => (
          <Line
            key={entry.key}
            entry={entry}
            index={i}
            current={entry === current}
            heading={entries[i - 1]?.group !== entry.group}
            onHover={() => setAt(i)}
          />
        ))}
        {entries.length === 0 && <p className={styles.none}>{t('nothing')}</p>}
        {data?.partial && <p className={styles.none}>{t('partial')}</p>}
      </div>
    </Modal>
  )
}

/** The dialog takes the focus a moment after it stands: letters typed meanwhile go into the field, too. */
function useFirstLetters() {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const catchKey = () => field.current?.focus()
    document.addEventListener('keydown', catchKey, true)
    return () => document.removeEventListener('keydown', catchKey, true)
  }, [])
  return field
}

type LineProps = { entry: Entry; index: number; current: boolean; heading: boolean; onHover: () => void }
function Line({ entry, index, current, heading, onHover }: LineProps) {
  return (
    <>
      {heading && (
        <div className={styles.group} role="presentation">
          {entry.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys */}
      <div
        id={`palette-${index}`}
        role="option"
        aria-selected={current}
        tabIndex={-1}
        className={styles.entry}
        onMouseMove={onHover}
        onClick={entry.run}
      >
        {entry.icon}
        <span className="grow">
          <span className={styles.title}>
            {entry.number && <span className="dim">#{entry.number}</span>} {entry.title}
          </span>
          {entry.snippet && (
            <span className={styles.snippet}>
              <Snippet text={entry.snippet} />
            </span>
          )}
        </span>
        {entry.keys && <KeyHint keys={entry.keys} />}
      </div>
    </>
  )
}

function useHits(items: readonly Hit[], onClose: () => void): Entry[] {
  const t = useTexts(searchTexts)
  const navigate = useNavigate()
  const supports = useCompany()?.supports
  const known = useRouter().routesByPath as Record<string, unknown>
  const go = (to: string) => () => {
    onClose()
    void navigate({ to: to as never })
  }
  const size = { size: 16, stroke: 1.7 }
  const entries = items.map((hit): Entry => {
    const base = { key: `${hit.kind}${hit.id}`, title: hit.title, snippet: hit.snippet }
    if (hit.kind === 'person') return { ...base, group: t('people'), icon: <IconUser {...size} />, run: go(`/people/${hit.id}`) }
    if (hit.kind === 'organisation')
      return {
        ...base,
        group: t(supports === 'customers' ? 'customers' : 'organisations'),
        icon: <IconBuilding {...size} />,
        run: go(`/organisations/${hit.id}`),
      }
    const number = hit.ticketId ?? hit.id
    return { ...base, number, group: t('tickets'), icon: <IconTicket {...size} />, run: go(`/tickets/${number}`) }
  })
  // The best match leads: who types a name wants the person, who types words the ticket.
  const order = [...new Set(entries.map((e) => e.group))]
  return entries
    .filter((e) => e.group === t('tickets') || '/people/$personId' in known || '/people' in known)
    .sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group))
}

/** Whatever has a shortcut on the screen below is a command here. */
function useCommands(typed: string, onClose: () => void): Entry[] {
  const t = useTexts(searchTexts)
  const all = useMemo(() => shortcutsNow().filter((s) => !['mod+k', '/', 'j', 'k', 'enter', 'escape'].includes(s.keys)), [])
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return all
    .filter((s) => words.every((w) => `${s.group} ${s.label}`.toLowerCase().includes(w)))
    .slice(0, typed ? 6 : 12)
    .map((s) => ({
      key: `command ${s.keys} ${s.label}`,
      group: t('commands'),
      icon: <IconChevronRight size={16} />,
      title: s.label,
      ...(s.keys.includes(':') ? {} : { keys: s.keys }),
      run: () => {
        onClose()
        // After the palette has gone and given the focus back.
        setTimeout(() => s.run(new KeyboardEvent('keydown')), 120)
      },
    }))
}
