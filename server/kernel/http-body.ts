import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Endpoint } from '../../contract/endpoint.ts'
import { Problem } from './problem.ts'

/**
 * How a body becomes a value. JSON (RFC 8259): a name that stands twice in one object is refused, for whoever checks the
 * first and whoever acts on the last would read two different things (F-077). Forms only where the contract says so.
 */
export function takeBodies(app: FastifyInstance): void {
  const plain = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const twice = nameGivenTwice(String(body))
    if (twice !== undefined) return done(new Problem('body_unreadable', `The field ${JSON.stringify(twice)} is given twice.`))
    return plain(request, String(body), done)
  })
  app.addContentTypeParser(form, { parseAs: 'string', bodyLimit: 65_536 }, (_, body, done) => done(null, readForm(String(body))))
}

/** A part of the program in which every body is read as JSON, whatever it calls itself (curl's -d says it is a form). */
export const takingAnything =
  (app: FastifyInstance) =>
  (add: (to: FastifyInstance) => void): void =>
    void app.register(async (inner) => {
      inner.removeAllContentTypeParsers()
      const json = inner.getDefaultJsonParser('remove', 'remove')
      inner.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 512 * 1024 }, (request, body, done) => {
        asItCame.set(request, String(body))
        json(request, String(body), (cause, value) => done(null, cause ? String(body) : value))
      })
      add(inner as unknown as FastifyInstance)
    })

/** What a machine signed are the very letters that it sent, not what they mean. */
const asItCame = new WeakMap<FastifyRequest, string>()
export const bodyAsItCame = (request: FastifyRequest): string | undefined => asItCame.get(request)

const form = 'application/x-www-form-urlencoded'

/** Telephone systems and gateways send forms; to all other calls a form is what a foreign page can post without asking. */
export function refuseForm(endpoint: Endpoint, request: FastifyRequest): void {
  if (endpoint.form || endpoint.lenient || !request.headers['content-type']?.toLowerCase().startsWith(form)) return
  throw new Problem('media_type_refused', 'Send application/json.')
}

/** `user[]` repeats. */
function readForm(text: string): Record<string, string | string[]> {
  const read: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(text))
    if (name.endsWith('[]')) read[name.slice(0, -2)] = [...[read[name.slice(0, -2)] ?? []].flat(), value]
    else read[name] = value
  return read
}

/** The first name that stands twice in one object, at whatever depth. Of text that is no JSON it says nothing. */
export function nameGivenTwice(text: string): string | undefined {
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x7b) open.push(new Set())
    else if (character === 0x5b) open.push(null)
    else if (character === 0x7d || character === 0x5d) open.pop()
    else if (character === 0x22) {
      const end = endOfString(text, at)
      const names = open.at(-1)
      if (names && /^\s*:/.test(text.slice(end + 1, end + 40))) {
        const name = nameIn(text.slice(at, end + 1))
        if (names.has(name)) return name
        names.add(name)
      }
      at = end
    }
  }
  return undefined
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return end
  }
  return text.length
}

/** Two spellings of one name (an escape, a letter) are one name. */
function nameIn(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}
