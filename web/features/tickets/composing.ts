import { useEffect, useRef, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { draftOf, keepDraft, useBegun } from './begun.ts'
import { onOfferedText } from './offered-text.ts'
import { type Attached, type Uploads, useUploads } from './uploads.ts'

/** What is being written to a ticket. Reply, note and phone entry have texts of their own, so that a note never goes out as a reply. */
export type WriteKind = 'reply' | 'note' | 'phone'
export const writeKinds: readonly WriteKind[] = ['reply', 'note', 'phone']
export type Content = {
  body: string
  to: readonly string[] | null
  cc: readonly string[] | null
  mentions: readonly { id: string; name: string; team?: true }[]
  direction: 'in' | 'out'
  number: string
}
export const blank: Content = { body: '', to: null, cc: null, mentions: [], direction: 'in', number: '' }
type Kept = Content & { files?: readonly Attached[] }

export type Composing = {
  kind: WriteKind
  setKind: (kind: WriteKind) => void
  content: Content
  change: (part: Partial<Content>) => void
  uploads: Uploads
  /** Empties the field; the draft goes with it. */
  clear: () => void
  restore: (kind: WriteKind, content: Content, files: readonly Attached[]) => void
  kept: boolean
}

export function useComposing(ticket: Ticket): Composing {
  const begun = useBegun().data
  const [kind, setKind] = useState<WriteKind>(ticket.can.reply ? 'reply' : 'note')
  const [contents, setContents] = useState<Partial<Record<WriteKind, Content>>>({})
  const [kept, setKept] = useState(false)
  const uploads = useUploads()
  const touched = useRef(false)
  const content = contents[kind] ?? blank

  // Drafts arrive after the screen stands: taken over once, unless one has begun to write already.
  const taken = useRef(false)
  useEffect(() => {
    if (!begun || taken.current) return
    taken.current = true
    if (touched.current) return
    const drafts = writeKinds.flatMap((k) => {
      const found = draftOf(begun, { ticketId: ticket.id, kind: k })
      return found ? [[k, { ...blank, ...(found.content as Partial<Kept>) } as Kept] as const] : []
    })
    const first = drafts[0]
    if (!first) return
    setContents(Object.fromEntries(drafts))
    setKind(first[0])
    uploads.set(first[1].files ?? [])
    setKept(true)
  }, [begun, ticket.id, uploads.set])

  useEffect(() => {
    if (!touched.current) return
    setKept(false)
    const timer = setTimeout(() => {
      const empty = content.body.trim() === '' && uploads.files.length === 0
      keepDraft({ ticketId: ticket.id, kind }, empty ? null : { ...content, files: uploads.files }, ticket.subject)
        .then(() => setKept(!empty))
        .catch(() => undefined)
    }, 700)
    return () => clearTimeout(timer)
  }, [content, uploads.files, kind, ticket.id, ticket.subject])

  const put = (k: WriteKind, next: Content) => {
    touched.current = true
    setContents((now) => ({ ...now, [k]: next }))
  }
  useEffect(
    () =>
      onOfferedText((ticketId, text) => {
        if (ticketId !== ticket.id) return
        touched.current = true
        setKind('reply')
        setContents((now) => ({
          ...now,
          reply: { ...(now.reply ?? blank), body: [now.reply?.body.trimEnd(), text].filter(Boolean).join('\n\n') },
        }))
      }),
    [ticket.id],
  )
  return {
    kind,
    setKind,
    content,
    change: (part) => put(kind, { ...content, ...part }),
    uploads,
    clear: () => {
      put(kind, blank)
      uploads.set([])
    },
    restore: (k, before, files) => {
      setKind(k)
      put(k, before)
      uploads.set(files)
    },
    kept,
  }
}
