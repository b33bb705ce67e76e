import { useSyncExternalStore } from 'react'
import type { Message } from '../../../contract/messages.ts'

/** Messages on their way: shown at once in the conversation, gone when the server has them or refused them. */
let onTheWay: ReadonlyMap<string, readonly Message[]> = new Map()
const listeners = new Set<() => void>()
const put = (ticketId: string, messages: readonly Message[]) => {
  onTheWay = new Map(onTheWay).set(ticketId, messages)
  for (const listener of listeners) listener()
}
const none: readonly Message[] = []
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const usePending = (ticketId: string): readonly Message[] => useSyncExternalStore(subscribe, () => onTheWay.get(ticketId) ?? none)

export function showPending(ticketId: string, message: Message): () => void {
  put(ticketId, [...(onTheWay.get(ticketId) ?? none), message])
  return () =>
    put(
      ticketId,
      (onTheWay.get(ticketId) ?? none).filter((m) => m.id !== message.id),
    )
}
