import type { Message } from '../../../contract/messages.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import type { Answer } from '../../kernel/call.ts'
import { type Body, call, problemIn, randomKey } from '../../kernel/call.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { keyOf, queries, renew } from '../../kernel/query.ts'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { askToResolve } from './ask-resolve.ts'
import type { Composing, Content, WriteKind } from './composing.ts'
import { talkTexts } from './conversation-texts.ts'
import { keptTicket, putTicket, ticketKey } from './edit.ts'
import { patchRow } from './list.ts'
import { showPending } from './pending.ts'
import type { Attached } from './uploads.ts'

export type Then = 'stay' | 'wait' | 'resolve'
type Sender = { id: string; name: string; email: string | null }
type Outcome = 'sent' | 'newer' | 'refused'

/** Shown at once, sent, and for ten seconds (the server's undo time) taken back by one click: the text returns to the field. */
export async function sendMessage(ticket: Ticket, composing: Composing, me: Sender, then: Then, seen: string | null): Promise<Outcome> {
  const { kind, content, uploads } = composing
  const files = uploads.files
  const hide = showPending(ticket.id, asShown(ticket, me, kind, content, files))
  composing.clear()
  try {
    const statusId = then === 'wait' ? await waitingStatus() : undefined
    const message = await call('POST /api/tickets/:id/replies', {
      params: { id: ticket.id },
      body: bodyOf(kind, content, files, seen, statusId),
    })
    place(ticket.id, message)
    if (then === 'resolve')
      await resolveToo(ticket.id, content.body).catch((cause: unknown) => resolveByHand(cause, ticket.id, content.body))
    offerUndo(ticket, message, composing, content, files)
    return 'sent'
  } catch (cause) {
    composing.restore(kind, content, files)
    if (problemIn(cause)?.code === 'newer_message') {
      void queries.invalidateQueries({ queryKey: ticketKey(ticket.id) })
      return 'newer'
    }
    toastProblem(cause)
    return 'refused'
  } finally {
    hide()
  }
}

function bodyOf(
  kind: WriteKind,
  content: Content,
  files: readonly Attached[],
  seen: string | null,
  statusId: string | undefined,
): Body<'POST /api/tickets/:id/replies'> {
  const common = { body: content.body, uploadIds: files.map((f) => f.id), seenMessageId: seen, ...(statusId ? { statusId } : {}) }
  if (kind === 'note') {
    const people = content.mentions.filter((m) => !m.team).map((m) => m.id)
    const teams = content.mentions.filter((m) => m.team).map((m) => m.id)
    return {
      ...common,
      internal: true,
      ...(people.length > 0 ? { mentions: people } : {}),
      ...(teams.length > 0 ? { mentionTeamIds: teams } : {}),
    }
  }
  if (kind === 'phone') return { ...common, kind: 'phone', phone: { direction: content.direction, number: content.number } }
  return { ...common, ...(content.to ? { to: [...content.to] } : {}), ...(content.cc ? { cc: [...content.cc] } : {}) }
}

/** The answer takes the pending message's place before the live stream tells of it. */
function place(ticketId: string, message: Message): void {
  queries.setQueryData<Ticket>(ticketKey(ticketId), (now) =>
    now && !now.messages.some((m) => m.id === message.id)
      ? {
          ...now,
          messages: [...now.messages, message],
          lastMessageId: message.id,
          ...(message.direction === 'out' ? { waitingSince: null } : {}),
        }
      : now,
  )
  patchRow(ticketId, (row) => ({
    ...row,
    unread: false,
    lastMessageAt: message.at,
    ...(message.direction === 'out' ? { waitingSince: null } : {}),
  }))
  void queries.invalidateQueries({ queryKey: ticketKey(ticketId) })
  renew('GET /api/tickets/:id/timeline', 'GET /api/tickets/views')
}

async function waitingStatus(): Promise<string | undefined> {
  const kept = queries.getQueryData<Answer<'GET /api/statuses'>>(keyOf('GET /api/statuses')) ?? (await call('GET /api/statuses'))
  return kept.items.find((s) => s.meaning === 'waiting-requester')?.id
}

async function resolveToo(ticketId: string, text: string): Promise<void> {
  const fresh = await call('GET /api/tickets/:id', { params: { id: ticketId } })
  putTicket(
    await call('POST /api/tickets/:id/resolve', {
      params: { id: ticketId },
      ifMatch: fresh.version,
      body: { code: 'solved', text: text.slice(0, 20_000), tell: false },
    }),
  )
}

/** The message is sent and stays so: what resolving lacks is asked for by itself. */
function resolveByHand(cause: unknown, ticketId: string, text: string): void {
  toastProblem(cause)
  askToResolve({ ticketId, text })
}

function offerUndo(ticket: Ticket, message: Message, composing: Composing, content: Content, files: readonly Attached[]): void {
  const t = sayIn(talkTexts)
  const undoUntil = message.delivery?.undoUntil
  if (!undoUntil) return void (message.internal && toast(t('noteAdded'), { seconds: 2 }))
  const seconds = Math.max(1, (new Date(undoUntil).getTime() - Date.now()) / 1000)
  const undo = async () => {
    try {
      await call('POST /api/messages/:id/undo', { params: { id: message.id } })
      queries.setQueryData<Ticket>(
        ticketKey(ticket.id),
        (now) => now && { ...now, messages: now.messages.filter((m) => m.id !== message.id) },
      )
      void queries.invalidateQueries({ queryKey: ticketKey(ticket.id) })
      composing.restore('reply', content, files)
      toast(t('takenBack'))
    } catch (cause) {
      toastProblem(cause)
    }
  }
  toast(t('sent'), { seconds, undo: () => void undo() })
}

function asShown(ticket: Ticket, me: Sender, kind: WriteKind, content: Content, files: readonly Attached[]): Message {
  const to = content.to ?? (keptTicket(ticket.id)?.requester.email ? [ticket.requester.email ?? ''] : [])
  return {
    id: randomKey(),
    at: new Date().toISOString(),
    kind: kind === 'reply' ? 'mail' : kind,
    internal: kind === 'note',
    direction: kind === 'note' ? 'inside' : kind === 'phone' ? content.direction : 'out',
    author: me,
    from: { name: me.name, email: me.email ?? '' },
    to: kind === 'reply' ? to.map((email) => ({ name: '', email })) : [],
    cc: [],
    subject: ticket.subject,
    text: content.body,
    visibleText: content.body,
    html: null,
    attachments: files.map((f) => ({ ...f, contentId: null, inline: false })),
    automatic: null,
    bounce: null,
    unverified: null,
    handoffTo: null,
    journalId: null,
    delivery: null,
  }
}
