import { IconArchive, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Cause } from '../../../contract/sla.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { Section } from '../../ui/Page.tsx'
import { ArchivedRecords } from '../../ui/RecordsPage.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Agreements.module.css'
import { causeTexts } from './cause-texts.ts'

const renews = ['GET /api/breach-causes'] as const

/** The closed list from which a cause is said when a target was missed. */
export function Causes() {
  const t = useTexts(causeTexts)
  const causes = useCall('GET /api/breach-causes')
  const [opened, setOpened] = useState<Cause | 'new'>()
  const restore = useSend('PATCH /api/breach-causes/:id', {
    renews,
    onDone: ({ name }) => void toast(t('restored', { name })),
    onProblem: toastProblem,
  })
  const back = ({ id }: Cause) => restore.mutate({ params: { id }, body: { archived: false } })
  const archive = useSend('PATCH /api/breach-causes/:id', {
    renews,
    onDone: (cause) => void toast(t('archivedToast', { name: cause.name }), { undo: () => back(cause) }),
    onProblem: toastProblem,
  })
  const add = (
    <Button icon={<IconPlus size={16} />} onClick={() => setOpened('new')}>
      {t('new')}
    </Button>
  )
  return (
    <>
      <Section title={t('title')} lead={t('lead')} actions={add}>
        <Loaded from={causes} rows={3}>
          {({ items }) => (
            <ul className={styles.causes} aria-label={t('title')}>
              {items
                .filter((one) => !one.archived)
                .map((one) => (
                  <li key={one.id}>
                    <span className="grow">{one.name}</span>
                    <IconButton label={t('edit', { name: one.name })} icon={<IconPencil size={16} />} onClick={() => setOpened(one)} />
                    <IconButton
                      label={t('archive', { name: one.name })}
                      icon={<IconArchive size={16} />}
                      onClick={() => archive.mutate({ params: { id: one.id }, body: { archived: true } })}
                    />
                  </li>
                ))}
            </ul>
          )}
        </Loaded>
      </Section>
      <ArchivedRecords
        title={t('archived')}
        restore={t('restore')}
        items={causes.data?.items.filter((one) => one.archived)}
        nameOf={({ name }) => name}
        onRestore={back}
      />
      {opened && <CauseSheet {...(opened === 'new' ? {} : { cause: opened })} onClose={() => setOpened(undefined)} />}
    </>
  )
}

function CauseSheet({ cause, onClose }: { cause?: Cause; onClose: () => void }) {
  const t = useTexts(causeTexts)
  // Named as in the body, so that a complaint about one of them stands beside it.
  const form = useForm({ 'names.en': cause?.names.en ?? '', 'names.de': cause?.names.de ?? '' })
  const choices = {
    renews,
    onProblem: form.take,
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  }
  const add = useSend('POST /api/breach-causes', choices)
  const edit = useSend('PATCH /api/breach-causes/:id', choices)
  const save = () => {
    const names = { en: form.values['names.en'], de: form.values['names.de'] }
    cause ? edit.mutate({ params: { id: cause.id }, body: { names } }) : add.mutate({ body: { names } })
  }
  return (
    <FormSheet
      title={cause ? t('edit', { name: cause.name }) : t('new')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      wide={false}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('en')} maxLength={80} data-autofocus {...form.text('names.en')} />
      <TextField label={t('de')} maxLength={80} {...form.text('names.de')} />
    </FormSheet>
  )
}
