import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { StatusBadge } from '../../ui/Marks.tsx'
import { Loaded } from '../../ui/States.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { withNames } from './CategorySheet.tsx'
import styles from './Teams.module.css'
import { teamTexts } from './texts.ts'

type Status = Answer<'GET /api/statuses'>['items'][number]

export function StatusNames() {
  const t = useTexts(teamTexts)
  const language = useLanguage()
  const mayEdit = useMay('category.edit')
  const statuses = useCall('GET /api/statuses')
  const [open, setOpen] = useState<Status>()
  return (
    <div className={styles.stack}>
      <div className={styles.bar}>
        <p>{t('statusesLead')}</p>
      </div>
      <Loaded from={statuses}>
        {({ items }) => (
          <Table
            label={t('statuses')}
            rows={items}
            keyOf={(s) => s.id}
            columns={[
              {
                key: 'name',
                title: t('name'),
                phone: 'main',
                cell: (s: Status) => <StatusBadge meaning={s.meaning} name={s.name[language]} />,
              },
              { key: 'en', title: t('nameEn'), phone: 'hide', cell: (s: Status) => s.name.en },
              { key: 'de', title: t('nameDe'), phone: 'hide', cell: (s: Status) => s.name.de },
              { key: 'meaning', title: t('meaning'), cell: (s: Status) => <span className="dim">{t(s.meaning)}</span> },
              {
                key: 'edit',
                title: t('edit'),
                width: '56px',
                end: true,
                cell: (s: Status) =>
                  mayEdit && (
                    <IconButton
                      label={t('renameStatus', { name: s.name[language] })}
                      icon={<IconPencil size={16} />}
                      onClick={() => setOpen(s)}
                    />
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {open && <StatusSheet status={open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function StatusSheet({ status, onClose }: { status: Status; onClose: () => void }) {
  const t = useTexts(teamTexts)
  const language = useLanguage()
  const form = useForm({ en: status.name.en, de: status.name.de })
  const rename = useSend('PATCH /api/statuses/:id', {
    renews: ['GET /api/statuses', 'GET /api/tickets'],
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
    onProblem: (cause) => form.take(withNames(cause)),
  })
  return (
    <FormSheet
      title={t('renameStatus', { name: status.name[language] })}
      wide={false}
      busy={rename.isPending}
      problem={form.problem}
      values={form.values}
      onSave={() => rename.mutate({ params: { id: status.id }, body: { name: form.values } })}
      onClose={onClose}
    >
      <p className="dim">
        {t('meaning')}: {t(status.meaning)}
      </p>
      <TextField label={t('nameEn')} lang="en" data-autofocus {...form.text('en')} />
      <TextField label={t('nameDe')} lang="de" {...form.text('de')} />
    </FormSheet>
  )
}
