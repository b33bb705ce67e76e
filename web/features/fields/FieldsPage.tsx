import { IconArrowUp, IconForms } from '@tabler/icons-react'
import type { Field } from '../../../contract/fields.ts'
import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { ArchivedRecords, RecordsPage } from '../../ui/RecordsPage.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { editorTexts } from './editor-texts.ts'
import { FieldSheet } from './FieldSheet.tsx'

/** The company's own fields, in the order in which forms ask for them. */
export function FieldsPage() {
  const t = useTexts(editorTexts)
  return (
    <RecordsPage<Field>
      words={{ title: t('title'), lead: t('lead'), new: t('new'), none: t('none'), noneText: t('noneText') }}
      icon={<IconForms size={24} />}
      from={useCall('GET /api/fields')}
      mayEdit={useMay('category.edit')}
      rows={(items, onOpen) => <FieldTable items={items} onOpen={onOpen} />}
      sheet={(field, onClose) => <FieldSheet {...(field ? { field } : {})} onClose={onClose} />}
      archived={<Archived />}
    />
  )
}

function FieldTable({ items, onOpen }: { items: Field[]; onOpen: ((field: Field) => void) | undefined }) {
  const t = useTexts(editorTexts)
  const language = useLanguage()
  const statuses = useCall('GET /api/statuses', {}, { staleTime: 300_000 }).data?.items
  const order = useSend('PUT /api/fields/order', { renews: ['GET /api/fields'], onProblem: toastProblem })
  const up = (at: number) => {
    const ids = items.map((f) => f.id)
    order.mutate({ body: { ids: ids.toSpliced(at - 1, 2, ids[at] as string, ids[at - 1] as string) } })
  }
  const before = (field: Field) =>
    field.mandatoryIn.map((meaning) =>
      inLanguage(statuses?.find((s) => s.meaning === meaning)?.name ?? { en: meaning, de: meaning }, language),
    )
  return (
    <Table
      label={t('title')}
      rows={items}
      keyOf={(f) => f.id}
      {...(onOpen ? { onOpen } : {})}
      columns={[
        { key: 'name', title: t('name'), phone: 'main', cell: (f: Field) => inLanguage(f.label, language) },
        { key: 'type', title: t('type'), width: '110px', cell: (f: Field) => t(`type-${f.type}`) },
        {
          key: 'where',
          title: t('asked'),
          cell: (f: Field) =>
            [
              ...(f.kinds.length === 1 ? f.kinds.map((k) => t(k === 'request' ? 'request' : 'incident')) : []),
              ...f.categories.map((c) => c.name),
            ].join(', ') || t('everywhere'),
        },
        { key: 'who', title: t('audience'), phone: 'hide', cell: (f: Field) => t(`audience-${f.audience}`) },
        { key: 'before', title: t('mandatory'), phone: 'hide', cell: (f: Field) => before(f).join(', ') },
        {
          key: 'up',
          title: t('order'),
          width: '56px',
          end: true,
          phone: 'hide',
          cell: (f: Field) =>
            onOpen && (
              <IconButton
                label={t('up', { name: inLanguage(f.label, language) })}
                icon={<IconArrowUp size={16} />}
                disabled={items[0]?.id === f.id}
                onClick={(event) => {
                  event.stopPropagation()
                  up(items.findIndex((one) => one.id === f.id))
                }}
              />
            ),
        },
      ]}
    />
  )
}

function Archived() {
  const t = useTexts(editorTexts)
  const language = useLanguage()
  const { data } = useCall('GET /api/fields', { query: { archived: 'true' } })
  const restore = useSend('PATCH /api/fields/:id', {
    renews: ['GET /api/fields'],
    onProblem: toastProblem,
    onDone: (field) => toast(t('restored', { name: inLanguage(field.label, language) })),
  })
  return (
    <ArchivedRecords
      title={t('archivedOnes')}
      restore={t('restore')}
      items={data?.items}
      nameOf={(field) => inLanguage(field.label, language)}
      onRestore={({ id, version }) => restore.mutate({ params: { id }, ifMatch: version, body: { archived: false } })}
    />
  )
}
