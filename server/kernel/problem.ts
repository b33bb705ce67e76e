import { type ProblemCode, problems } from '../../contract/problems.ts'

/** One thing wrong with one field; `path` as in the body: 'to.0', 'subject'. `code` is translated in the browser. */
export type Issue = { path: string; code: string; message: string }

/** The only error that a caller is shown (RFC 9457). Anything else thrown is a bug: logged and shown as 500. */
export class Problem extends Error {
  readonly status: number
  readonly code: ProblemCode
  readonly issues: Issue[]
  readonly details: Record<string, unknown>
  constructor(code: ProblemCode, message: string, more: { issues?: Issue[]; details?: Record<string, unknown> } = {}) {
    super(message)
    this.name = 'Problem'
    this.code = code
    this.status = problems[code]
    this.issues = more.issues ?? []
    this.details = more.details ?? {}
  }
}

export const notFound = (): Problem => new Problem('not_found', 'There is nothing here, or you may not see it.')
export const notAllowed = (message = 'You may see this but not change it.'): Problem => new Problem('not_allowed', message)
export const invalid = (path: string, code: string, message: string): Problem =>
  new Problem('validation_failed', message, { issues: [{ path, code, message }] })

/** application/problem+json. */
export function problemBody(problem: Problem, requestId: string) {
  return {
    type: `https://firstline.example/problems/${problem.code}`,
    title: problem.message,
    status: problem.status,
    code: problem.code,
    requestId,
    ...(problem.issues.length > 0 ? { issues: problem.issues } : {}),
    ...problem.details,
  }
}
