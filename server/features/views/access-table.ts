import type { TicketRow } from '../../../contract/tickets.ts'
import type { Sort } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import { heldInWords } from '../fields/access.ts'
import type { ViewFacts } from './access.ts'
import { columnsOf, headOf, ownFieldsOf } from './access-csv.ts'
import { ticketsOfView } from './access-list.ts'

/** A view in its own columns: titles in the reader's language, and of each ticket what its own fields hold, in words. */
type Table = {
  columns: { key: string; title: string; width: number | null }[]
  items: { ticket: TicketRow; own: Record<string, string> }[]
  next: string | null
}
type Asked = { limit: number; after?: string | undefined; sort?: Sort | undefined }

export async function tableOfView(context: Context, view: ViewFacts, asked: Asked): Promise<Table> {
  const columns = columnsOf(view)
  const own = await ownFieldsOf(context, columns)
  const { items, next } = await ticketsOfView(context, view, asked)
  const ids = items.map((row) => row.id)
  const held = own.length > 0 ? await heldInWords(context, own, ids) : undefined
  const width = (key: string) => view.columns.find((one) => one.key === key)?.width ?? null
  return {
    columns: columns.map((key) => ({ key, title: headOf(key, own, context.actor.language), width: width(key) })),
    items: items.map((ticket) => ({
      ticket,
      own: Object.fromEntries(own.map((field, n) => [`own:${field.id}`, held?.get(ticket.id)?.[n] ?? ''])),
    })),
    next,
  }
}
