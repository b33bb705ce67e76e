import { IconAlertTriangle, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { AlertSource } from '../../../contract/alerts.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import styles from './Alerts.module.css'
import { KeySheet, type WithKey } from './KeySheet.tsx'
import { SourceSheet } from './SourceSheet.tsx'
import { sourceTexts } from './source-texts.ts'

/** Which machines may tell. */
export function AlertSourcesPage() {
  const t = useTexts(sourceTexts)
  const sources = useCall('GET /api/alert-sources')
  const [open, setOpen] = useState<AlertSource | 'new'>()
  const [made, setMade] = useState<WithKey>()
  const add = (
    <Button look="main" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
      {t('newSource')}
    </Button>
  )
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      width="narrow"
      actions={
        <span className={styles.marks}>
          <Link to={'/alerts' as never}>{t('alerts')}</Link>
          {add}
        </span>
      }
    >
      <Loaded from={sources}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconAlertTriangle size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            items.map((source) => <Entry key={source.id} source={source} onOpen={() => setOpen(source)} />)
          )
        }
      </Loaded>
      {open && (
        <SourceSheet
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { source: open })}
          onKey={setMade}
          onClose={() => setOpen(undefined)}
        />
      )}
      {made && <KeySheet made={made} onClose={() => setMade(undefined)} />}
    </Page>
  )
}

function Entry({ source, onOpen }: { source: AlertSource; onOpen: () => void }) {
  const t = useTexts(sourceTexts)
  const formats = useFormats()
  const heard = source.heardAt && t(source.silent ? 'silent' : 'heard', { at: formats.dateTime(source.heardAt) })
  return (
    <div className={styles.entry}>
      <span className={styles.main}>
        <button type="button" className={styles.name} onClick={onOpen}>
          {source.name}
        </button>
        <span className="dim">{[t(`kind-${source.kind}`), source.team?.name, source.organisation?.name].filter(Boolean).join(' · ')}</span>
      </span>
      <span className={styles.marks}>
        {source.open > 0 && <Badge tone="warn">{t('open', { count: source.open })}</Badge>}
        {!source.hasKey && <Badge tone="bad">{t('noKey')}</Badge>}
        <Badge tone={source.silent ? 'bad' : source.heardAt ? 'good' : 'plain'}>{heard ?? t('neverHeard')}</Badge>
      </span>
    </div>
  )
}
