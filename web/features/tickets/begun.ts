import { useEffect } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import type { Answer } from '../../kernel/call.ts'
import { call } from '../../kernel/call.ts'
import { keyOf, queries, useCall } from '../../kernel/query.ts'

/** Begun work, kept by the server: the tickets I have open, in order, and my drafts. It survives a reload and another browser. */
export type Begun = Answer<'GET /api/drafts'>
export type DraftKind = Begun['drafts'][number]['kind']
const key = keyOf('GET /api/drafts')
const most = 8

export const useBegun = () => useCall('GET /api/drafts', {}, { staleTime: 60_000 })
const kept = () => queries.getQueryData<Begun>(key)
const put = (change: (begun: Begun) => Begun) => queries.setQueryData<Begun>(key, (begun) => begun && change(begun))

let timer: ReturnType<typeof setTimeout> | undefined
function keepOpen(): void {
  clearTimeout(timer)
  timer = setTimeout(
    () => void call('PUT /api/open-tickets', { body: { ticketIds: kept()?.open.map((o) => o.ticketId) ?? [] } }).catch(() => undefined),
    400,
  )
}

/** Puts an opened ticket on the strip; the oldest without a draft makes room. */
export function useOnStrip(ticket: Ticket | undefined): void {
  const known = useBegun().data !== undefined
  useEffect(() => {
    if (!ticket || !known) return
    const entry = { ticketId: ticket.id, number: ticket.number, subject: ticket.subject, meaning: ticket.status.meaning }
    const begun = kept()
    if (!begun) return
    const there = begun.open.some((o) => o.ticketId === ticket.id)
    const drafted = new Set(begun.drafts.map((d) => d.ticketId))
    const open = there ? begun.open.map((o) => (o.ticketId === ticket.id ? entry : o)) : [...begun.open, entry]
    const surplus = open.length > most ? open.find((o) => o.ticketId !== ticket.id && !drafted.has(o.ticketId)) : undefined
    put((b) => ({ ...b, open: open.filter((o) => o !== surplus) }))
    if (!there) keepOpen()
  }, [ticket, known])
}

export function closeOnStrip(ticketId: string): void {
  put((b) => ({ ...b, open: b.open.filter((o) => o.ticketId !== ticketId) }))
  keepOpen()
}

type Where = { ticketId: string | null; kind: DraftKind }
const same = (a: Where, b: Where) => a.ticketId === b.ticketId && a.kind === b.kind
export const draftOf = (begun: Begun | undefined, where: Where) => begun?.drafts.find((d) => same(d, where))

/** Keeps a draft, or drops it (null). */
export async function keepDraft(where: Where, content: Record<string, unknown> | null, title = ''): Promise<void> {
  put((b) => {
    const rest = b.drafts.filter((d) => !same(d, where))
    const before = draftOf(b, where)
    return content === null
      ? { ...b, drafts: rest }
      : {
          ...b,
          drafts: [
            {
              id: before?.id ?? `new-${where.kind}`,
              ...where,
              content,
              changedAt: new Date().toISOString(),
              title: before?.title ?? title,
            },
            ...rest,
          ],
        }
  })
  await call('PUT /api/drafts', { body: { ...where, content } })
}
