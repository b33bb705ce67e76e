import type { Hit } from '../../../contract/desk.ts'
import type { Context } from '../../kernel/context.ts'
import { weighTerms } from './access-frequency.ts'
import { jumpFor, type NameHit, namesWithAll, nearlyNamed } from './access-names.ts'
import { type TextHit, textsWithAll, textsWithAny } from './access-texts.ts'
import { type Asked, askedFor, mayBeMisspelt } from './rules.ts'
import { lexemesOf, snippetOf } from './rules-snippet.ts'

/**
 * What somebody may see of what they asked for. Names stand before texts. When all words together find little, any of
 * them counts; when nothing is found, titles and names that are spelt nearly so.
 */
type Query = { q: string; kind?: Hit['kind'] | undefined; limit: number }
type Found = { items: Hit[]; jump: { kind: string; id: string } | null; partial: boolean }

/** With fewer than these, all words together found little. */
const little = 10
const namesAmongTexts = 5

export async function search(context: Context, { q, kind, limit }: Query): Promise<Found> {
  const asked = askedFor(q)
  if (asked.words.length + asked.phrases.length === 0) return { items: [], jump: null, partial: false }
  const jump = asked.ticketId !== null || asked.address !== null ? await jumpFor(context, asked) : null
  const [texts, names] = await Promise.all([
    wantsTexts(kind) ? textsOf(context, asked, kind, limit) : [],
    wantsNames(kind) ? namesOf(context, asked, kind, limit) : [],
  ])
  const items = [...names.map(fromName), ...texts.map((hit) => fromText(hit, kind === 'message'))]
  if (items.length === 0 && jump === null && kind !== 'message' && mayBeMisspelt(asked))
    items.push(...(await nearlyNamed(context, q.trim(), kind, limit)).map(fromName))
  return {
    items: jumpFirst(items, jump, kind).slice(0, limit),
    jump: jump && { kind: jump.kind, id: jump.id },
    partial: texts.some((hit) => hit.partial),
  }
}

const wantsTexts = (kind: Query['kind']) => kind === undefined || kind === 'ticket' || kind === 'message'
const wantsNames = (kind: Query['kind']): kind is 'person' | 'organisation' | undefined =>
  kind === undefined || kind === 'person' || kind === 'organisation'

async function textsOf(context: Context, asked: Asked, kind: Query['kind'], limit: number): Promise<TextHit[]> {
  const per = kind === 'message' ? 'message' : 'ticket'
  const plain = asked.words.length > 1 && asked.phrases.length + asked.without.length === 0
  const weighed = plain ? await weighTerms(context, asked.words) : undefined
  const all = await textsWithAll(context, asked, weighed, per, limit)
  if (weighed === undefined || all.length >= Math.min(little, limit)) return all
  const any = await textsWithAny(context, weighed, per, limit)
  // The last word may be a half one, which only the first way finds.
  return any.length === 0
    ? all
    : [...any, ...all.filter((hit) => !any.some((other) => other.ticketId === hit.ticketId && other.messageId === hit.messageId))]
}

const namesOf = (context: Context, asked: Asked, kind: 'person' | 'organisation' | undefined, limit: number) =>
  namesWithAll(context, asked, kind, kind === undefined ? Math.min(namesAmongTexts, limit) : limit)

const fromText = (hit: TextHit, asMessage: boolean): Hit => ({
  kind: asMessage ? 'message' : 'ticket',
  id: asMessage ? (hit.messageId ?? hit.ticketId) : hit.ticketId,
  title: hit.title,
  snippet: snippetOf(hit.text, lexemesOf(hit.query)),
  ticketId: hit.ticketId,
})

const fromName = (hit: NameHit): Hit => ({
  kind: hit.kind,
  id: hit.id,
  title: hit.title,
  snippet: snippetOf(hit.text, lexemesOf(hit.query)),
  ticketId: hit.kind === 'ticket' ? hit.id : null,
})

function jumpFirst(items: Hit[], jump: { kind: 'ticket' | 'person'; id: string; title: string } | null, kind: Query['kind']): Hit[] {
  if (jump === null || (kind !== undefined && kind !== jump.kind)) return items
  const known = items.find((item) => item.kind === jump.kind && item.id === jump.id)
  const first: Hit = known ?? {
    kind: jump.kind,
    id: jump.id,
    title: jump.title,
    snippet: '',
    ticketId: jump.kind === 'ticket' ? jump.id : null,
  }
  return [first, ...items.filter((item) => item !== known)]
}
