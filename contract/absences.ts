import { z } from 'zod'
import { contract, id, idInput, personRef } from './endpoint.ts'

/** Who of the staff is away, from the first day to the last, and who looks after what they have. */
export const absence = z.object({
  id,
  version: z.number(),
  person: personRef,
  fromOn: z.string(),
  toOn: z.string(),
  now: z.boolean().meta({ description: 'Away today, by the calendar of where the person is.' }),
  substitute: personRef.nullable(),
  openTickets: z.number().meta({ description: 'Open tickets of this person that I may see; at most 1,000 are counted.' }),
  can: z.object({ edit: z.boolean() }),
})
const fields = z.strictObject({ fromOn: z.iso.date(), toOn: z.iso.date(), substituteId: idInput.nullable() })

export const absences = contract({
  'GET /api/absences': {
    summary: 'Absences of the staff that are not over, by their first day.',
    who: 'ticket.work',
    query: z.object({ personId: id.optional() }),
    returns: z.object({ items: z.array(absence) }),
  },
  'POST /api/absences': {
    summary: 'Says that I am away, or for somebody else who is (team.edit).',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: absence,
    body: fields.extend({ personId: idInput.optional(), substituteId: idInput.nullable().default(null) }),
  },
  'PATCH /api/absences/:id': {
    summary: 'Changes the days or the substitute.',
    who: 'ticket.work',
    ifMatch: true,
    returns: absence,
    body: fields.partial(),
  },
  'DELETE /api/absences/:id': { summary: 'Takes it back.', who: 'ticket.work' },
})
export type Absence = z.infer<typeof absence>
