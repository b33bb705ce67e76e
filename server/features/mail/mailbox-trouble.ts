import { Problem } from '../../kernel/problem.ts'

/** Why a mailbox cannot be reached, as a code that the browser has words for, and what the other side said. */
export type Trouble = { cause: TroubleCause; detail: string }
export type TroubleCause =
  | 'never-connected'
  | 'consent-lost'
  | 'secret-refused'
  | 'sign-in-refused'
  | 'unreachable'
  | 'timeout'
  | 'certificate'
  | 'folder-missing'
  | 'closed'
  | 'no-server'
  | 'other'

/** These stay until a person signs in again or enters another secret. */
export const needsPerson = (cause: TroubleCause): boolean => ['never-connected', 'consent-lost', 'secret-refused'].includes(cause)

export const sentences: Record<TroubleCause, string> = {
  'never-connected': 'Not connected yet: press "Connect".',
  'consent-lost': 'The consent is gone. Connect the mailbox again.',
  'secret-refused': 'The provider refuses the client secret. Enter a new one.',
  'sign-in-refused': 'The server refuses the sign-in.',
  unreachable: 'The server cannot be reached.',
  timeout: 'The server does not answer.',
  certificate: "The server's certificate cannot be trusted.",
  'folder-missing': 'There is no such folder.',
  closed: 'The server closed the connection.',
  'no-server': 'The mailbox has no server yet.',
  other: 'The mailbox cannot be read.',
}
export const sentenceOf = ({ cause, detail }: Trouble): string => (detail === '' ? sentences[cause] : `${sentences[cause]} ${detail}`)

export const mailboxProblem = (cause: TroubleCause, detail = ''): Problem =>
  new Problem('mailbox_unreachable', detail === '' ? sentences[cause] : detail, { details: { cause } })

type Thrown = {
  message?: string
  code?: string
  responseText?: string
  authenticationFailed?: boolean
  mailboxMissing?: boolean
  cause?: unknown
  details?: { cause?: TroubleCause }
}

export function troubleOf(thrown: unknown): Trouble {
  const { message = '', code = '', responseText, authenticationFailed, mailboxMissing, cause, details } = (thrown ?? {}) as Thrown
  const said = (responseText ?? message).slice(0, 300)
  if (details?.cause) return { cause: details.cause, detail: said === sentences[details.cause] ? '' : said }
  if (authenticationFailed) return { cause: 'sign-in-refused', detail: said }
  if (mailboxMissing || /NONEXISTENT|mailbox (?:does not|doesn't) exist|unknown mailbox/i.test(said))
    return { cause: 'folder-missing', detail: said }
  const known = byCode(code)
  if (known) return { cause: known, detail: said }
  if (/certificate/i.test(said)) return { cause: 'certificate', detail: said }
  if (/timed? ?out/i.test(said)) return { cause: 'timeout', detail: said }
  if (/closed the connection|connection (?:closed|not available)|unexpected close/i.test(said)) return { cause: 'closed', detail: '' }
  // `fetch failed` says nothing; its cause does.
  if (cause instanceof Error && cause !== thrown) return troubleOf(cause)
  return { cause: 'other', detail: said || String(thrown).slice(0, 300) }
}

function byCode(code: string): TroubleCause | undefined {
  if (code === 'EAUTH') return 'sign-in-refused'
  if (/^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/.test(code)) return 'unreachable'
  if (/TIMEOUT$|^ETIMEDOUT$|^UPGRADE_TIMEOUT$/.test(code)) return 'timeout'
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return 'certificate'
  if (/^(?:ECONNRESET|EPIPE|NoConnection|ClosedAfterConnectTLS|ClosedAfterConnectText)$/.test(code)) return 'closed'
  return undefined
}
