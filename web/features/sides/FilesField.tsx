import { IconPaperclip } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, FieldSet } from '../../ui/Fields.tsx'
import { Attachments } from '../tickets/Attachments.tsx'
import { useUploads } from '../tickets/uploads.ts'
import { sideTexts } from './texts.ts'

export function useChosenFiles() {
  const uploads = useUploads()
  const [ofTicket, setOfTicket] = useState<readonly string[]>([])
  const toggle = (id: string) => setOfTicket((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]))
  const clear = () => {
    uploads.set([])
    setOfTicket([])
  }
  return { uploads, ofTicket: [...ofTicket], toggle, clear }
}

/** None of the ticket's files goes along by itself: each is chosen. */
export function FilesField({ ticket, files }: { ticket: Ticket; files: ReturnType<typeof useChosenFiles> }) {
  const t = useTexts(sideTexts)
  const pick = useRef<HTMLInputElement>(null)
  const known = ticket.messages.flatMap((message) => message.attachments.filter((file) => !file.inline))
  return (
    <>
      {known.length > 0 && (
        <FieldSet title={t('files')}>
          {known.map((file) => (
            <CheckField key={file.id} label={file.name} checked={files.ofTicket.includes(file.id)} onChange={() => files.toggle(file.id)} />
          ))}
        </FieldSet>
      )}
      <Attachments files={files.uploads.files} onRemove={files.uploads.remove} />
      <input
        ref={pick}
        type="file"
        multiple
        hidden
        aria-label={t('attach')}
        onChange={(event) => {
          void files.uploads.add(event.currentTarget.files ?? [])
          event.currentTarget.value = ''
        }}
      />
      <div>
        <Button icon={<IconPaperclip size={16} />} busy={files.uploads.busy > 0} onClick={() => pick.current?.click()}>
          {t('attach')}
        </Button>
      </div>
    </>
  )
}
