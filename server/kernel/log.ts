/**
 * One JSON object a line on standard error. Fields are named by the caller and nothing else is ever added,
 * so that no body, token or address slips in; JSON escaping keeps a field from forging a line.
 */
export type Log = {
  info(what: string, fields?: Fields): void
  warn(what: string, fields?: Fields): void
  error(what: string, cause: unknown, fields?: Fields): void
}
export type Fields = Record<string, string | number | boolean | null | undefined>

export function jsonLog(write: (line: string) => void, now: () => string): Log {
  const put = (level: string, what: string, fields: Fields) => write(`${JSON.stringify({ at: now(), level, what, ...fields })}\n`)
  return {
    info: (what, fields = {}) => put('info', what, fields),
    warn: (what, fields = {}) => put('warn', what, fields),
    error: (what, cause, fields = {}) =>
      put('error', what, { ...fields, cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }),
  }
}

export const quietLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
