import { IconCheck } from '@tabler/icons-react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCompany } from '../../kernel/session.ts'
import styles from './NextSteps.module.css'
import { nextSteps, type PlainState, stateOf } from './plain.ts'
import { portalTexts } from './texts.ts'

/** What is happening, who has it, what happens next and when. */
export function NextSteps({ ticket, reader, who }: { ticket: Ticket; reader: string; who: string | undefined }) {
  const t = useTexts(portalTexts)
  const { date } = useFormats()
  const closesOn = useClosingDay(ticket)
  const { happening, next } = nextSteps(t, ticket, reader, who, { closesOn, closedOn: date(ticket.closedAt ?? ticket.changedAt) })
  const others = ticket.cc.filter((c) => c.id !== reader)
  return (
    <aside className={styles.box} aria-label={t('stepsTitle')}>
      <Steps state={stateOf(ticket)} />
      <dl className={styles.facts}>
        <div>
          <dt>{t('happening')}</dt>
          <dd>{happening}</dd>
        </div>
        <div>
          <dt>{t('next')}</dt>
          <dd>{next}</dd>
        </div>
        {stateOf(ticket) !== 'closed' && (
          <div>
            <dt>{t('who')}</dt>
            <dd>{who ?? t('nobodyYet')}</dd>
          </div>
        )}
        <div>
          <dt>{t('asked')}</dt>
          <dd>{date(ticket.createdAt)}</dd>
        </div>
        {ticket.requester.id !== reader && (
          <div>
            <dt>{t('askedBy')}</dt>
            <dd>{ticket.requester.name}</dd>
          </div>
        )}
        {others.length > 0 && (
          <div>
            <dt>{t('copies')}</dt>
            <dd>{others.map((c) => c.name || c.email).join(', ')}</dd>
          </div>
        )}
      </dl>
    </aside>
  )
}

function useClosingDay(ticket: Ticket): string | undefined {
  const days = useCompany()?.closeAfterDays
  const { date } = useFormats()
  if (ticket.resolvedAt === null || days === undefined) return undefined
  return date(new Date(Date.parse(ticket.resolvedAt) + days * 86_400_000).toISOString())
}

const steps = ['stepReceived', 'stepWorked', 'stepSolved', 'stepClosed'] as const
const at: Record<PlainState, number> = { received: 0, worked: 1, answer: 1, supplier: 1, planned: 1, solved: 2, closed: 3 }

/** Four steps, with the one that it stands at. */
function Steps({ state }: { state: PlainState }) {
  const t = useTexts(portalTexts)
  const now = at[state]
  return (
    <ol className={styles.steps}>
      {steps.map((step, i) => (
        <li
          key={step}
          data-done={i < now || state === 'closed' || undefined}
          data-now={i === now || undefined}
          {...(i === now ? { 'aria-current': 'step' } : {})}
        >
          <span className={styles.mark}>{(i < now || state === 'closed') && <IconCheck size={12} stroke={3} aria-hidden="true" />}</span>
          <span>{t(step)}</span>
          {i < now && <span className="unseen">{t('stepDone')}</span>}
        </li>
      ))}
    </ol>
  )
}
