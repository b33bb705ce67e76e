import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { renew, useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, SelectField, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useColleagues } from './ColleagueList.tsx'
import { talkTexts } from './conversation-texts.ts'
import { putTicket } from './edit.ts'

/** To another team or tier, with what was found and what is expected: nobody starts from nothing. */
export function PassDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(talkTexts)
  const { data } = useCall('GET /api/teams', {}, { staleTime: 60_000 })
  const form = useForm({ teamId: null as string | null, assigneeId: null as string | null, note: '' })
  const members = useColleagues(form.values.teamId ?? 'none')
  const teams = [...(data?.items ?? [])]
    .filter((x) => !x.archived)
    .sort((a, b) => (a.tier ?? 99) - (b.tier ?? 99) || a.name.localeCompare(b.name))
  const pass = useSend('POST /api/tickets/:id/pass', {
    renews: ['GET /api/tickets/views', 'GET /api/tickets'],
    onProblem: form.take,
    onDone: (next) => {
      putTicket(next)
      renew('GET /api/tickets/:id/timeline')
      toast(sayIn(talkTexts)('passedOn', { name: next.team?.name ?? '' }))
      onClose()
    },
  })
  const send = () => {
    const { teamId, assigneeId, note } = form.values
    if (teamId) pass.mutate({ params: { id: ticket.id }, ifMatch: ticket.version, body: { teamId, assigneeId, note } })
  }
  return (
    <Dialog title={t('pass')} open onClose={onClose}>
      <div className="stack">
        <SelectField
          label={t('passTo')}
          options={teams.map((x) => ({
            value: x.id,
            label: x.tier ? t('passTier', { name: x.name, tier: x.tier }) : x.name,
            disabled: x.id === ticket.team?.id,
          }))}
          {...form.value('teamId')}
          onChange={(teamId) => {
            form.set('teamId', teamId)
            form.set('assigneeId', null)
          }}
          data-autofocus
        />
        <SelectField
          label={t('passPerson')}
          clearable
          options={members.map((m) => ({ value: m.id, label: m.name }))}
          {...form.value('assigneeId')}
          disabled={!form.values.teamId}
        />
        <TextArea label={t('passNote')} {...form.text('note')} />
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" busy={pass.isPending} disabled={!form.values.teamId || form.values.note.trim() === ''} onClick={send}>
          {t('passDo')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
