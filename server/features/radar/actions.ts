import { sql } from 'kysely'
import type { IssueState } from '../../../contract/radar.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { type IssueFacts, readIssue } from './access.ts'
import './events.ts'

type Said = { state: IssueState; why: string }

/** Who decided what about it, and why: explained and done want a reason, for whoever meets it next. */
export async function settleIssue(
  context: Context,
  issue: Granted<IssueFacts, 'radar.settle'>,
  version: number,
  said: Said,
): Promise<void> {
  if (issue.version !== version)
    throw new Problem('version_stale', 'Somebody changed this issue meanwhile.', {
      details: { current: await readIssue(context, issue.id) },
    })
  const { state, why } = said
  if ((state === 'explained' || state === 'done') && why === '')
    throw invalid('why', 'needed', state === 'done' ? 'Say what was done about it.' : 'Say what explains it.')
  await sql`update radar_issue set state = ${state}, why = ${why}, version = version + 1,
      set_at = ${state === 'new' ? null : context.now.toString()}::timestamptz, set_by_id = ${state === 'new' ? null : context.actor.id}::bigint
    where id = ${issue.id}`.execute(context.db)
  await context.record({
    type: 'radar.decided',
    subject: { kind: 'radar', id: issue.id },
    audience: 'staff',
    data: { state, from: issue.state },
  })
}
