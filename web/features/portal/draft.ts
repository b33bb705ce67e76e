import { useEffect, useRef } from 'react'
import { useCall } from '../../kernel/query.ts'
import { type DraftKind, draftOf, keepDraft } from '../tickets/begun.ts'
import type { Attached } from '../tickets/uploads.ts'

/** What somebody began to write is kept by the server, so that it survives a reload and another device. */
type Where = { ticketId: string | null; kind: DraftKind }

/** The draft that was kept, once it is known; `undefined` while it is asked for, null when there is none. */
export function useKeptDraft(where: Where, on: boolean): Record<string, unknown> | null | undefined {
  const begun = useCall('GET /api/drafts', {}, { staleTime: 60_000, enabled: on })
  if (!on || begun.error) return null
  return begun.data ? (draftOf(begun.data, where)?.content ?? null) : undefined
}

/** Keeps the content a second after the last key; gives back how to drop the draft. */
export function useKeepDraft({ ticketId, kind }: Where, content: Record<string, unknown> | null, on: boolean): () => void {
  const text = JSON.stringify(content)
  const kept = useRef(text)
  const dropped = useRef<string>(undefined)
  useEffect(() => {
    if (!on || text === kept.current) return
    const timer = setTimeout(() => {
      // It was sent within the second: what is sent is no draft any more.
      if (dropped.current === text) return
      kept.current = text
      void keepDraft({ ticketId, kind }, JSON.parse(text) as Record<string, unknown> | null).catch(() => undefined)
    }, 1000)
    return () => clearTimeout(timer)
  }, [text, on, ticketId, kind])
  return () => {
    kept.current = 'null'
    dropped.current = text
    if (on) void keepDraft({ ticketId, kind }, null).catch(() => undefined)
  }
}

export const textIn = (content: Record<string, unknown> | null, name: string): string => {
  const value = content?.[name]
  return typeof value === 'string' ? value : ''
}
/** Uploads live for a day: older drafts come back without their files. */
export function filesIn(content: Record<string, unknown> | null): Attached[] {
  const { files, at } = (content ?? {}) as { files?: Attached[]; at?: string }
  if (!Array.isArray(files) || typeof at !== 'string' || Date.now() - Date.parse(at) > 20 * 3_600_000) return []
  return files.filter((f) => typeof f?.id === 'string' && typeof f.name === 'string')
}
