import type { Caller } from '../../../contract/calls.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { PersonName } from '../../ui/Marks.tsx'
import { KnownCustomer } from '../customers/KnownCustomer.tsx'
import styles from './Calls.module.css'
import { callTexts } from './texts.ts'

const about = (caller: Caller) => [caller.organisation?.name, caller.department, caller.email].filter(Boolean).join(' · ')

export function FoundCallers({ items, onChoose }: { items: Caller[] | undefined; onChoose: (caller: Caller) => void }) {
  if (!items || items.length === 0) return null
  return (
    <div>
      {items.map((caller) => (
        <button key={caller.id} type="button" className={styles.found} onClick={() => onChoose(caller)}>
          <strong>{caller.name}</strong>
          <span className="dim">{[about(caller), caller.phones[0]?.number].filter(Boolean).join(' · ')}</span>
        </button>
      ))}
    </div>
  )
}

type Props = { caller: Caller; ticketId: string | undefined; onTicket: (id: string | undefined) => void; onOther: () => void }

/** Who it is, what one must know, and what is open: one click says that the call is about one of these. */
export function CallerCard({ caller, ticketId, onTicket, onOther }: Props) {
  const t = useTexts(callTexts)
  return (
    <div className={styles.card}>
      <div className={styles.cardHead}>
        <div>
          <PersonName person={caller} />
          <div className="dim">{about(caller)}</div>
          {caller.phones[0] && <div className="dim">{caller.phones.map((phone) => phone.number).join(' · ')}</div>}
        </div>
        <Button look="plain" onClick={onOther}>
          {t('other')}
        </Button>
      </div>
      {[caller.specialHandling, caller.organisationHandling].filter(Boolean).map((text) => (
        <div key={text} className={styles.handle}>
          {text}
        </div>
      ))}
      <strong>{t(caller.openTickets.length === 0 ? 'noOpen' : 'openTickets')}</strong>
      {caller.openTickets.map((ticket) => (
        <div key={ticket.id} className={styles.cardHead}>
          <span>
            #{ticket.number} {ticket.subject}
          </span>
          <Button look={ticketId === ticket.id ? 'main' : 'quiet'} onClick={() => onTicket(ticketId === ticket.id ? undefined : ticket.id)}>
            {t(ticketId === ticket.id ? 'addNot' : 'addHere')}
          </Button>
        </div>
      ))}
      <KnownCustomer key={caller.id} personId={caller.id} brief />
    </div>
  )
}
