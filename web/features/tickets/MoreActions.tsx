import { IconDots, IconMailOff } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { queries, renew } from '../../kernel/query.ts'
import { useMay, useMe } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { ChoiceField, TextField } from '../../ui/Fields.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { byHandTexts } from './by-hand-texts.ts'
import { talkTexts } from './conversation-texts.ts'
import { useDoings } from './doings.tsx'
import { act, type TicketEditing, ticketKey } from './edit.ts'
import { patchRow } from './list.ts'
import { RestrictDialog } from './RestrictDialog.tsx'
import { refreshRows } from './refresh-lists.ts'
import { ticketTexts } from './texts.ts'

const PassDialog = lazy(async () => ({ default: (await import('./PassDialog.tsx')).PassDialog }))

/** What is done less often: follow, rename, mark as unread, restrict, remove. */
export function MoreActions({ ticket, editing }: { ticket: Ticket; editing: TicketEditing }) {
  const t = useTexts(talkTexts)
  const h = useTexts(byHandTexts)
  const [dialog, setDialog] = useState<'rename' | 'restrict' | 'pass'>()
  const doings = useDoings(ticket)
  const [confirm, question] = useConfirm()
  const remove = useRemoving(ticket, confirm)
  const mayBlock = useMay('sender.block')
  const navigate = useNavigate()
  const watch = async () => {
    const watching = !ticket.watching
    queries.setQueryData<Ticket>(ticketKey(ticket.id), { ...ticket, watching })
    await call('PUT /api/tickets/:id/watch', { params: { id: ticket.id }, body: { watching } }).catch(toastProblem)
    void queries.invalidateQueries({ queryKey: ticketKey(ticket.id) })
  }
  const unread = async () => {
    await call('POST /api/tickets/:id/unread', { params: { id: ticket.id } }).catch(toastProblem)
    patchRow(ticket.id, (row) => ({ ...row, unread: true }))
    void navigate({ to: '/tickets', search: true })
  }
  const copy = async () => {
    await navigator.clipboard?.writeText(`${location.origin}/tickets/${ticket.id}`)
    toast(t('copied'))
  }
  return (
    <>
      <Menu
        end
        width={270}
        target={<IconButton label={t('more')} icon={<IconDots size={18} stroke={1.7} />} />}
        entries={[
          { key: 'watch', label: t(ticket.watching ? 'unwatch' : 'watch'), run: () => void watch() },
          { key: 'unread', label: t('markUnread'), run: () => void unread() },
          ticket.can.assign && { key: 'pass', label: t('passMore'), run: () => setDialog('pass') },
          ticket.can.edit && { key: 'rename', label: t('rename'), run: () => setDialog('rename') },
          ...doings.entries,
          {
            key: 'portal',
            label: h('asRequester'),
            run: () => void navigate({ to: '/portal/requests/$ticketId', params: { ticketId: ticket.id } }),
          },
          {
            key: 'print',
            label: h('print'),
            run: () => void navigate({ to: '/tickets/$ticketId/print' as never, params: { ticketId: ticket.id } as never }),
          },
          window.isSecureContext && { key: 'link', label: t('copyLink'), run: () => void copy() },
          (ticket.can.restrict || ticket.can.remove) && { key: 'line', divider: true },
          ticket.can.restrict && { key: 'restrict', label: t('restrict'), run: () => setDialog('restrict') },
          ticket.can.remove &&
            !ticket.deletedAt && {
              key: 'spam',
              label: h('reportSpam'),
              icon: <IconMailOff size={16} stroke={1.7} />,
              danger: true,
              run: () => void remove(false),
            },
          ticket.can.remove &&
            !ticket.deletedAt &&
            mayBlock &&
            ticket.requester.email !== null && { key: 'block', label: h('reportSpamBlock'), danger: true, run: () => void remove(true) },
        ]}
      />
      {question}
      {doings.shown}
      {dialog === 'rename' && <RenameDialog ticket={ticket} editing={editing} onClose={() => setDialog(undefined)} />}
      {dialog === 'pass' && (
        <Suspense fallback={null}>
          <PassDialog ticket={ticket} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
      {dialog === 'restrict' && <RestrictDialog ticket={ticket} onClose={() => setDialog(undefined)} />}
    </>
  )
}

/** Spam goes at once, without a question, because it comes back by one click; blocking a sender is asked about. */
function useRemoving(ticket: Ticket, confirm: ReturnType<typeof useConfirm>[0]) {
  const t = useTexts(talkTexts)
  const h = useTexts(byHandTexts)
  const me = useMe()
  const navigate = useNavigate()
  return async (block: boolean) => {
    const address = ticket.requester.email ?? ''
    const sure = { title: h('spamTitle'), text: t('spamBlockText', { address }), action: t('removeBlock'), danger: true }
    if (block && !(await confirm(sure))) return
    if (block) await call('POST /api/blocked-senders', { body: { pattern: address } }).catch(toastProblem)
    const params = { id: ticket.id }
    try {
      await call('POST /api/tickets/:id/remove', { params })
    } catch (cause) {
      return toastProblem(cause)
    }
    await navigate({ to: '/tickets', search: true })
    queries.removeQueries({ queryKey: ticketKey(ticket.id) })
    refreshRows([ticket.id])
    renew('GET /api/tickets/views')
    const bringBack = async () => {
      if (await act(() => call('POST /api/tickets/:id/bring-back', { params })))
        void navigate({ to: '/tickets/$ticketId', params: { ticketId: ticket.id }, search: true })
    }
    toast(h('spamDone'), { seconds: Math.max(10, me.undoSeconds ?? me.deskUndoSeconds), undo: () => void bringBack() })
  }
}

function RenameDialog({ ticket, editing, onClose }: { ticket: Ticket; editing: TicketEditing; onClose: () => void }) {
  const t = useTexts(talkTexts)
  const l = useTexts(ticketTexts)
  const [subject, setSubject] = useState(ticket.subject)
  const [kind, setKind] = useState<'incident' | 'request'>(ticket.kind === 'request' ? 'request' : 'incident')
  const save = () => {
    onClose()
    const changed = { ...(subject !== ticket.subject ? { subject } : {}), ...(kind !== ticket.kind ? { kind } : {}) }
    if (Object.keys(changed).length > 0) void editing.edit(changed, changed)
  }
  return (
    <Dialog title={t('rename')} open onClose={onClose}>
      <div className="stack">
        <TextField
          label={t('subject')}
          value={subject}
          maxLength={250}
          data-autofocus
          onChange={(e) => setSubject(e.currentTarget.value)}
          onKeyDown={(e) => e.key === 'Enter' && subject.trim() && save()}
        />
        <ChoiceField
          label={t('kind')}
          value={kind}
          onChange={setKind}
          options={[
            { value: 'incident', label: l('kind-incident') },
            { value: 'request', label: l('kind-request') },
          ]}
        />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" disabled={subject.trim() === ''} onClick={save}>
          {t('save')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
