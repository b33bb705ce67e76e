import { sql } from 'kysely'
import type { ReportRow } from '../../../contract/relations.ts'
import { type Context, openContext } from '../../kernel/context.ts'
import { besideDone } from '../../kernel/db.ts'
import type { Granted } from '../../kernel/granted.ts'
import { Problem } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from './access.ts'
import { accessToLink, openChildren } from './access-relations.ts'
import { replyToTicket } from './actions-converse.ts'
import { editTicket } from './actions-edit.ts'
import { resolveTicket } from './actions-life.ts'
import { link } from './actions-relations.ts'
import { fillFor, handsDown } from './rules-relations.ts'
import './events.ts'

/**
 * What is done to the children of a ticket (INC-19). Nothing is handed down by itself: each act here is somebody's choice,
 * with a report of every child. One that refuses leaves the others as they are. Closed and cancelled are never handed down.
 */
type Editable = Granted<TicketFacts, 'ticket.edit'>
export type Report = { items: ReportRow[]; done: number; left: number }
type Skip = { code: string; message: string }

/** Each behind a savepoint and with events of its own, so that what one refuses takes only itself back. */
async function forEach(
  context: Context,
  ids: readonly string[],
  act: (own: Context, id: string) => Promise<Skip | undefined>,
): Promise<Report> {
  const items: ReportRow[] = []
  for (const id of ids) {
    await sql`savepoint one_of_many`.execute(context.db)
    const own = openContext(context.kernel, context.db, context.actor, context.requestId)
    let skip: Skip | undefined
    try {
      skip = await act(own, id)
      await besideDone(context.db)
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      await besideDone(context.db)
      skip = { code: cause.code, message: cause.issues[0]?.message ?? cause.message }
    }
    if (skip) await sql`rollback to savepoint one_of_many`.execute(context.db)
    else {
      await own.flush()
      context.afterCommit(() => own.committed())
    }
    items.push({ ticket: await named(context, id), done: skip === undefined, code: skip?.code ?? null, message: skip?.message ?? null })
  }
  const done = items.filter((row) => row.done).length
  return { items, done, left: items.length - done }
}

async function named(context: Context, id: string): Promise<ReportRow['ticket']> {
  try {
    const { subject } = await accessTicket(context, id, 'ticket.see')
    return { id, number: Number(id), subject }
  } catch {
    return { id, number: Number(id), subject: '' }
  }
}

export const makeChildren = (context: Context, parent: Editable, ticketIds: readonly string[]): Promise<Report> =>
  forEach(context, [...new Set(ticketIds)], async (own, id) => {
    if (id === parent.id) return { code: 'same-already', message: 'This is the ticket itself.' }
    await link(own, await accessToLink(own, id, 'ticketIds'), parent, 'child')
    return undefined
  })

/** Each gets a mail of its own, in its own thread, with its own name and number. */
export const answerChildren = async (context: Context, parent: Editable, text: string): Promise<Report> =>
  forEach(context, await openChildren(context, parent.id), async (own, id) => {
    const child = await accessTicket(own, id, 'ticket.reply')
    const asker = await sql<{ name: string }>`select firstline.name_of(${child.requester_id}) as name`.execute(own.db)
    const body = fillFor(text, { name: asker.rows[0]?.name ?? '', number: id, subject: child.subject })
    await replyToTicket(own, id, { body, internal: false })
    return undefined
  })

export const resolveChildren = async (
  context: Context,
  parent: Editable,
  input: { code: string; text: string; tell: boolean },
): Promise<Report> =>
  forEach(context, await openChildren(context, parent.id), async (own, id) => {
    await resolveTicket(own, await accessTicket(own, id, 'ticket.edit'), input)
    return undefined
  })

/** In work, or waiting for somebody else than the requester: what the parent is, if somebody wants the children to be it too. */
export async function handStatusDown(context: Context, parent: Editable): Promise<Report> {
  if (!handsDown(parent.meaning))
    throw new Problem('status_move_refused', 'Only being in work or waiting is handed down, and not waiting for the requester.')
  return forEach(context, await openChildren(context, parent.id), async (own, id) => {
    const child = await accessTicket(own, id, 'ticket.edit')
    if (child.status_id === parent.status_id) return { code: 'same-already', message: 'It has this status already.' }
    await editTicket(own, child, { statusId: parent.status_id, ...(parent.revisit_at ? { revisitAt: parent.revisit_at.toString() } : {}) })
    return undefined
  })
}
