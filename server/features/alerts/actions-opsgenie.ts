import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { type Teller, ticketNow } from './access-folding.ts'
import { foldSome } from './actions-fold.ts'
import { type Client, keep, tellerOf } from './actions-hear.ts'
import { actOn, noteIn, readOpsgenie, userIn } from './rules-opsgenie.ts'
import type { Told } from './rules-reading.ts'

/** Answers in Opsgenie's words. It works things off later, so what is about nothing is taken as well. */
export type OpsgenieAnswer = { code: number; body: { result?: string; message?: string; took: number; requestId: string } }
export type Named = { identifier: string; type: 'id' | 'alias' }

const taken = (): OpsgenieAnswer => ({ code: 202, body: { result: 'Request will be processed', took: 0.01, requestId: randomUUID() } })
const refused = (code: 401 | 422, message: string): OpsgenieAnswer => ({ code, body: { message, took: 0.01, requestId: randomUUID() } })

async function speaker(kernel: Kernel, client: Client): Promise<Teller | undefined> {
  const [scheme = '', key = ''] = (client.authorization ?? '').split(' ')
  const source = await tellerOf(kernel, scheme.toLowerCase() === 'geniekey' ? key : '', client)
  return source?.kind === 'opsgenie' ? source : undefined
}
const unknown = () => refused(401, 'Could not authenticate')

export async function hearOpsgenie(kernel: Kernel, body: unknown, client: Client): Promise<OpsgenieAnswer> {
  const source = await speaker(kernel, client)
  if (!source) return unknown()
  const read = readOpsgenie(body)
  if ('error' in read) return refused(422, read.error)
  await keep(kernel, source, [read.told])
  return taken()
}

export async function hearAct(
  kernel: Kernel,
  named: Named,
  action: 'resolve' | 'acknowledge',
  body: unknown,
  client: Client,
): Promise<OpsgenieAnswer> {
  const source = await speaker(kernel, client)
  if (!source) return unknown()
  const key = await kernel.asSystem((context) => keyOf(context, source, named))
  const told: Told[] = key === undefined ? [] : [actOn(key, action, noteIn(body).split('\n', 1)[0]?.slice(0, 1024) || action)]
  await keep(kernel, source, told)
  return taken()
}

/** A note stands in the ticket of its alert, inside, under the name of whoever wrote it there. */
export async function hearNote(kernel: Kernel, named: Named, body: unknown, client: Client): Promise<OpsgenieAnswer> {
  const source = await speaker(kernel, client)
  if (!source) return unknown()
  const note = noteIn(body)
  if (note === '') return refused(422, 'Note can not be empty.')
  await kernel.asSystem(async (context) => {
    // Its alert may have come a moment before.
    await foldSome(context, source.id)
    const ticketId = await ticketOf(context, source, named)
    const ticket = ticketId === undefined ? undefined : await ticketNow(context, ticketId)
    if (ticketId === undefined || !ticket || ticket.gone || ticket.meaning === 'closed') return
    const from = { name: userIn(body) || source.name, email: '' }
    await addMessage(context, await accessTicket(context, ticketId, 'ticket.note'), {
      kind: 'note',
      direction: 'inside',
      audience: 'staff',
      authorId: null,
      from,
      body: note,
    })
  })
  return taken()
}

const isId = ({ identifier, type }: Named) => type === 'id' && /^\d{1,18}$/.test(identifier)

async function keyOf({ db }: Context, source: Teller, named: Named): Promise<string | undefined> {
  if (named.type === 'alias') return named.identifier
  if (!isId(named)) return undefined
  const found = await sql<{ key: string }>`select key from alert where source_id = ${source.id} and id = ${named.identifier}`.execute(db)
  return found.rows[0]?.key
}

async function ticketOf(context: Context, source: Teller, named: Named): Promise<string | undefined> {
  const key = await keyOf(context, source, named)
  if (key === undefined) return undefined
  const found = await sql<{ id: string | null }>`select firstline.survivor(ticket_id) as id from alert
    where source_id = ${source.id} and key = ${key} order by id desc limit 1`.execute(context.db)
  return found.rows[0]?.id ?? undefined
}
