/** A text from beside the conversation (how something like it was solved) for the reply that is being written. */
type Listener = (ticketId: string, text: string) => void
const listeners = new Set<Listener>()

export const offerText = (ticketId: string, text: string): void => {
  for (const listener of listeners) listener(ticketId, text)
}
export function onOfferedText(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
