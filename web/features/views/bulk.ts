import type { HandoffPart } from '../../../contract/handoff.ts'
import type { BulkAction } from '../../../contract/views.ts'
import type { Body } from '../../kernel/call.ts'
import type { Option } from '../../ui/Fields.tsx'
import { noParts, type PartValues, partsOf } from '../tiers/handoff.ts'

type Asked = Body<'POST /api/bulk'>
/** Which tickets are meant: named ones, or all of a view. */
export type Which = Pick<Asked, 'ticketIds'> | Pick<Asked, 'viewId'> | Pick<Asked, 'fixedView'>

export const doings = ['assign', 'set', 'pass', 'tags', 'resolve', 'close', 'follow', 'spam'] as const
export type Doing = (typeof doings)[number]
export type Values = PartValues & {
  doing: Doing
  assignee: Option | null
  team: Option | null
  statusId: string | null
  priority: string | null
  why: string
  note: string
  add: string[]
  remove: string[]
  code: Extract<BulkAction, { do: 'resolve' }>['code']
  text: string
  tell: boolean
}
export const nothing: Values = {
  doing: 'assign',
  assignee: null,
  team: null,
  statusId: null,
  priority: null,
  why: '',
  note: '',
  ...noParts,
  add: [],
  remove: [],
  code: 'solved',
  text: '',
  tell: false,
}

type Own = NonNullable<Extract<BulkAction, { do: 'set' }>['fields']['fields']>
export function actionOf(values: Values, own: Own, askedParts: readonly HandoffPart[]): Asked['action'] {
  const { doing, assignee, team, statusId, priority, why, note, add, remove, code, text, tell } = values
  switch (doing) {
    case 'assign':
      return { do: 'assign', ...(assignee ? { assigneeId: assignee.value } : {}), ...(team ? { teamId: team.value } : {}) }
    case 'set':
      return {
        do: 'set',
        fields: {
          ...(statusId ? { statusId } : {}),
          ...(priority ? { priority: Number(priority), priorityReason: why } : {}),
          ...(Object.keys(own).length > 0 ? { fields: own } : {}),
        },
      }
    case 'pass':
      return { do: 'pass', teamId: team?.value ?? '0', note, ...partsOf(values, askedParts) }
    case 'tags':
      return { do: 'tags', add, remove }
    case 'resolve':
      return { do: 'resolve', code, text, tell }
    case 'follow':
      return { do: 'follow', watching: true }
    default:
      return { do: doing }
  }
}
