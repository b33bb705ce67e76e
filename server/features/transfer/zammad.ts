import type { Kernel } from '../../kernel/context.ts'
import { attachmentName } from '../../kernel/file-name.ts'
import { type Ask, askerOf } from './ask.ts'
import type { Batch, FileRecord, Item } from './records.ts'
import {
  organisationOf,
  personOf,
  type Reading,
  teamOf,
  ticketOf,
  type ZammadArticle,
  type ZammadGroup,
  type ZammadOrganisation,
  type ZammadTicket,
  type ZammadUser,
} from './rules-zammad.ts'

/**
 * A Zammad, read page by page through its REST API: organisations, groups, people, then tickets with their articles, tags
 * and files. `place` is the part and the page, so that a run goes on where it stopped.
 */
const parts = ['organizations', 'groups', 'users', 'tickets'] as const
type Place = { part?: string; page?: number }
const perPage = { organizations: 100, groups: 100, users: 100, tickets: 25 } as const

export const zammadAsker = (kernel: Kernel, address: string, token: string): Ask =>
  askerOf(kernel, `${address.replace(/\/+$/, '')}/api/v1`, { authorization: `Token token=${token}` })

/** Proves address and token, and names the values that the mapping is about. */
export async function lookAtZammad(ask: Ask): Promise<{ status: string[]; priority: string[] }> {
  await ask('/users/me')
  const names = async (path: string) => ((await ask(path)).json as { name?: string }[]).map((one) => String(one.name ?? '').slice(0, 200))
  return { status: await names('/ticket_states'), priority: await names('/ticket_priorities') }
}

export async function* readZammad(kernel: Kernel, ask: Ask, place: Place, reading: Reading, dry: boolean): AsyncGenerator<Batch> {
  const from = Math.max(0, parts.indexOf(place.part as (typeof parts)[number]))
  for (const [n, part] of parts.slice(from).entries()) {
    for (let page = n === 0 ? (place.page ?? 1) : 1; ; page++) {
      const expand = part === 'tickets' ? '&expand=true' : ''
      const rows = (await ask(`/${part}?page=${page}&per_page=${perPage[part]}${expand}`)).json as unknown[]
      if (!Array.isArray(rows) || rows.length === 0) break
      const items: Item[] = []
      for (const row of rows) items.push(...(await itemsOf(kernel, ask, part, row, reading, dry)))
      yield { items, place: { part, page: page + 1 } }
      // A short page may only be one whose rows may not all be seen: the next, empty one is the end.
    }
  }
}

async function itemsOf(
  kernel: Kernel,
  ask: Ask,
  part: (typeof parts)[number],
  row: unknown,
  reading: Reading,
  dry: boolean,
): Promise<Item[]> {
  if (part === 'organizations') return [{ line: null, thing: 'organisations', record: organisationOf(row as ZammadOrganisation) }]
  if (part === 'groups') return [{ line: null, thing: 'teams', record: teamOf(row as ZammadGroup) }]
  if (part === 'users') {
    const user = row as ZammadUser
    // User 1 is Zammad itself.
    return user.id === 1 ? [] : [{ line: null, thing: 'people', record: personOf(user, reading) }]
  }
  const ticket = row as ZammadTicket
  const articles = dry ? [] : (((await ask(`/ticket_articles/by_ticket/${ticket.id}`)).json as ZammadArticle[] | null) ?? [])
  const tags = dry ? [] : (((await ask(`/tags?object=Ticket&o_id=${ticket.id}`)).json as { tags?: string[] } | null)?.tags ?? [])
  const files = new Map<number, FileRecord[]>()
  for (const article of articles) if (article.attachments?.length) files.set(article.id, await filesOf(kernel, ask, ticket.id, article))
  const read = ticketOf(ticket, { articles, tags, files }, reading)
  return [{ line: null, thing: 'tickets', ...read }]
}

async function filesOf(kernel: Kernel, ask: Ask, ticketId: number, article: ZammadArticle): Promise<FileRecord[]> {
  const kept: FileRecord[] = []
  for (const { id, filename, preferences = {} } of article.attachments ?? []) {
    const answer = await ask(`/ticket_attachment/${ticketId}/${article.id}/${id}`, { raw: true })
    if (answer.status !== 200) continue
    const mediaType = (preferences['Mime-Type'] ?? preferences['Content-Type'] ?? 'application/octet-stream')
      .split(';')[0]!
      .trim()
      .slice(0, 200)
    const contentId = (preferences['Content-ID'] ?? '').replace(/[<>\s]/g, '').slice(0, 300) || null
    const inline = contentId !== null && article.body.includes(`cid:${contentId}`)
    kept.push({ name: attachmentName(filename, mediaType), mediaType, contentId, inline, ...(await kernel.files.put(answer.bytes)) })
  }
  return kept
}
