import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ImportDetail } from '../../../contract/transfer.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Badge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { Mapping } from './Mapping.tsx'
import { Progress } from './Progress.tsx'
import { RowFaults } from './RowFaults.tsx'
import { Steps } from './Steps.tsx'
import { isBusy, tone } from './state.ts'
import styles from './Transfer.module.css'
import { transferTexts } from './texts.ts'

export function ImportPage() {
  const { importId } = useParams({ strict: false }) as { importId: string }
  // The live stream tells of every batch; the clock is for a stream that was cut.
  const run = useCall('GET /api/imports/:id', { params: { id: importId } }, { refetchInterval: 5000 })
  return <Loaded from={run}>{(shown) => <OneImport key={shown.id} run={shown} />}</Loaded>
}

function OneImport({ run }: { run: ImportDetail }) {
  const t = useTexts(transferTexts)
  const [mapping, setMapping] = useState(run.state === 'draft')
  const shown = mapping && !isBusy(run)
  const step = shown ? 1 : run.dry ? 2 : 3
  return (
    <Page
      title={run.name}
      lead={run.kind === null ? t(`source-${run.source}`) : `${t(`source-${run.source}`)}, ${t(run.kind)}`}
      actions={<Badge tone={tone[run.state]}>{t(`state-${run.state}`)}</Badge>}
      back={
        <Link to={'/settings/imports' as never} className={styles.back}>
          <IconArrowLeft size={14} /> {t('back')}
        </Link>
      }
    >
      <Steps now={step} />
      {shown ? (
        <Mapping key={run.version} run={run} onChecking={() => setMapping(false)} />
      ) : (
        <>
          <Progress run={run} onChange={() => setMapping(true)} />
          {run.problems > 0 && <RowFaults run={run} />}
        </>
      )}
    </Page>
  )
}
