import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import type { Meaning, Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { StatusShape } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { byHandTexts } from './by-hand-texts.ts'
import { talkTexts } from './conversation-texts.ts'
import type { TicketEditing } from './edit.ts'
import styles from './TicketPane.module.css'
import { WaitDialog } from './WaitDialog.tsx'

type Props = { ticket: Ticket; editing: TicketEditing }
type Status = { id: string; name: string; meaning: Meaning }
const waits = (meaning: string) => meaning === 'scheduled' || meaning.startsWith('waiting-')

/** Which moves the desk allows this person, asked for with the first look at the choices. */
function useMoves(on: boolean): (fromId: string, toId: string) => boolean {
  const { roles } = useMe()
  const { data } = useCall('GET /api/status-moves', {}, { enabled: on, staleTime: 300_000 })
  const ladder = ['agent', 'lead', 'manager', 'administrator']
  const mine = Math.max(...roles.map((role) => ladder.indexOf(role)))
  return (fromId, toId) =>
    fromId === toId || !data?.moves || data.moves.some((m) => m.fromId === fromId && m.toId === toId && ladder.indexOf(m.leastRole) <= mine)
}

/** Where it stands, and until when; what waits asks for its reason and its day. */
export function StatusFact({ ticket, editing }: Props) {
  const t = useTexts(talkTexts)
  const h = useTexts(byHandTexts)
  const formats = useFormats()
  const language = useLanguage()
  const [asking, setAsking] = useState<Status>()
  const { data } = useCall('GET /api/statuses', {}, { staleTime: 300_000 })
  // Resolving and closing have buttons of their own, with their own questions.
  const [opened, setOpened] = useState(false)
  const mayMove = useMoves(opened)
  const choices = (data?.items ?? []).filter((s) => !['new', 'resolved', 'closed'].includes(s.meaning) && mayMove(ticket.status.id, s.id))
  const back = ticket.revisitAt && h('comesBack', { time: formats.dateTime(ticket.revisitAt) })
  const shown = (
    <>
      <StatusShape meaning={ticket.status.meaning} /> <span className="truncate">{ticket.status.name}</span>
      {ticket.revisitAt && <span className={styles.until}>{formats.day(ticket.revisitAt)}</span>}
    </>
  )
  if (!ticket.can.edit)
    return (
      <span className={styles.fact} data-plain title={back ?? undefined}>
        {shown}
      </span>
    )
  return (
    <>
      <Menu
        width={250}
        onOpen={() => setOpened(true)}
        target={
          <button
            type="button"
            className={styles.fact}
            data-first
            aria-label={[t('status', { name: ticket.status.name }), back].filter(Boolean).join(', ')}
            title={[ticket.status.name, back].filter(Boolean).join(', ')}
          >
            {shown} <IconChevronDown size={12} />
          </button>
        }
        entries={[
          ...choices.map((s) => {
            const name = inLanguage(s.name, language)
            const status = { id: s.id, name, meaning: s.meaning }
            return {
              key: s.id,
              label: name,
              icon: <StatusShape meaning={s.meaning} />,
              checked: s.id === ticket.status.id,
              run: () => (waits(s.meaning) ? setAsking(status) : void editing.edit({ statusId: s.id }, { status, revisitAt: null })),
            }
          }),
          waits(ticket.status.meaning) && { key: 'line', divider: true as const },
          waits(ticket.status.meaning) && { key: 'day', label: h('changeDay'), run: () => setAsking(ticket.status) },
        ]}
      />
      {asking && <WaitDialog ticket={ticket} status={asking} editing={editing} onClose={() => setAsking(undefined)} />}
    </>
  )
}
