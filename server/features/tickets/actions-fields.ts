import type { Kind, Meaning } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { judgedFields } from '../fields/actions-values.ts'
import { type Given, toldChange, type Values } from '../fields/rules.ts'
import type { TicketFacts } from './access.ts'

/** What an edit makes of a ticket's own fields: the whole as it will be, and what the history says of it. */
export type OwnFields = { values: Values; told: Record<string, [unknown, unknown]> }

type Edit = { given: Given | undefined; kind?: Kind | undefined; categoryId?: string | null | undefined; entering: Meaning | null }
export async function ownFieldsAfter(context: Context, ticket: TicketFacts, edit: Edit): Promise<OwnFields | null> {
  if (edit.given === undefined && edit.entering === null) return null
  const { values, changes } = await judgedFields(context, {
    ticket: {
      kind: edit.kind ?? (ticket.kind as Kind),
      categoryId: edit.categoryId === undefined ? ticket.category_id : edit.categoryId,
    },
    before: ticket.fields,
    given: edit.given ?? {},
    by: 'staff',
    entering: edit.entering,
    present: context.actor.kind === 'person' ? ticket.meaning : null,
  })
  return changes.length === 0 ? null : { values, told: Object.fromEntries(changes.map(toldChange)) }
}
