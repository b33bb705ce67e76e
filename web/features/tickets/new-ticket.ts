import type { Body } from '../../kernel/call.ts'
import type { useForm } from '../../kernel/forms.ts'
import type { Option } from '../../ui/Fields.tsx'
import type { Attached } from './uploads.ts'

/** What the new-ticket page asks; kept as a draft while it is filled in. */
export type NewTicket = {
  who: 'known' | 'new'
  requesterId: Option | null
  requesterName: string
  requesterEmail: string
  onBehalf: boolean
  onBehalfOfId: Option | null
  channel: 'phone' | 'counter' | 'mail' | 'portal' | 'api'
  subject: string
  body: string
  kind: 'incident' | 'request'
  categoryId: string | null
  teamId: string | null
  assigneeId: string | null
  impact: '1' | '2' | '3'
  urgency: '1' | '2' | '3'
  tags: string[]
  acknowledge: boolean
  solved: boolean
  code: NonNullable<Body<'POST /api/tickets'>['resolve']>['code']
  text: string
}
export type NewTicketForm = ReturnType<typeof useForm<NewTicket>>
export const emptyTicket: NewTicket = {
  who: 'known',
  requesterId: null,
  requesterName: '',
  requesterEmail: '',
  onBehalf: false,
  onBehalfOfId: null,
  channel: 'phone',
  subject: '',
  body: '',
  kind: 'incident',
  categoryId: null,
  teamId: null,
  assigneeId: null,
  impact: '1',
  urgency: '1',
  tags: [],
  acknowledge: true,
  solved: false,
  code: 'solved',
  text: '',
}

export function bodyFrom(v: NewTicket, files: readonly Attached[]): Body<'POST /api/tickets'> {
  return {
    subject: v.subject,
    body: v.body,
    ...(v.who === 'new'
      ? { requester: { email: v.requesterEmail, name: v.requesterName } }
      : v.requesterId
        ? { requesterId: v.requesterId.value }
        : {}),
    ...(v.onBehalf && v.onBehalfOfId ? { onBehalfOfId: v.onBehalfOfId.value } : {}),
    kind: v.kind,
    channel: v.channel,
    impact: Number(v.impact),
    urgency: Number(v.urgency),
    ...(v.categoryId ? { categoryId: v.categoryId } : {}),
    ...(v.teamId ? { teamId: v.teamId } : {}),
    ...(v.assigneeId ? { assigneeId: v.assigneeId } : {}),
    ...(v.tags.length > 0 ? { tags: v.tags } : {}),
    ...(files.length > 0 ? { uploadIds: files.map((f) => f.id) } : {}),
    acknowledge: v.acknowledge,
    ...(v.solved ? { resolve: { code: v.code, text: v.text } } : {}),
  }
}
