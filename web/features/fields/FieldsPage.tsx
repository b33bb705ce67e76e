import { IconArrowUp, IconForms, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Field } from '../../../contract/fields.ts'
import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { editorTexts } from './editor-texts.ts'
import { FieldSheet } from './FieldSheet.tsx'

/** The company's own fields, in the order in which forms ask for them. */
export function FieldsPage() {
  const t = useTexts(editorTexts)
  const mayEdit = useMay('category.edit')
  const fields = useCall('GET /api/fields')
  const [opened, setOpened] = useState<Field | 'new'>()
  useShortcut('n', t('new'), t('title'), () => setOpened('new'), { on: mayEdit })
  const add = mayEdit && (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpened('new')}>
      {t('new')}
    </Button>
  )
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Loaded from={fields}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconForms size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <FieldTable items={items} mayEdit={mayEdit} onOpen={setOpened} />
          )
        }
      </Loaded>
      {mayEdit && <Archived />}
      {opened && <FieldSheet {...(opened === 'new' ? {} : { field: opened })} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}

function FieldTable({ items, mayEdit, onOpen }: { items: Field[]; mayEdit: boolean; onOpen: (field: Field) => void }) {
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
      {...(mayEdit ? { onOpen } : {})}
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
            mayEdit && (
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
  if (!data || data.items.length === 0) return null
  return (
    <Section title={t('archivedOnes')}>
      <Table
        label={t('archivedOnes')}
        rows={data.items}
        keyOf={(f) => f.id}
        columns={[
          { key: 'name', title: t('name'), phone: 'main', cell: (f: Field) => inLanguage(f.label, language) },
          { key: 'type', title: t('type'), cell: (f: Field) => t(`type-${f.type}`) },
          {
            key: 'back',
            title: t('restore'),
            end: true,
            cell: (f: Field) => (
              <Button onClick={() => restore.mutate({ params: { id: f.id }, ifMatch: f.version, body: { archived: false } })}>
                {t('restore')}
              </Button>
            ),
          },
        ]}
      />
    </Section>
  )
}
