import { IconDownload } from '@tabler/icons-react'
import type { ImportDetail, ImportProblem } from '../../../contract/transfer.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { fieldTexts } from './field-texts.ts'
import { mappingTexts } from './mapping-texts.ts'
import { transferTexts } from './texts.ts'

/** What is wrong, by line and column; the whole of it as a file. */
export function RowFaults({ run }: { run: ImportDetail }) {
  const t = useTexts(transferTexts)
  const found = useEndless('GET /api/imports/:id/problems', { params: { id: run.id }, query: { limit: 100 } })
  const columns: Column<ImportProblem>[] = [
    { key: 'line', title: t('line'), width: '80px', phone: 'main', cell: (one) => one.line ?? t(one.thing) },
    { key: 'column', title: useTexts(mappingTexts)('column'), width: '220px', cell: (one) => one.column },
    { key: 'value', title: t('value'), cell: (one) => (one.value === '' ? <span className="dim">–</span> : <code>{one.value}</code>) },
    {
      key: 'why',
      title: t('why'),
      cell: (one) => lookUp(fieldTexts, `fault-${one.code}`) + (one.code === 'refused' || one.code === 'twice' ? ` ${one.message}` : ''),
    },
  ]
  return (
    <Section
      title={t('problems', { count: run.problems })}
      lead={t('problemsLead')}
      actions={
        <Button icon={<IconDownload size={16} />} onClick={() => location.assign(`/api/imports/${run.id}/report`)}>
          {t('report')}
        </Button>
      }
    >
      <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }} rows={3}>
        {(rows) => (
          <Table
            label={t('problems', { count: run.problems })}
            columns={columns}
            rows={rows}
            keyOf={(one) => one.id}
            more={{ has: found.hasNextPage, busy: found.isFetchingNextPage, load: found.more }}
          />
        )}
      </Loaded>
    </Section>
  )
}
