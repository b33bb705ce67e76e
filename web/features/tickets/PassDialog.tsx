import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { renew, useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, SelectField, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useAway } from '../absences/absences.ts'
import { HandoffFields } from '../tiers/HandoffFields.tsx'
import { isComplete, noParts, partsOf, useAskedParts } from '../tiers/handoff.ts'
import { useTeamOptions } from '../tiers/team-options.ts'
import { tierTexts } from '../tiers/texts.ts'
import { useColleagues } from './ColleagueList.tsx'
import { talkTexts } from './conversation-texts.ts'
import { putTicket } from './edit.ts'
import { refreshRows } from './refresh-lists.ts'

type Props = { ticket: Ticket; said?: string; onClose: () => void }

/** To another team or tier, with what was found and what is expected: nobody starts from nothing. `said`: what was written already. */
export function PassDialog({ ticket, said = '', onClose }: Props) {
  const t = useTexts(talkTexts)
  const s = useTexts(tierTexts)
  const { data } = useCall('GET /api/teams', {}, { staleTime: 60_000 })
  const next = useCall('GET /api/tickets/:id/next-teams', { params: { id: ticket.id } }).data?.items ?? []
  const form = useForm({ teamId: null as string | null, assigneeId: null as string | null, note: said, ...noParts })
  const teams = [...(data?.items ?? [])]
    .filter((x) => !x.archived)
    .sort((a, b) => (a.tier ?? 99) - (b.tier ?? 99) || a.name.localeCompare(b.name))
  const chosen = form.values.teamId ?? next[0]?.team.id ?? null
  const asked = useAskedParts(chosen)
  const options = useTeamOptions(ticket, teams, next)
  const members = useColleagues(chosen ?? 'none')
  const formats = useFormats()
  const away = useAway()
  const named = (m: { id: string; name: string }) => {
    const until = away.get(m.id)
    return until ? `${m.name} (${t('awayUntil', { when: formats.date(`${until}T12:00:00`) })})` : m.name
  }
  const pass = useSend('POST /api/tickets/:id/pass', {
    renews: ['GET /api/tickets/views'],
    onProblem: form.take,
    onDone: (next) => {
      putTicket(next)
      refreshRows([next.id])
      renew('GET /api/tickets/:id/timeline')
      toast(sayIn(talkTexts)('passedOn', { name: next.team?.name ?? '' }))
      onClose()
    },
  })
  const ready = asked.length > 0 ? isComplete(form.values, asked) : form.values.note.trim() !== ''
  const send = () => {
    const { assigneeId, note } = form.values
    const body = { assigneeId, note, ...partsOf(form.values, asked) }
    if (chosen) pass.mutate({ params: { id: ticket.id }, ifMatch: ticket.version, body: { teamId: chosen, ...body } })
  }
  return (
    <Dialog title={t('pass')} open onClose={onClose}>
      <div className="stack">
        <SelectField
          label={t('passTo')}
          options={options}
          {...form.value('teamId')}
          value={chosen}
          // It is only a proposal: begin there, so that it is looked at.
          data-autofocus
          onChange={(teamId) => {
            form.set('teamId', teamId)
            form.set('assigneeId', null)
          }}
        />
        <SelectField
          label={t('passPerson')}
          clearable
          options={members.map((m) => ({ value: m.id, label: named(m) }))}
          {...form.value('assigneeId')}
          disabled={!chosen}
        />
        <HandoffFields asked={asked} text={form.text} />
        <TextArea label={asked.length > 0 ? s('rest') : t('passNote')} {...form.text('note')} />
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" busy={pass.isPending} disabled={!chosen || !ready} onClick={send}>
          {t('passDo')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
