import { renew } from '../../kernel/query.ts'

/** What was linked is no longer offered as similar. */
export const renewSimilar = (): void => renew('GET /api/tickets/:id/similar')
