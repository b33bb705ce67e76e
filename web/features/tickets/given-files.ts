import { useEffect } from 'react'
import type { Attached } from './uploads.ts'

/** Files that another part of the screen hands to the field where a ticket is answered. */
type Take = (file: Attached) => void
const takers = new Map<string, Take>()

export const giveFile = (ticketId: string, file: Attached): void => takers.get(ticketId)?.(file)

export function useGivenFiles(ticketId: string, take: Take): void {
  useEffect(() => {
    takers.set(ticketId, take)
    return () => {
      if (takers.get(ticketId) === take) takers.delete(ticketId)
    }
  })
}
