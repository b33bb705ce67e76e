import type { Kind, Meaning } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { type Issue, Problem } from '../../kernel/problem.ts'
import { fieldFacts, unknownReferences } from './access.ts'
import { type Given, type Judged, judgeFields, type Values } from './rules.ts'

/** Judges what is said of a ticket's fields, with whom they name; all that is wrong is refused at once. */
type Asked = {
  ticket: { kind: Kind; categoryId: string | null }
  before: Values
  given: Given
  by: 'staff' | 'requester'
  entering: Meaning | null
  present?: Meaning | null
}

export async function judgedFields(context: Context, asked: Asked): Promise<Judged> {
  const judged = judgeFields(await fieldFacts(context), asked)
  const unknown = await unknownReferences(context, judged.references)
  const issues: Issue[] = [
    ...judged.issues,
    ...unknown.map(({ type, path }) => ({ path, code: 'unknown', message: `This ${type} does not exist. Choose another.` })),
  ]
  if (issues.length > 0)
    throw new Problem('validation_failed', `Please correct: ${issues.map((issue) => issue.path).join(', ')}.`, { issues })
  return judged
}
