import { IconBolt, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Readymade } from '../../../contract/readymade.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import styles from './Readymade.module.css'
import { ReadymadeSheet } from './ReadymadeSheet.tsx'
import { readymadeTexts } from './texts.ts'
import { gist, said } from './words.ts'

type Kind = Readymade['kind']

export function ReadymadeList({ kind }: { kind: Kind }) {
  const t = useTexts(readymadeTexts)
  const [archived, setArchived] = useState(false)
  const [open, setOpen] = useState<Readymade | 'new'>()
  const list = useEndless('GET /api/readymade', { query: { kind, ...(archived ? { archived: 'true' as const } : {}) } })
  useShortcut('n', t(`add_${kind}`), t('title'), () => setOpen('new'))
  const add = (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpen('new')}>
      {t(`add_${kind}`)}
    </Button>
  )
  return (
    <>
      <div className={styles.bar}>
        <p>{t(`${kind}Text`)}</p>
        <CheckField label={t('archived')} checked={archived} onChange={(e) => setArchived(e.currentTarget.checked)} />
        {add}
      </div>
      {list.error && !list.items ? <ErrorState cause={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending && <Loading />}
      {list.items?.length === 0 && <EmptyState icon={<IconBolt size={24} />} title={t('none')} text={t('noneText')} />}
      <Folders items={list.items ?? []} onOpen={setOpen} />
      {list.hasNextPage && <MoreRows has busy={list.isFetchingNextPage} load={list.more} />}
      {open && <ReadymadeSheet kind={kind} {...(open === 'new' ? {} : { row: open })} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Folders({ items, onOpen }: { items: readonly Readymade[]; onOpen: (row: Readymade) => void }) {
  const t = useTexts(readymadeTexts)
  const folders = [...new Set(items.map((row) => row.folder))]
  return folders.map((folder) => (
    <section key={folder}>
      {folders.length > 1 && <h2 className={styles.folder}>{folder || t('noFolder')}</h2>}
      <ul className={styles.rows}>
        {items
          .filter((row) => row.folder === folder)
          .map((row) => (
            <li key={row.id}>
              <Row row={row} onOpen={() => onOpen(row)} />
            </li>
          ))}
      </ul>
    </section>
  ))
}

function Row({ row, onOpen }: { row: Readymade; onOpen: () => void }) {
  const t = useTexts(readymadeTexts)
  const language = useLanguage()
  return (
    <button type="button" className={styles.row} onClick={onOpen}>
      <span className={styles.main}>
        <strong>{said(row.name, language)}</strong>
        <span className={styles.says}>{gist(row, t, language)}</span>
      </span>
      <span className={styles.meta}>
        {!row.on && <Badge tone="warn">{t('off')}</Badge>}
        <span>{row.scope === 'team' ? row.team?.name : t(row.scope)}</span>
        <span>{t('used', { count: row.used })}</span>
      </span>
    </button>
  )
}
