import type { Ticket } from '../../../contract/tickets.ts'
import type { Escalation } from '../../../contract/tiers.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Tiers.module.css'
import { tierTexts } from './texts.ts'

/** Nothing until the manager is told. Moves to a higher tier stand with who had it. */
export function EscalationPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(tierTexts)
  const { data } = useCall('GET /api/tickets/:id/escalations', { params: { id: ticket.id } })
  const told = data?.items.filter(({ kind }) => kind === 'hierarchical') ?? []
  if (told.length === 0) return null
  return (
    <PanelPart title={t('partTitle')}>
      <ul className={styles.told}>
        {told.map((one) => (
          <Told key={one.id} escalation={one} />
        ))}
      </ul>
    </PanelPart>
  )
}

function Told({ escalation: one }: { escalation: Escalation }) {
  const t = useTexts(tierTexts)
  const formats = useFormats()
  const settle = useSend('POST /api/escalations/:id/settle', {
    renews: ['GET /api/tickets/:id/escalations', 'GET /api/tickets/:id/timeline'],
    onProblem: toastProblem,
  })
  const by = (person: Escalation['by']) => person?.name ?? t('byProgram')
  return (
    <li data-settled={one.settledAt !== null || undefined}>
      <span className="dim small" title={formats.full(one.at)}>
        {t('by', { by: by(one.by), names: one.told.map(({ name }) => name).join(', ') })} · {formats.dateTime(one.at)}
      </span>
      <p>{one.why}</p>
      {one.again.map((more) => (
        <div key={more.at}>
          <span className="dim small">
            {t('byAgain', { by: by(more.by) })} · {formats.dateTime(more.at)}
          </span>
          <p>{more.why}</p>
        </div>
      ))}
      {one.settledAt !== null && (
        <span className="dim small">
          {one.settledBy ? t('settledBy', { name: one.settledBy.name }) : t('resolvedBy')} · {formats.dateTime(one.settledAt)}
        </span>
      )}
      {one.can.settle && (
        <Button busy={settle.isPending} onClick={() => settle.mutate({ params: { id: one.id } })}>
          {t('settle')}
        </Button>
      )}
    </li>
  )
}
