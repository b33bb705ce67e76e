/** The answer has gone, but the ticket cannot be resolved without more: the dialog opens with what was written. */
type Asked = { ticketId: string; text: string }
const listeners = new Set<(asked: Asked) => void>()

export const askToResolve = (asked: Asked): void => {
  for (const listener of listeners) listener(asked)
}
export function onAskToResolve(listener: (asked: Asked) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
