import type { Kernel } from '../../kernel/context.ts'
import { attachmentName } from '../../kernel/file-name.ts'
import { type Ask, askerOf, unreachable } from './ask.ts'
import type { Batch, FileRecord, Item } from './records.ts'
import {
  entityOf,
  type GlpiEntity,
  type GlpiGroup,
  type GlpiParts,
  type GlpiTicket,
  type GlpiUser,
  glpiPerson,
  glpiTicket,
  groupOf,
} from './rules-glpi.ts'
import type { Reading } from './rules-zammad.ts'

/**
 * A GLPI, read range by range through apirest.php: entities, groups, people, then tickets with their people, follow-ups,
 * tasks, solutions and documents. Tasks come as internal notes. `place` is the part and where its next range begins.
 */
const parts = ['Entity', 'Group', 'User', 'Ticket'] as const
type Part = (typeof parts)[number]
type Place = { part?: string; from?: number }
const step = { Entity: 100, Group: 100, User: 100, Ticket: 20 } as const
type Category = { id: number; name: string; completename?: string }

export async function glpiAsker(kernel: Kernel, address: string, token: string, appToken: string | null): Promise<Ask> {
  const base = `${address.replace(/\/+$/, '').replace(/\/apirest\.php$/, '')}/apirest.php`
  const app: Record<string, string> = appToken === null ? {} : { 'app-token': appToken }
  const begun = await askerOf(kernel, base, { ...app, authorization: `user_token ${token}` })('/initSession')
  const session = (begun.json as { session_token?: string } | null)?.session_token
  if (session === undefined) throw unreachable('It gives no session: is the REST API switched on there?')
  return askerOf(kernel, base, { ...app, 'session-token': session })
}

export async function lookAtGlpi(ask: Ask): Promise<{ status: string[]; priority: string[] }> {
  await ask('/Ticket?range=0-0')
  await ask('/User?range=0-0')
  return { status: ['1', '2', '3', '4', '5', '6'], priority: ['1', '2', '3', '4', '5', '6'] }
}

export async function* readGlpi(kernel: Kernel, ask: Ask, place: Place, reading: Reading, dry: boolean): AsyncGenerator<Batch> {
  const begin = Math.max(0, parts.indexOf(place.part as Part))
  const categories = new Map<number, string>()
  for await (const row of all<Category>(ask, '/ITILCategory', 200)) categories.set(row.id, row.completename || row.name)
  for (const [n, part] of parts.slice(begin).entries()) {
    for (let from = n === 0 ? (place.from ?? 0) : 0; ; from += step[part]) {
      const { rows, total } = await range<unknown>(ask, `/${part}`, from, step[part])
      const items: Item[] = []
      for (const row of rows) items.push(...(await itemsOf(kernel, ask, part, row, categories, reading, dry)))
      if (rows.length > 0) yield { items, place: { part, from: from + step[part] } }
      if (rows.length === 0 || from + rows.length >= total) break
    }
  }
}

/** `Content-Range: 0-99/1234`; a range beyond the end is answered 400, so it is never asked for. */
async function range<T>(ask: Ask, path: string, from: number, size: number): Promise<{ rows: T[]; total: number }> {
  const glue = path.includes('?') ? '&' : '?'
  const answer = await ask(`${path}${glue}range=${from}-${from + size - 1}&order=ASC`)
  // Beyond the end it answers 400 ["ERROR_RANGE_EXCEED_TOTAL", ...].
  const rows = answer.status < 300 && Array.isArray(answer.json) ? (answer.json as T[]) : []
  return { rows, total: Number(/\/(\d+)$/.exec(answer.range)?.[1] ?? from + rows.length) }
}

async function* all<T>(ask: Ask, path: string, size: number): AsyncGenerator<T> {
  for (let from = 0; ; from += size) {
    const { rows, total } = await range<T>(ask, path, from, size)
    yield* rows
    if (rows.length === 0 || from + rows.length >= total) return
  }
}
async function list<T>(ask: Ask, path: string): Promise<T[]> {
  const rows: T[] = []
  for await (const row of all<T>(ask, path, 200)) rows.push(row)
  return rows
}

async function itemsOf(
  kernel: Kernel,
  ask: Ask,
  part: Part,
  row: unknown,
  categories: Map<number, string>,
  reading: Reading,
  dry: boolean,
): Promise<Item[]> {
  if (part === 'Entity') {
    const entity = row as GlpiEntity
    return entity.id === 0 ? [] : [{ line: null, thing: 'organisations', record: entityOf(entity) }]
  }
  if (part === 'Group') return [{ line: null, thing: 'teams', record: groupOf(row as GlpiGroup) }]
  if (part === 'User') {
    const user = row as GlpiUser
    const addresses = await list<{ email: string; is_default: number }>(ask, `/User/${user.id}/UserEmail`)
    const email = addresses.find((one) => one.is_default)?.email ?? addresses[0]?.email ?? null
    return [{ line: null, thing: 'people', record: glpiPerson(user, email, reading) }]
  }
  const ticket = row as GlpiTicket
  if (ticket.is_deleted === 1) return []
  const sub = <T>(name: string): Promise<T[]> => list<T>(ask, `/Ticket/${ticket.id}/${name}`)
  const read: GlpiParts = {
    users: await sub('Ticket_User'),
    groups: await sub('Group_Ticket'),
    followups: dry ? [] : await sub('ITILFollowup'),
    solutions: dry ? [] : await sub('ITILSolution'),
    tasks: dry ? [] : await sub('TicketTask'),
    files: dry ? [] : await documentsOf(kernel, ask, ticket.id),
    category: categories.get(ticket.itilcategories_id) ?? null,
  }
  return [{ line: null, thing: 'tickets', record: glpiTicket(ticket, read, reading, kernel.clock.now()) }]
}

async function documentsOf(kernel: Kernel, ask: Ask, ticketId: number): Promise<FileRecord[]> {
  const kept: FileRecord[] = []
  for (const { documents_id: id } of await list<{ documents_id: number }>(ask, `/Ticket/${ticketId}/Document_Item`)) {
    const about = (await ask(`/Document/${id}`)).json as { filename?: string; name?: string; mime?: string } | null
    const answer = await ask(`/Document/${id}?alt=media`, { raw: true })
    if (answer.status !== 200) continue
    const mediaType = (about?.mime || 'application/octet-stream').slice(0, 200)
    const name = attachmentName(about?.filename || about?.name, mediaType)
    kept.push({ name, mediaType, contentId: null, inline: false, ...(await kernel.files.put(answer.bytes)) })
  }
  return kept
}
