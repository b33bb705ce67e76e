import type { Context } from '../../kernel/context.ts'
import type { EventType, NewEvent, QueuedJob } from '../../kernel/events.ts'
import { type JobTypes, job } from '../../kernel/jobs.ts'
import { type Reactions, type ReactionTo, reactions } from '../../kernel/reactions.ts'
import { newToken } from '../../kernel/secrets.ts'
import '../fields/events.ts'
import '../people/events.ts'
import '../readymade/events.ts'
import '../routing/events.ts'
import '../tasks/events.ts'
import '../tickets/events.ts'
import '../webhooks/events.ts'
import { isAwaited, learnAwaited } from './access-awaited.ts'
import { chainOf } from './actions-chain.ts'
import { switchOffBroken, switchOffRewritten } from './actions-switch-off.ts'
import './events.ts'
import { asOutside, awaitedTypes, type Happened, happenedIn } from './rules.ts'

/**
 * One job for all that a transaction did to a ticket, and none while no rule waits for it: the later ones of its events
 * join the first one's job. The jobs of one ticket run one after another, in the order of their causes.
 */
const noted = new WeakMap<Context, Map<string, JobTypes['automation.run']>>()
const lanes = 16n

function note(context: Context, { type, ticketId, data }: NewEvent): QueuedJob | undefined {
  if (!ticketId || !isAwaited(context.kernel, type)) return undefined
  const happened = happenedIn(type, data as Record<string, unknown>)
  if (happened === null) return undefined
  const own = noted.get(context) ?? new Map<string, JobTypes['automation.run']>()
  noted.set(context, own)
  const known = own.get(ticketId)
  const cause = chainOf(context)
  const chain = cause?.id ?? known?.chain ?? newToken()
  const ofChain = !cause && isFromOutside(context, happened) ? asOutside(chain) : chain
  if (known) {
    known.events.push(happened)
    known.chain = ofChain
    return undefined
  }
  const payload = { ticketId, events: [happened], chain: ofChain, depth: cause ? cause.depth + 1 : 0 }
  own.set(ticketId, payload)
  return job('automation.run', payload, { queue: `automation-${BigInt(ticketId) % lanes}` })
}

/** A requester at the portal, or whoever a mail came from: that is judged by the program, and tells itself by its message. */
const isFromOutside = ({ actor }: Context, { is }: Happened): boolean =>
  is === 'requester-replied' || (actor.kind === 'person' && !actor.staff)

const noting: ReactionTo<EventType> = {
  now: async (context) => {
    if (!context.past) await learnAwaited(context)
  },
  later: note,
}
const allNoted = Object.fromEntries(awaitedTypes.map((type) => [type, noting])) as Reactions

export const automationReactions = reactions({
  ...allNoted,
  'team.archived': { now: (context, { subject }) => switchOffBroken(context, 'team', subject.id) },
  'person.archived': { now: (context, { subject }) => switchOffBroken(context, 'person', subject.id) },
  'organisation.archived': { now: (context, { subject }) => switchOffBroken(context, 'organisation', subject.id) },
  'category.changed': {
    now: async (context, { subject, data }) => {
      if (data.fields.includes('archived')) await switchOffBroken(context, 'category', subject.id)
    },
  },
  // All that is broken, because a condition refers to a field by its type, too.
  'field.changed': {
    now: async (context, { data }) => {
      if (data.fields.includes('archived') || data.fields.includes('type')) await switchOffBroken(context)
    },
  },
  'task-template.removed': { now: (context, { subject }) => switchOffBroken(context, 'task-template', subject.id) },
  'readymade.changed': {
    now: async (context, { subject, data }) => {
      if (data.fields.includes('content')) await switchOffRewritten(context, subject.id)
    },
  },
  'readymade.archived': { now: (context, { subject }) => switchOffBroken(context, 'readymade', subject.id) },
  'readymade.removed': { now: (context, { subject }) => switchOffBroken(context, 'readymade', subject.id) },
  'readymade.switched-off': { now: (context, { subject }) => switchOffBroken(context, 'readymade', subject.id) },
  'webhook.removed': { now: (context, { subject }) => switchOffBroken(context, 'webhook', subject.id) },
})
