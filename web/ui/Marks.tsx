import { Tooltip } from '@mantine/core'
import { IconStarFilled } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import styles from './Marks.module.css'
import { uiTexts } from './texts.ts'

/** Statuses look by their fixed meaning: a shape and a word, never colour alone. */
const toneOf = (meaning: string) =>
  meaning === 'new'
    ? 'new'
    : meaning === 'open'
      ? 'open'
      : meaning.startsWith('waiting') || meaning === 'scheduled'
        ? 'waiting'
        : meaning === 'resolved'
          ? 'done'
          : 'closed'

export function StatusBadge({ meaning, name, bare = false }: { meaning: string; name: string; bare?: boolean }) {
  return (
    <span className={styles.status} data-tone={toneOf(meaning)} data-bare={bare || undefined}>
      <StatusShape meaning={meaning} />
      <span className="truncate">{name}</span>
    </span>
  )
}

/** A ring that fills: empty is new, half is open, bars wait, a tick is done. */
export function StatusShape({ meaning }: { meaning: string }) {
  const tone = toneOf(meaning)
  return (
    <svg className={styles.shape} data-tone={tone} viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      <circle
        cx="7"
        cy="7"
        r="5.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeDasharray={tone === 'new' ? '2 1.6' : undefined}
      />
      {tone === 'open' && <path d="M7 3.6a3.4 3.4 0 0 1 0 6.8z" fill="currentColor" />}
      {tone === 'waiting' && <path d="M5.4 5v4M8.6 5v4" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />}
      {tone === 'done' && (
        <path
          d="M4.6 7.2 6.3 8.9 9.5 5.4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
      {tone === 'closed' && <path d="M5.2 5.2l3.6 3.6M8.8 5.2 5.2 8.8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />}
    </svg>
  )
}

/** Bars like signal strength, and the word on hover or beside it. */
export function PriorityMark({ priority, words = false }: { priority: number; words?: boolean }) {
  const t = useTexts(uiTexts)
  const name = t(`priority${Math.min(5, Math.max(1, priority)) as 1 | 2 | 3 | 4 | 5}`)
  const bars = 6 - priority
  const mark = (
    <span className={styles.priority} data-priority={priority} role="img" aria-label={t('priorityIs', { name })}>
      <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
        {[0, 1, 2, 3].map((i) => (
          <rect
            key={i}
            x={i * 3.6}
            y={10 - i * 3}
            width="2.6"
            height={4 + i * 3}
            rx="0.8"
            fill="currentColor"
            opacity={i < Math.min(4, bars) ? 1 : 0.22}
          />
        ))}
      </svg>
    </span>
  )
  if (words)
    return (
      <span className="row">
        {mark}
        {name}
      </span>
    )
  return (
    <Tooltip label={t('priorityIs', { name })} openDelay={400}>
      {mark}
    </Tooltip>
  )
}

const initials = (name: string) => {
  const parts = name
    .replace(/\(.*?\)|[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .split(/\s+/)
  return ((parts[0]?.[0] ?? '?') + (parts.length > 1 ? (parts.at(-1)?.[0] ?? '') : '')).toUpperCase()
}
const hueOf = (id: string) => (Number(BigInt(/^\d+$/.test(id) ? id : '0') % 360n) * 47) % 360

export function Avatar({ id, name, size = 24, ring }: { id: string; name: string; size?: number; ring?: 'looking' | 'typing' | 'idle' }) {
  return (
    <span
      className={styles.avatar}
      style={{ width: size, height: size, fontSize: Math.max(9, size * 0.4), '--hue': hueOf(id) } as never}
      data-ring={ring}
      data-letters={initials(name)}
      aria-hidden="true"
    />
  )
}

/** A person: picture letters and name; a star for special handling. */
export function PersonName({
  person,
  small = false,
  special = false,
}: {
  person: { id: string; name: string }
  small?: boolean
  special?: boolean
}) {
  const t = useTexts(uiTexts)
  return (
    <span className={styles.person}>
      <Avatar id={person.id} name={person.name} size={small ? 18 : 24} />
      <span className="truncate">{person.name}</span>
      {special && <IconStarFilled size={12} className={styles.star} role="img" aria-label={t('specialHandling')} />}
    </span>
  )
}

/** A word with a ground: tags, roles, counts, verdicts. */
export function Badge({ tone = 'plain', children }: { tone?: 'plain' | 'good' | 'warn' | 'bad' | 'info'; children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  )
}

/** Available, busy, away: a shape and a word. */
export function StateMark({ state, words = true }: { state: 'available' | 'busy' | 'away'; words?: boolean }) {
  const t = useTexts(uiTexts)
  return (
    <span className={styles.person}>
      <span className={styles.dot} data-state={state} aria-hidden="true" />
      {words ? t(state) : <span className="unseen">{t(state)}</span>}
    </span>
  )
}
