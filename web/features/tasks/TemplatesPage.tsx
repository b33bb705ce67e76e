import { IconChecklist, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { TaskTemplate } from '../../../contract/tasks.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { Table } from '../../ui/Table.tsx'
import { TemplateSheet } from './TemplateSheet.tsx'
import { wordsIn } from './template.ts'
import { templateTexts } from './texts.ts'

/** Ready-made lists of tasks; who holds no right to edit them sees what is in them. */
export function TemplatesPage() {
  const t = useTexts(templateTexts)
  const language = useLanguage()
  const mayEdit = useMay('template.edit')
  const templates = useCall('GET /api/task-templates')
  const [opened, setOpened] = useState<TaskTemplate | 'new'>()
  useShortcut('n', t('new'), t('title'), () => setOpened('new'), { on: mayEdit })
  const add = mayEdit && (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpened('new')}>
      {t('new')}
    </Button>
  )
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Loaded from={templates}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconChecklist size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <Table
              label={t('title')}
              rows={items}
              keyOf={(row) => row.id}
              {...(mayEdit ? { onOpen: setOpened } : {})}
              columns={[
                { key: 'name', title: t('columnName'), cell: (row) => wordsIn(row.name, language), phone: 'main', width: '32%' },
                {
                  key: 'tasks',
                  title: t('columnTasks'),
                  cell: (row) => row.tasks.map((task) => wordsIn(task.title, language)).join(' · '),
                },
                {
                  key: 'count',
                  title: t('columnCount'),
                  cell: (row) => t('tasks', { count: row.tasks.length }),
                  width: '110px',
                  end: true,
                  phone: 'hide',
                },
              ]}
            />
          )
        }
      </Loaded>
      {opened && <TemplateSheet {...(opened === 'new' ? {} : { template: opened })} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}
