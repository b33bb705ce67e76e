import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, FieldSet, FormProblem, TextArea, TextField } from '../../ui/Fields.tsx'
import { sourceTexts } from './source-texts.ts'
import { type Mapping, mappingFields } from './source-values.ts'
import { alertTexts } from './texts.ts'

const example =
  '{\n  "device": "srv-1",\n  "check": "Disk space",\n  "severity": "warning",\n  "message": "90 % full",\n  "state": "firing"\n}'

/** Which field of a foreign machine is what, tried on an example before anything is saved. */
export function MappingFields({ value, onChange }: { value: Mapping; onChange: (mapping: Mapping) => void }) {
  const t = useTexts(sourceTexts)
  const words = useTexts(alertTexts)
  const [sample, setSample] = useState(example)
  const [problem, setProblem] = useState<string>()
  const tried = useSend('POST /api/alert-sources/try', { onProblem: (cause) => setProblem(problemText(cause)) })
  const tryIt = () => {
    setProblem(undefined)
    tried.mutate({ body: { mapping: value, sample } })
  }
  const { data } = tried
  return (
    <FieldSet title={t('mapping')} hint={t('mappingHint')}>
      {[0, 2, 4, 6].map((n) => (
        <FieldRow key={n}>
          {mappingFields.slice(n, n + 2).map((field) => (
            <TextField
              key={field}
              label={t(`map-${field}`)}
              value={value[field]}
              maxLength={200}
              onChange={(event) => onChange({ ...value, [field]: event.currentTarget.value })}
            />
          ))}
        </FieldRow>
      ))}
      <TextArea label={t('sample')} rows={6} value={sample} onChange={(event) => setSample(event.currentTarget.value)} />
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
