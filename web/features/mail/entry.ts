import type { Answer } from '../../kernel/call.ts'

/** One mail of the journal with what was recognised. */
export type Entry = Answer<'GET /api/mail/journal/:id'>
