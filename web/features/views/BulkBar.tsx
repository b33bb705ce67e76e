import { IconX } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { clearSelected, useSelected } from '../tickets/selected.ts'
import type { Which } from './bulk.ts'
import { viewTexts } from './texts.ts'
import styles from './Views.module.css'

const BulkSheet = lazy(() => import('./BulkSheet.tsx').then((file) => ({ default: file.BulkSheet })))

/** Below the list while tickets are being chosen. `whole`: what stands for all tickets of this view, where that can be said. */
export function BulkBar({ whole }: { whole: Which | undefined }) {
  const t = useTexts(viewTexts)
  const { ids } = useSelected()
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState(false)
  const which: Which | undefined = all && whole ? whole : ids.size > 0 ? { ticketIds: [...ids] } : undefined
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('many')}>
      <span aria-live="polite">{all ? t('allSelected') : t('selected', { count: ids.size })}</span>
      {whole && !all && (
        <Button look="plain" onClick={() => setAll(true)}>
          {t('selectAll')}
        </Button>
      )}
      <span className="grow" />
      <Button look="main" disabled={!which} onClick={() => setOpen(true)}>
        {t('changeMany')}
      </Button>
      <IconButton label={t('stopSelecting')} icon={<IconX size={16} stroke={1.7} />} onClick={clearSelected} />
      {open && which && (
        <Suspense>
          <BulkSheet which={which} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  )
}
