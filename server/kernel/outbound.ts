import { Problem } from './problem.ts'

/** The only door for HTTP calls to the outside. Each names where it goes; nothing is followed, and nothing waits for ever. */
const longest = 1_000_000

/** Posts a form (OAuth token endpoints) and gives the JSON that came back. */
export async function postForm(address: string, form: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }> {
  const url = new URL(address)
  if (url.protocol !== 'https:' && !['127.0.0.1', 'localhost'].includes(url.hostname))
    throw new Problem('mailbox_unreachable', 'Only https addresses are called.')
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
    headers: { accept: 'application/json' },
  })
  const text = (await response.text()).slice(0, longest)
  try {
    return { status: response.status, body: JSON.parse(text) as Record<string, unknown> }
  } catch {
    return { status: response.status, body: {} }
  }
}
