import type { HandoffPart } from '../../../contract/handoff.ts'
import type { Context } from '../../kernel/context.ts'
import type { NewEvent } from '../../kernel/events.ts'
import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import { noteMove } from './actions.ts'
import { judgeResolved, refuseWithoutNote } from './actions-limits.ts'

/**
 * What a team may not settle is not resolved, and what it asks for is handed over: a refusal takes the whole request back.
 * Only people are refused; a rule, a merge and what is put back move tickets as they did. No statement where no team changed.
 */
export const tierReactions = reactions({
  'ticket.resolved': { now: (context, { subject }) => judgeResolved(context, subject.id) },
  'ticket.passed': {
    now: (context, { ticketId, organisationId, data, rule, carry }) =>
      onMoved(context, { ticketId, organisationId, rule }, data, carry?.parts ?? [], data.messageId),
  },
  'ticket.assigned': {
    now: async (context, { ticketId, organisationId, data, rule, carry }) => {
      if (!carry?.back) await onMoved(context, { ticketId, organisationId, rule }, data, [], carry?.messageId ?? null)
    },
  },
})

type About = { [K in 'ticketId' | 'organisationId' | 'rule']: NewEvent[K] | undefined }
async function onMoved(
  context: Context,
  { ticketId, organisationId = null, rule }: About,
  { teamId, fromTeamId }: { teamId: string | null; fromTeamId: string | null },
  parts: readonly HandoffPart[],
  messageId: string | null,
): Promise<void> {
  if (!ticketId || teamId === null || teamId === fromTeamId) return
  if (!rule) await refuseWithoutNote(context, teamId, parts)
  if (fromTeamId !== null) await noteMove(context, { ticketId, organisationId, fromTeamId, teamId, messageId })
}
