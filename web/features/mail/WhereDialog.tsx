import { type SyntheticEvent, useState } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { ChoiceField, FormProblem, type Option } from '../../ui/Fields.tsx'
import { PickField } from '../../ui/PickField.tsx'
import { toast } from '../../ui/Toast.tsx'
import type { Entry } from './entry.ts'
import { mailTexts } from './texts.ts'

/** Lets a mail out of quarantine, or moves what came of it: into a ticket, or as one of its own. */
export function WhereDialog({ entry, what, onClose }: { entry: Entry; what: 'release' | 'rethread'; onClose: () => void }) {
  const t = useTexts(mailTexts)
  const [where, setWhere] = useState<'new' | 'ticket'>(what === 'rethread' ? 'ticket' : 'new')
  const form = useForm({ ticketId: null as Option | null })
  const extra = (text: string) => ({
    renews: ['GET /api/mail/journal', 'GET /api/mail/journal/:id', 'GET /api/tickets', 'GET /api/tickets/:id'] as const,
    onDone: () => {
      toast(text)
      onClose()
    },
    onProblem: form.take,
  })
  const release = useSend('POST /api/mail/journal/:id/release', extra(t('released')))
  const rethread = useSend('POST /api/mail/journal/:id/rethread', extra(t('rethreaded')))
  const ticketId = where === 'ticket' ? form.values.ticketId?.value : undefined
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const params = { id: entry.id }
    if (what === 'release') release.mutate({ params, body: ticketId === undefined ? {} : { ticketId } })
    else rethread.mutate({ params, body: { ticketId: ticketId ?? null } })
  }
  return (
    <Dialog title={t(what === 'release' ? 'releaseTitle' : 'rethreadTitle')} open onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p className="dim">{t(what === 'release' ? 'releaseText' : 'rethreadText')}</p>
        <ChoiceField
          label={t('whereTo')}
          value={where}
          onChange={setWhere}
          options={[
            { value: 'new', label: t('asNew') },
            { value: 'ticket', label: t('intoTicket') },
          ]}
        />
        {where === 'ticket' && (
          <PickField label={t('pickTicket')} hint={t('pickTicketHint')} useOptions={useTickets} autoFocus {...form.value('ticketId')} />
        )}
        <FormProblem text={form.problem} />
        <Buttons>
          <Button
            look="main"
            type="submit"
            busy={release.isPending || rethread.isPending}
            disabled={where === 'ticket' && ticketId === undefined}
          >
            {t(what === 'release' ? 'release' : 'move')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}

function useTickets(typed: string) {
  const q = typed.replace(/^#/, '').trim()
  const { data, isFetching } = useCall(
    'GET /api/search',
    { query: { q, kind: 'ticket', limit: 10 } },
    { enabled: q.length > 0, keep: true },
  )
  const options = data?.items.map((hit) => ({
    value: hit.ticketId ?? hit.id,
    label: hit.title.startsWith('#') ? hit.title : `#${hit.ticketId ?? hit.id} ${hit.title}`,
  }))
  return { options: q === '' ? [] : options, searching: isFetching }
}
