import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, FieldSet, FormProblem, TextArea, TextField } from '../../ui/Fields.tsx'
import { sourceTexts } from './source-texts.ts'
import { type Mapping, mappingFields, wordFields } from './source-values.ts'
import { alertTexts } from './texts.ts'

const pairs = <F,>(fields: readonly F[]): F[][] => fields.flatMap((_, n) => (n % 2 === 0 ? [fields.slice(n, n + 2)] : [])) as F[][]
const asWords = Object.fromEntries(wordFields.map((field) => [field, true]))
type Props = { kind: 'webhook' | 'mail'; value: Mapping; onChange: (mapping: Mapping) => void }
const mailExample =
  'From: backup@example.com\nSubject: [Failed] Backup Job Files (3 objects)\n\nHost: srv-backup-01\nJob: Files\nStatus: Failed'
const example =
  '{\n  "device": "srv-1",\n  "check": "Disk space",\n  "severity": "warning",\n  "message": "90 % full",\n  "state": "firing"\n}'

/** Which field of a foreign machine is what, tried on an example before anything is saved. */
export function MappingFields({ kind, value, onChange }: Props) {
  const t = useTexts(sourceTexts)
  const words = useTexts(alertTexts)
  const [sample, setSample] = useState(kind === 'mail' ? mailExample : example)
  const [problem, setProblem] = useState<string>()
  const tried = useSend('POST /api/alert-sources/try', { onProblem: (cause) => setProblem(problemText(cause)) })
  const tryIt = () => {
    setProblem(undefined)
    tried.mutate({ body: { kind, mapping: value, sample } })
  }
  const { data } = tried
  const fieldRow = (fields: readonly (keyof Mapping)[]) => (
    <FieldRow key={fields[0]}>
      {fields.map((field) => (
        <TextField
          key={field}
          label={t(`map-${field}`)}
          value={value[field]}
          maxLength={field in asWords ? 500 : 200}
          onChange={(event) => onChange({ ...value, [field]: event.currentTarget.value })}
        />
      ))}
    </FieldRow>
  )
  return (
    <FieldSet title={t(kind === 'mail' ? 'mapping-mail' : 'mapping')} hint={t(kind === 'mail' ? 'mappingHint-mail' : 'mappingHint')}>
      {pairs(mappingFields.filter((field) => kind === 'webhook' || !(field === 'key' || field === 'summary'))).map(fieldRow)}
      <p className="dim">{t('wordsHint')}</p>
      {pairs(wordFields).map(fieldRow)}
      <TextArea
        label={t(kind === 'mail' ? 'sample-mail' : 'sample')}
        rows={6}
        value={sample}
        onChange={(event) => setSample(event.currentTarget.value)}
      />
      <div>
        <Button busy={tried.isPending} onClick={tryIt}>
          {t('tryIt')}
        </Button>
      </div>
      <FormProblem text={problem} />
      {data && !problem && (
        <output>
          {t('read', {
            action: words(`action-${data.action as 'trigger'}`),
            severity: words(`severity-${data.severity}`),
            device: data.device || '–',
            condition: data.condition || '–',
            summary: data.summary,
          })}
        </output>
      )}
    </FieldSet>
  )
}
