import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { renew, useCall } from '../../kernel/query.ts'
import { SelectField } from '../../ui/Fields.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { slaTexts } from './texts.ts'

/** By clock the cause that was chosen. */
export type Said = Readonly<Record<string, string>>

/** While a ticket is being resolved: for each target missed towards the customer why, which may be left open. */
export function CauseAsk({ ticket, said, onChange }: { ticket: Ticket; said: Said; onChange: (said: Said) => void }) {
  const t = useTexts(slaTexts)
  const clocks = useCall('GET /api/tickets/:id/clocks', { params: { id: ticket.id } }).data?.items ?? []
  const missed = clocks.filter((clock) => clock.causeAsked && clock.agreement.kind === 'sla')
  return missed.map((clock) => (
    <OneCause key={clock.id} label={t('causeOf', { target: t(clock.target) })} at={clock.id} {...{ said, onChange }} />
  ))
}

function OneCause({ label, at, said, onChange }: { label: string; at: string; said: Said; onChange: (said: Said) => void }) {
  const causes = useCall('GET /api/breach-causes').data?.items ?? []
  const choose = (causeId: string | null) => {
    const { [at]: _, ...others } = said
    onChange(causeId === null ? others : { ...others, [at]: causeId })
  }
  return (
    <SelectField
      label={label}
      clearable
      options={causes.filter((one) => !one.archived).map(({ id, name }) => ({ value: id, label: name }))}
      value={said[at] ?? null}
      onChange={choose}
    />
  )
}

/** The ticket is resolved by then, and stays so: what could not be noted is told. */
export async function sayCauses(said: Said): Promise<void> {
  for (const [id, causeId] of Object.entries(said))
    await call('POST /api/clocks/:id/cause', { params: { id }, body: { causeId, note: '' } }).catch(toastProblem)
  renew('GET /api/tickets/:id/clocks')
}
