import { useState } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { withNames } from './CategorySheet.tsx'
import { useRestoreStatus } from './restore-status.ts'
import { statusTexts } from './status-texts.ts'
import { teamTexts } from './texts.ts'

export type Status = Answer<'GET /api/statuses'>['items'][number]
const meanings = [
  'new',
  'open',
  'waiting-requester',
  'waiting-vendor',
  'waiting-approval',
  'waiting-record',
  'scheduled',
  'resolved',
  'closed',
  'cancelled',
] as const

export function StatusSheet({ status, onClose }: { status?: Status; onClose: () => void }) {
  const t = useTexts(teamTexts)
  const s = useTexts(statusTexts)
  const language = useLanguage()
  const form = useForm({ en: status?.name.en ?? '', de: status?.name.de ?? '', meaning: status?.meaning ?? ('open' as Status['meaning']) })
  const [archiving, setArchiving] = useState(false)
  const sending = {
    renews: ['GET /api/statuses', 'GET /api/tickets'] as const,
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
    onProblem: (cause: unknown) => form.take(withNames(cause)),
  }
  const add = useSend('POST /api/statuses', sending)
  const rename = useSend('PATCH /api/statuses/:id', sending)
  const { en, de, meaning } = form.values
  const name = { en: en || de, de: de || en }
  return (
    <FormSheet
      title={status ? s('edit', { name: status.name[language] }) : s('newStatus')}
      wide={false}
      busy={add.isPending || rename.isPending}
      problem={form.problem}
      values={form.values}
      aside={
        status && (
          <Button look="plain" onClick={() => setArchiving(true)}>
            {s('archive')}
          </Button>
        )
      }
      onSave={() =>
        status
          ? rename.mutate({ params: { id: status.id }, ifMatch: status.version, body: { name } })
          : add.mutate({ body: { meaning, name } })
      }
      onClose={onClose}
    >
      <TextField label={t('nameEn')} lang="en" maxLength={50} data-autofocus {...form.text('en')} />
      <TextField label={t('nameDe')} lang="de" maxLength={50} {...form.text('de')} />
      {status ? (
        <p className="dim">
          {t('meaning')}: {t(status.meaning)}
        </p>
      ) : (
        <SelectField
          label={s('meaning')}
          hint={s('meaningHint')}
          options={meanings.map((one) => ({ value: one, label: t(one) }))}
          {...form.value('meaning')}
        />
      )}
      {status && archiving && <ArchiveDialog status={status} onClose={() => setArchiving(false)} onDone={onClose} />}
    </FormSheet>
  )
}

/** Says how many tickets have it, and asks what they get instead. */
function ArchiveDialog({ status, onClose, onDone }: { status: Status; onClose: () => void; onDone: () => void }) {
  const s = useTexts(statusTexts)
  const language = useLanguage()
  const use = useCall('GET /api/statuses/:id/use', { params: { id: status.id } }).data
  const all = useCall('GET /api/statuses').data?.items ?? []
  const options = all.filter((one) => use?.replacements.includes(one.id)).map((one) => ({ value: one.id, label: one.name[language] }))
  const [chosen, setChosen] = useState<string | null>(null)
  const replacementId = chosen ?? options[0]?.value ?? null
  const restore = useRestoreStatus()
  const archive = useSend('POST /api/statuses/:id/archive', {
    renews: ['GET /api/statuses', 'GET /api/tickets', 'GET /api/status-moves'],
    onProblem: toastProblem,
    onDone: () => {
      toast(s('archived', { name: status.name[language] }), { undo: () => restore(status.id) })
      onDone()
    },
  })
  if (!use) return null
  return (
    <Dialog title={s('archiveTitle', { name: status.name[language] })} open onClose={onClose} size="sm">
      <div className="stack">
        {use.needed ? (
          <p>{s('needed')}</p>
        ) : (
          <>
            <p>
              {use.more ? s('archiveMore', { count: use.tickets }) : s('archiveText', { count: use.tickets })}{' '}
              {use.tickets > 0 && s('archiveHow')}
            </p>
            {use.tickets > 0 && <SelectField label={s('instead')} options={options} value={replacementId} onChange={setChosen} />}
          </>
        )}
      </div>
      <Buttons>
        <Button onClick={onClose}>{s('cancel')}</Button>
        {!use.needed && (
          <Button
            look="main"
            data-autofocus
            busy={archive.isPending}
            onClick={() => archive.mutate({ params: { id: status.id }, body: { replacementId: use.tickets > 0 ? replacementId : null } })}
          >
            {s('archive')}
          </Button>
        )}
      </Buttons>
    </Dialog>
  )
}
