import { useMemo, useState } from 'react'
import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import styles from './ColleagueList.module.css'
import { talkTexts } from './conversation-texts.ts'

type Chosen = { id: string; name: string }
type Leaf = Chosen & { path: string; depth: number }

/** The tree flattened in its order: "Hardware › Printer". Archived categories are not offered. */
export function useCategories(): Leaf[] {
  const language = useLanguage()
  const { data } = useCall('GET /api/categories', {}, { staleTime: 300_000 })
  return useMemo(() => {
    const items = (data?.items ?? []).filter((c) => !c.archived)
    const below = (parentId: string | null, before: string, depth: number): Leaf[] =>
      items
        .filter((c) => c.parentId === parentId)
        .sort((a, b) => a.position - b.position)
        .flatMap((c) => {
          const name = inLanguage(c.name, language)
          const path = before ? `${before} › ${name}` : name
          return [{ id: c.id, name, path, depth }, ...below(c.id, path, depth + 1)]
        })
    return below(null, '', 0)
  }, [data, language])
}

export function CategoryPicker({ current, onPick }: { current: string | null; onPick: (category: Chosen | null) => void }) {
  const t = useTexts(talkTexts)
  const [typed, setTyped] = useState('')
  const all = useCategories()
  const shown = all.filter((c) => c.path.toLowerCase().includes(typed.toLowerCase()))
  return (
    <div className={styles.list} style={{ width: 300 }}>
      <input
        className={styles.find}
        aria-label={t('category', { name: '' })}
        value={typed}
        data-autofocus
        onChange={(e) => setTyped(e.currentTarget.value)}
        onKeyDown={(e) => e.key === 'Enter' && shown[0] && onPick(shown[0])}
      />
      <div className={styles.scroll}>
        {current && typed === '' && (
          <button type="button" onClick={() => onPick(null)}>
            {t('noCategory')}
          </button>
        )}
        {shown.map((c) => (
          <button
            key={c.id}
            type="button"
            aria-current={c.id === current || undefined}
            style={typed ? undefined : { paddingLeft: 8 + c.depth * 16 }}
            onClick={() => onPick({ id: c.id, name: c.name })}
          >
            {typed ? c.path : c.name}
          </button>
        ))}
      </div>
    </div>
  )
}
