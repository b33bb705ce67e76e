import { IconFileTypeCsv } from '@tabler/icons-react'
import { type DragEvent, useRef, useState } from 'react'
import type { ImportKind } from '../../../contract/transfer.ts'
import { problemIn, sendFile } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { issueText, problemText } from '../../kernel/problem-texts.ts'
import { renew } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField, FormProblem } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import styles from './Transfer.module.css'
import { transferTexts } from './texts.ts'

/** A file, picked or dropped; it is read at once and the next step opens. */
export function FileSource({ onReady }: { onReady: (run: { id: string }) => void }) {
  const t = useTexts(transferTexts)
  const input = useRef<HTMLInputElement>(null)
  const [kind, setKind] = useState<ImportKind>('people')
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const take = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    setProblem(undefined)
    try {
      const run = await sendFile('POST /api/imports/files', { kind }, file)
      renew('GET /api/imports')
      onReady(run)
    } catch (cause) {
      const issue = problemIn(cause)?.issues[0]
      setProblem(issue ? issueText(issue) : problemText(cause))
    } finally {
      setBusy(false)
    }
  }
  const target = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      void take(event.dataTransfer.files[0])
    },
  }
  return (
    <Section title={t('kindLabel')} lead={t('kindHint')}>
      <ChoiceField
        label={t('kindLabel')}
        hideLabel
        options={(['organisations', 'people', 'tickets'] as const).map((value) => ({ value, label: t(value) }))}
        value={kind}
        onChange={setKind}
      />
      <section className={styles.drop} data-over={over || undefined} aria-label={t('file')} {...target}>
        <input
          ref={input}
          type="file"
          className={styles.file}
          accept=".csv,.txt,.tsv,text/csv"
          aria-label={t('chooseFile')}
          tabIndex={-1}
          onChange={(event) => {
            void take(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
        <Button look="main" size="sm" busy={busy} icon={<IconFileTypeCsv size={18} />} onClick={() => input.current?.click()}>
          {t('chooseFile')}
        </Button>
        <span className="dim small">{t('dropFile')}</span>
        <span role="status" className="dim small">
          {busy ? t('reading') : ''}
        </span>
      </section>
      <FormProblem text={problem} />
    </Section>
  )
}
