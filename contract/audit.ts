import { z } from 'zod'
import { contract, id, idInput, instant, instantInput, named, paging } from './endpoint.ts'

/** What was done at this desk, by whom and when. Ids, codes and numbers only: texts are nowhere in it. */
export const auditAreas = ['tickets', 'people', 'access', 'mail', 'rules', 'system'] as const
export const auditEntry = z.object({
  id,
  at: instant,
  type: z.string(),
  actor: named.nullable().meta({ description: 'null: the program itself.' }),
  onBehalfOf: named.nullable(),
  rule: z.string().nullable(),
  subject: z.object({ kind: z.string(), id, name: z.string().nullable() }),
  ticketId: id.nullable(),
  requestId: z.string(),
  data: z.record(z.string(), z.unknown()),
})
export const audit = contract({
  'GET /api/audit': {
    summary: 'What was done, newest first. A page looks at so many entries at most: it may be short, or empty, and still have a next one.',
    who: 'audit.see',
    returns: z.object({
      items: z.array(auditEntry),
      next: z.string().nullable(),
      lookedBackTo: instant.nullable().meta({ description: 'How far back this page looked; null: to the end.' }),
    }),
    query: z.object({
      ...paging,
      area: z.enum(auditAreas).optional(),
      type: z
        .string()
        .regex(/^[a-z-]+\.[a-z-]+$/, 'an event type like ticket.created')
        .optional(),
      actorId: idInput.optional(),
      from: instantInput.optional(),
      until: instantInput.optional(),
    }),
  },
})
export type AuditArea = (typeof auditAreas)[number]
export type AuditEntry = z.infer<typeof auditEntry>
