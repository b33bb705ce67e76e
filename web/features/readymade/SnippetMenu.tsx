import { useDebouncedValue } from '@mantine/hooks'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import styles from './Readymade.module.css'
import { usingTexts } from './using-texts.ts'

type Snippet = Answer<'GET /api/tickets/:id/snippets'>['items'][number]
type Props = {
  ticketId: string
  field: RefObject<HTMLTextAreaElement | null>
  body: string
  /** In a note those for colleagues are offered as well. */
  audience: 'everyone' | 'staff'
  onBody: (body: string) => void
}

/** The word behind a slash that begins a word: "/gre" at the cursor. A date such as 3/4 is none. */
function slashAt(text: string, cursor: number): { from: number; word: string } | null {
  const found = /(?:^|\s)\/([^\s/][^/\n]{0,30}|)$/.exec(text.slice(0, cursor))
  return found ? { from: cursor - (found[1]?.length ?? 0) - 1, word: found[1] ?? '' } : null
}

/** `/` while writing: snippets by what is typed after it. The keys are taken at the field itself, before the form sees them. */
export function SnippetMenu({ ticketId, field, body, audience, onBody }: Props) {
  const t = useTexts(usingTexts)
  const [closed, setClosed] = useState<number | null>(null)
  const [at, setAt] = useState(0)
  const cursor = field.current?.selectionStart ?? body.length
  const slash = slashAt(body, cursor)
  const open = slash !== null && closed !== slash.from
  const [asked] = useDebouncedValue(slash?.word ?? '', 80)
  const { data } = useCall(
    'GET /api/tickets/:id/snippets',
    { params: { id: ticketId }, query: { q: asked.trim(), audience } },
    { enabled: open, keep: true },
  )
  const items = data?.items ?? []
  const current = items[Math.min(at, items.length - 1)]
  const insert = (snippet: Snippet) => {
    if (!slash) return
    onBody(body.slice(0, slash.from) + snippet.text + body.slice(cursor))
    const to = slash.from + snippet.text.length
    setTimeout(() => field.current?.setSelectionRange(to, to))
    void call('POST /api/readymade/:id/used', { params: { id: snippet.id } }).catch(() => undefined)
    setClosed(slash.from)
  }
  useKeys(field, open && items.length > 0, {
    arrowdown: () => setAt((i) => (Math.min(i, items.length - 1) + 1) % items.length),
    arrowup: () => setAt((i) => (Math.min(i, items.length - 1) + items.length - 1) % items.length),
    enter: () => current && insert(current),
    tab: () => current && insert(current),
    escape: () => slash && setClosed(slash.from),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words, another list: it begins at the top
  useEffect(() => setAt(0), [asked])
  useEffect(() => {
    if (slash === null) setClosed(null)
  }, [slash])
  if (!open || !data) return null
  // Nothing has these words, and several were typed: it is a sentence, not a search.
  if (items.length === 0 && asked.includes(' ')) return null
  return (
    <div className={styles.snippets} role="listbox" aria-label={t('snippets')} id="snippets">
      {items.map((snippet) => (
        <button
          key={snippet.id}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={snippet === current}
          className={styles.pick}
          onMouseDown={(event) => {
            event.preventDefault()
            insert(snippet)
          }}
        >
          <strong>{snippet.name}</strong>
          <span className={styles.snippetText}>{snippet.text}</span>
          {snippet.missing.length > 0 && <span className="small dim">{t('missingIn', { names: snippet.missing.join(', ') })}</span>}
        </button>
      ))}
      <p className={styles.hint} role="status">
        {t(items.length === 0 ? 'noSnippet' : 'snippetKeys')}
      </p>
    </div>
  )
}

function useKeys(field: RefObject<HTMLElement | null>, on: boolean, keys: Record<string, () => void>): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const element = field.current
    if (!on || !element) return
    const take = (event: KeyboardEvent) => {
      const act = event.ctrlKey || event.metaKey || event.isComposing ? undefined : latest.current[event.key.toLowerCase()]
      if (!act) return
      event.preventDefault()
      event.stopPropagation()
      act()
    }
    element.addEventListener('keydown', take)
    return () => element.removeEventListener('keydown', take)
  }, [field, on])
}
