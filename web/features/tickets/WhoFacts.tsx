import { IconUserPlus, IconUsersGroup } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useMe } from '../../kernel/session.ts'
import { Avatar } from '../../ui/Marks.tsx'
import { ColleagueList } from './ColleagueList.tsx'
import { talkTexts } from './conversation-texts.ts'
import type { TicketEditing } from './edit.ts'
import { FactPopover } from './FactPopover.tsx'
import styles from './TicketPane.module.css'

const PassDialog = lazy(async () => ({ default: (await import('./PassDialog.tsx')).PassDialog }))

type Props = { ticket: Ticket; editing: TicketEditing }

/** Who has it: a person, and the team to which it is passed on with a note. */
export function AssigneeFact({ ticket, editing }: Props) {
  const t = useTexts(talkTexts)
  const me = useMe()
  const [open, setOpen] = useState(false)
  useShortcut('a', t('assign'), t('group'), () => setOpen(true), { on: ticket.can.assign })
  const give = (person: { id: string; name: string } | null) => {
    setOpen(false)
    void editing.edit({ assigneeId: person?.id ?? null }, { assignee: person })
  }
  const first = [
    { key: 'me', label: t('toMe'), run: () => give({ id: me.id, name: me.name }) },
    ...(ticket.assignee ? [{ key: 'nobody', label: t('toNobody'), run: () => give(null) }] : []),
  ]
  return (
    <FactPopover
      on={ticket.can.assign}
      open={open}
      setOpen={setOpen}
      label={`${t('assignTo')}: ${ticket.assignee?.name ?? t('toNobody')}`}
      shown={
        <>
          {ticket.assignee ? (
            <Avatar id={ticket.assignee.id} name={ticket.assignee.name} size={16} />
          ) : (
            <IconUserPlus size={14} stroke={1.7} />
          )}
          <span className="truncate" data-spare={ticket.assignee === null || undefined}>
            {ticket.assignee?.name ?? t('toNobody')}
          </span>
        </>
      }
    >
      <ColleagueList first={first} current={ticket.assignee?.id} onPick={give} />
    </FactPopover>
  )
}

export function TeamFact({ ticket }: { ticket: Ticket }) {
  const t = useTexts(talkTexts)
  const [open, setOpen] = useState(false)
  useShortcut('p', t('pass'), t('group'), () => setOpen(true), { on: ticket.can.assign })
  const name = ticket.team
    ? ticket.team.tier
      ? t('passTier', { name: ticket.team.name, tier: ticket.team.tier })
      : ticket.team.name
    : t('toNobody')
  return (
    <>
      <button
        type="button"
        className={styles.fact}
        aria-label={`${t('pass')}: ${name}`}
        title={name}
        disabled={!ticket.can.assign}
        onClick={() => setOpen(true)}
      >
        <IconUsersGroup size={14} stroke={1.7} /> <span className="truncate">{ticket.team?.name ?? name}</span>
      </button>
      {open && (
        <Suspense fallback={null}>
          <PassDialog ticket={ticket} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
