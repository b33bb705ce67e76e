import type { resolutionCodes as codes } from '../../../contract/tickets.ts'

/** As in the contract, whose schemas stay out of the browser; its type keeps the two the same. */
export const resolutionCodes: typeof codes = [
  'solved',
  'workaround',
  'advice',
  'no-fault',
  'not-reproducible',
  'duplicate',
  'withdrawn',
  'not-ours',
]
