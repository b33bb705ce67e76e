import { setTimeout as sleep } from 'node:timers/promises'
import type { Kernel } from '../../kernel/context.ts'
import { callOutside, isLocalDesk } from '../../kernel/outbound.ts'
import { Problem } from '../../kernel/problem.ts'

/** Calls to the other desk: too many requests and passing troubles are tried again, patiently; a refusal is said in words. */
export type Asked = { status: number; range: string; json: unknown; bytes: Buffer }
export type Ask = (path: string, choices?: { raw?: boolean }) => Promise<Asked>

const tries = 6

/** `pauses`: milliseconds of the first wait; it doubles each time (tests wait less). */
export function askerOf(kernel: Kernel, base: string, headers: Record<string, string>): Ask {
  const first = kernel.outside.importPause ?? 1000
  return async (path, { raw = false } = {}) => {
    for (let n = 1; ; n++) {
      const answer = await once(kernel, base + path, { ...headers, accept: raw ? 'application/octet-stream' : 'application/json' })
      if (answer !== undefined && (answer.status < 500 || answer.status === 501) && answer.status !== 429) return told(answer, path, raw)
      if (n >= tries) throw unreachable(answer === undefined ? 'It does not answer.' : `It answers ${answer.status}.`)
      const asked = Number(answer?.headers.get('retry-after') ?? '')
      await sleep(Math.min(asked > 0 ? asked * 1000 : first * 2 ** (n - 1), 60_000))
    }
  }
}

async function once(kernel: Kernel, address: string, headers: Record<string, string>): Promise<Response | undefined> {
  try {
    return await callOutside(address, { headers, loopback: isLocalDesk(kernel.settings), seconds: 60, most: 100 * 1024 * 1024 })
  } catch (cause) {
    const code = (cause as { code?: string }).code
    if (code === 'NOT_HTTPS') throw unreachable('Only https addresses are called.')
    if (code === 'ADDRESS_REFUSED') throw unreachable('This address is not called from here.')
    return undefined
  }
}

async function told(answer: Response, path: string, raw: boolean): Promise<Asked> {
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (answer.status === 401 || answer.status === 403)
    throw unreachable(`It refuses the token (${answer.status} for ${path.split('?')[0]}).`)
  const json = raw || answer.status === 404 ? null : parsed(bytes)
  if (answer.status === 400 && !/RANGE_EXCEED/.test(bytes.toString('utf8', 0, 1000)))
    throw unreachable(`It answers 400 for ${path.split('?')[0]}.`)
  if (answer.status >= 400 && answer.status !== 404 && answer.status !== 400)
    throw unreachable(`It answers ${answer.status} for ${path.split('?')[0]}.`)
  return { status: answer.status, range: answer.headers.get('content-range') ?? '', json, bytes }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw unreachable('Its answer is not JSON: is this the address of the API?')
  }
}

export const unreachable = (why: string): Problem =>
  new Problem('source_unreachable', `The other desk cannot be read. ${why}`, {
    issues: [{ path: 'address', code: 'source_unreachable', message: why }],
  })

declare module '../../kernel/context.ts' {
  interface Outside {
    /** Milliseconds before an import asks the other desk again; doubles each time. */
    importPause?: number
  }
}
