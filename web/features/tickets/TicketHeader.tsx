import { IconArrowDown, IconArrowUp, IconLock, IconTrashOff } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useMe } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Avatar, Badge } from '../../ui/Marks.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { onAskToResolve } from './ask-resolve.ts'
import { talkTexts } from './conversation-texts.ts'
import { act, type TicketEditing } from './edit.ts'
import { FactBar } from './FactBar.tsx'
import { useNeighbours } from './list.ts'
import { MoreActions } from './MoreActions.tsx'
import { presenceOf, useOthers } from './presence.ts'
import { ResolveDialog } from './ResolveDialog.tsx'
import styles from './TicketPane.module.css'
import { ticketTexts } from './texts.ts'

const DueChip = lazy(async () => ({ default: (await import('../sla/DueChip.tsx')).DueChip }))

type Props = { ticket: Ticket; editing: TicketEditing; sideButton: ReactNode }
const isFinished = (ticket: Ticket) => ['resolved', 'closed', 'cancelled'].includes(ticket.status.meaning)

export function TicketHeader({ ticket, editing, sideButton }: Props) {
  const t = useTexts(talkTexts)
  const l = useTexts(ticketTexts)
  const narrow = useNarrow()
  const { previous, next, step } = useNeighbours()
  return (
    <>
      <Bars ticket={ticket} />
      <header className={styles.header}>
        <div className={styles.title}>
          <h1>
            <span>#{ticket.number}</span> {ticket.subject}{' '}
            {ticket.restricted && (
              <Badge tone="warn">
                <IconLock size={12} /> {t('restricted')}
              </Badge>
            )}
          </h1>
          <Others ticketId={ticket.id} />
          {!narrow && (
            <>
              <IconButton
                label={l('keyPrevious')}
                keys="["
                icon={<IconArrowUp size={18} stroke={1.7} />}
                disabled={!previous}
                onClick={() => step(-1)}
              />
              <IconButton
                label={l('keyNext')}
                keys="]"
                icon={<IconArrowDown size={18} stroke={1.7} />}
                disabled={!next}
                onClick={() => step(1)}
              />
            </>
          )}
          {sideButton}
          <MoreActions ticket={ticket} editing={editing} />
        </div>
        <div className={styles.facts}>
          <FactBar ticket={ticket} editing={editing} />
          {ticket.due && (
            <Suspense fallback={null}>
              <DueChip ticket={ticket} due={ticket.due} />
            </Suspense>
          )}
          <span className="grow" />
          <MainActions ticket={ticket} />
        </div>
      </header>
    </>
  )
}

function Others({ ticketId }: { ticketId: string }) {
  const t = useTexts(ticketTexts)
  const others = useOthers(ticketId)
  if (others.length === 0) return null
  const names = others.map((p) => p.name).join(', ')
  return (
    <span className="row" title={t('looksAt', { names })} role="status">
      <span className="unseen">{t('looksAt', { names })}</span>
      {others.slice(0, 3).map((p) => (
        <Avatar key={p.id} id={p.id} name={p.name} size={22} ring={presenceOf(p)} />
      ))}
    </span>
  )
}

function MainActions({ ticket }: { ticket: Ticket }) {
  const t = useTexts(talkTexts)
  const me = useMe().id
  const [resolving, setResolving] = useState<{ told?: string }>()
  useEffect(() => onAskToResolve(({ ticketId, text }) => ticketId === ticket.id && setResolving({ told: text })), [ticket.id])
  const [busy, setBusy] = useState(false)
  const finished = isFinished(ticket)
  const mayTake = ticket.can.assign && !finished && ticket.assignee?.id !== me
  const run = (verb: 'take' | 'reopen' | 'close') => async () => {
    setBusy(true)
    const params = { id: ticket.id }
    await act(() =>
      verb === 'take'
        ? call('POST /api/tickets/:id/take', { params })
        : verb === 'close'
          ? call('POST /api/tickets/:id/close', { params })
          : call('POST /api/tickets/:id/reopen', { params, body: {} }),
    )
    setBusy(false)
  }
  useShortcut('t', t('take'), t('group'), () => void run('take')(), { on: mayTake })
  useShortcut('e', t('resolve'), t('group'), () => setResolving({}), { on: ticket.can.edit && !finished })
  if (ticket.deletedAt) return null
  return (
    <>
      {mayTake && (
        <Button busy={busy} onClick={() => void run('take')()}>
          {t('take')}
        </Button>
      )}
      {ticket.can.edit && !finished && <Button onClick={() => setResolving({})}>{t('resolve')}</Button>}
      {finished && ticket.can.reopen && (
        <Button busy={busy} onClick={() => void run('reopen')()}>
          {t('reopen')}
        </Button>
      )}
      {ticket.status.meaning === 'resolved' && ticket.can.edit && (
        <Button busy={busy} onClick={() => void run('close')()}>
          {t('close')}
        </Button>
      )}
      {resolving && <ResolveDialog ticket={ticket} {...resolving} onClose={() => setResolving(undefined)} />}
    </>
  )
}

function Bars({ ticket }: { ticket: Ticket }) {
  const t = useTexts(talkTexts)
  return (
    <>
      {ticket.deletedAt && (
        <div className={styles.bar} role="status">
          <span className="grow">{t('removedBar')}</span>
          {ticket.can.remove && (
            <Button
              icon={<IconTrashOff size={15} />}
              onClick={() => void act(() => call('POST /api/tickets/:id/bring-back', { params: { id: ticket.id } }))}
            >
              {t('bringBack')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}
