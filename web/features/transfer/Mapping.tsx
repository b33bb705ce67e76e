import { useState } from 'react'
import type { ImportDetail } from '../../../contract/transfer.ts'
import { problemIn } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { issueText, problemText } from '../../kernel/problem-texts.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { FieldRow, FormProblem, SelectField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { ColumnChoice } from './ColumnChoice.tsx'
import { ImportRules } from './ImportRules.tsx'
import { mappingTexts } from './mapping-texts.ts'
import type { Choose } from './state.ts'
import { ValueChoice } from './ValueChoice.tsx'

const renews = ['GET /api/imports', 'GET /api/imports/:id', 'GET /api/imports/:id/problems'] as const

/** What the file's columns and words mean. Kept as it is chosen, so that the values of a column appear at once. */
export function Mapping({ run, onChecking }: { run: ImportDetail; onChecking: () => void }) {
  const t = useTexts(mappingTexts)
  const [problem, setProblem] = useState<string>()
  const tell = (cause: unknown) => {
    const issue = problemIn(cause)?.issues[0]
    setProblem(issue ? issueText(issue) : problemText(cause))
  }
  const save = useSend('PATCH /api/imports/:id', { renews, onProblem: tell })
  const check = useSend('POST /api/imports/:id/check', { renews, onDone: onChecking, onProblem: tell })
  const of = { params: { id: run.id } }
  const choose: Choose = (change) => save.mutate({ ...of, ifMatch: run.version, body: { mapping: { ...run.mapping, ...change } } })
  return (
    <>
      {run.layout && <HowRead run={run} onChoose={(body) => save.mutate({ ...of, ifMatch: run.version, body })} />}
      {run.layout && run.kind && (
        <Section title={t('columnsTitle')} lead={t('columnsLead')}>
          <ColumnChoice kind={run.kind} columns={run.layout.columns} mapping={run.mapping} choose={choose} />
        </Section>
      )}
      <ValueChoice run={run} choose={choose} />
      <ImportRules run={run} choose={choose} />
      <FormProblem text={problem} />
      <Buttons>
        <Button look="main" size="sm" busy={check.isPending || save.isPending} onClick={() => check.mutate(of)}>
          {t('saveAndCheck')}
        </Button>
      </Buttons>
    </>
  )
}

const charsets = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
type Signs = { charset?: (typeof charsets)[number]; delimiter?: ',' | ';' | '\t' | '|' }

function HowRead({ run, onChoose }: { run: ImportDetail; onChoose: (signs: Signs) => void }) {
  const t = useTexts(mappingTexts)
  const { layout } = run
  if (!layout) return null
  const delimiters = [
    { value: ',', label: t('comma') },
    { value: ';', label: t('semicolon') },
    { value: '\t', label: t('tab') },
    { value: '|', label: t('bar') },
  ]
  return (
    <Section title={t('howRead')} lead={t('rowsFound', { count: run.rows ?? 0, columns: layout.columns.length })}>
      <FieldRow>
        <SelectField
          label={t('charset')}
          options={charsets.map((value) => ({ value, label: value.toUpperCase() }))}
          value={layout.charset}
          onChange={(charset) => onChoose({ charset: charset as (typeof charsets)[number] })}
        />
        <SelectField
          label={t('delimiter')}
          options={delimiters}
          value={layout.delimiter}
          onChange={(delimiter) => onChoose({ delimiter: delimiter as ',' })}
        />
      </FieldRow>
    </Section>
  )
}
