import { IconArchive, IconArchiveOff, IconArrowDown, IconArrowUp, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { CategorySheet } from './CategorySheet.tsx'
import { below, type Category } from './categories.ts'
import styles from './Teams.module.css'
import { teamTexts } from './texts.ts'

type Opened = { category: Category } | { parentId: string | null }

export function CategoryTree() {
  const t = useTexts(teamTexts)
  const mayEdit = useMay('category.edit')
  const categories = useCall('GET /api/categories')
  const [open, setOpen] = useState<Opened>()
  const [archived, setArchived] = useState(false)
  useShortcut('n', t('newCategory'), t('title'), () => setOpen({ parentId: null }), { on: mayEdit })
  return (
    <div className={styles.stack}>
      <div className={styles.bar}>
        <p>{t('categoriesLead')}</p>
        {mayEdit && (
          <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpen({ parentId: null })}>
            {t('newCategory')}
          </Button>
        )}
      </div>
      <Loaded from={categories}>
        {({ items }) => (
          <Section>
            {items.length === 0 && <p className="dim small">{t('noCategories')}</p>}
            <Branch all={archived ? items : items.filter((c) => !c.archived)} parentId={null} mayEdit={mayEdit} onOpen={setOpen} />
            {items.some((c) => c.archived) && (
              <SwitchField label={t('showArchived')} checked={archived} onChange={(e) => setArchived(e.currentTarget.checked)} />
            )}
          </Section>
        )}
      </Loaded>
      {open && <CategorySheet {...open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

type BranchProps = { all: readonly Category[]; parentId: string | null; mayEdit: boolean; onOpen: (opened: Opened) => void }
function Branch({ all, parentId, mayEdit, onOpen }: BranchProps) {
  const siblings = below(all, parentId)
  if (siblings.length === 0) return null
  return (
    <ul className={styles.tree}>
      {siblings.map((category, i) => (
        <li key={category.id}>
          <Node category={category} before={siblings[i - 1]} after={siblings[i + 1]} mayEdit={mayEdit} onOpen={onOpen} />
          <Branch all={all} parentId={category.id} mayEdit={mayEdit} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  )
}

type NodeProps = {
  category: Category
  before: Category | undefined
  after: Category | undefined
  mayEdit: boolean
  onOpen: (opened: Opened) => void
}
function Node({ category, before, after, mayEdit, onOpen }: NodeProps) {
  const t = useTexts(teamTexts)
  const language = useLanguage()
  const change = useSend('PATCH /api/categories/:id', { renews: ['GET /api/categories'], onProblem: toastProblem })
  const name = category.name[language]
  const other = category.name[language === 'en' ? 'de' : 'en']
  /** The two change places; a neighbour at the same position moves one on. */
  const swap = (neighbour: Category, step: 1 | -1) => {
    const to = neighbour.position === category.position ? category.position + step : neighbour.position
    change.mutate({ params: { id: category.id }, body: { position: to } })
    change.mutate({ params: { id: neighbour.id }, body: { position: category.position } })
  }
  const archive = (archived: boolean) => {
    change.mutate({ params: { id: category.id }, body: { archived } })
    if (archived)
      toast(t('categoryArchived', { name }), { undo: () => change.mutate({ params: { id: category.id }, body: { archived: false } }) })
  }
  const size = { size: 15 }
  return (
    <div className={styles.node}>
      <span className="truncate">{name}</span>
      {other !== name && <span className="dim small truncate">{other}</span>}
      {category.archived && <Badge>{t('archivedWord')}</Badge>}
      <span className="grow" />
      {mayEdit && (
        <span className={styles.tools}>
          <IconButton label={t('addBelow', { name })} icon={<IconPlus {...size} />} onClick={() => onOpen({ parentId: category.id })} />
          <IconButton
            label={t('up', { name })}
            icon={<IconArrowUp {...size} />}
            disabled={!before}
            onClick={() => before && swap(before, -1)}
          />
          <IconButton
            label={t('down', { name })}
            icon={<IconArrowDown {...size} />}
            disabled={!after}
            onClick={() => after && swap(after, 1)}
          />
          <IconButton label={t('editCategory', { name })} icon={<IconPencil {...size} />} onClick={() => onOpen({ category })} />
          {category.archived ? (
            <IconButton label={`${t('restore')}: ${name}`} icon={<IconArchiveOff {...size} />} onClick={() => archive(false)} />
          ) : (
            <IconButton label={`${t('archive')}: ${name}`} icon={<IconArchive {...size} />} onClick={() => archive(true)} />
          )}
        </span>
      )}
    </div>
  )
}
