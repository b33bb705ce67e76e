import { type Right, type Role, rights, staffRoles } from '../../../contract/rights.ts'
import type { Actor, Grant, Standing } from '../../kernel/actor.ts'

/**
 * Roles, rights and scope. A role is a closed set of rights; each role includes the one before it. A grant without
 * organisation and team holds everywhere; one with either holds only there. Where somebody holds several limited
 * grants, the narrowest reading counts: what a person may do is never more than what every one of them allows.
 */
const requester: Right[] = ['ticket.create']
const agent: Right[] = [
  ...requester,
  'ticket.work',
  'ticket.spam',
  'person.see',
  'person.edit',
  'search.use',
  'journal.see',
  'sender.block',
]
const lead: Right[] = [
  ...agent,
  'ticket.restrict',
  'ticket.delete',
  'ticket.merge-across',
  'organisation.edit',
  'team.edit',
  'routing.edit',
  'quarantine.open',
  'time.see',
  'template.edit',
  'verification.waive',
  'survey.see',
  'figure.see',
]
const manager: Right[] = [...lead, 'category.edit', 'audit.see', 'health.see']

export const rightsOfRole: Readonly<Record<Role, readonly Right[]>> = {
  requester,
  'organisation-viewer': requester,
  agent,
  lead,
  manager,
  administrator: rights,
}

/** The only rights that mean something for one customer or one team; all others concern the whole desk. */
const limitable: readonly Right[] = [
  'ticket.create',
  'ticket.work',
  'ticket.restrict',
  'ticket.spam',
  'ticket.delete',
  'ticket.merge-across',
  'person.see',
  'person.edit',
  'organisation.edit',
  'search.use',
  'time.see',
  'verification.waive',
  'survey.see',
  'figure.see',
]

/** What an API token needs the scope `admin` for, whatever its owner may. */
const adminOnly: readonly Right[] = [
  'template.edit',
  'grant.give',
  'team.edit',
  'routing.edit',
  'category.edit',
  'mailbox.edit',
  'setting.edit',
  'health.see',
  'audit.see',
  'automation.edit',
]

export const isStaffRole = (role: Role): boolean => staffRoles.includes(role)
const isLimited = (grant: Grant): boolean => grant.organisationId !== null || grant.teamId !== null

export function rightsOf(grants: readonly Grant[]): Set<Right> {
  const staff = grants.filter((grant) => isStaffRole(grant.role))
  const everywhere = staff.filter((grant) => !isLimited(grant))
  if (everywhere.length > 0) return new Set([...requester, ...everywhere.flatMap((grant) => rightsOfRole[grant.role])])
  const places = new Map<string, Set<Right>>()
  for (const grant of staff) {
    const place = `${grant.organisationId}/${grant.teamId}`
    places.set(place, new Set([...(places.get(place) ?? []), ...rightsOfRole[grant.role].filter((right) => limitable.includes(right))]))
  }
  const [first, ...others] = places.values()
  const inAll = [...(first ?? [])].filter((right) => others.every((set) => set.has(right)))
  return new Set([...requester, ...inAll])
}

const distinct = (ids: (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))]

/** Which organisations' rows one sees: 'all' for staff who are not limited to customers; none for a plain requester. */
export function organisationsOf(grants: readonly Grant[], memberOf: readonly string[]): 'all' | string[] {
  const staff = grants.filter((grant) => isStaffRole(grant.role))
  if (staff.length > 0) {
    const limits = distinct(staff.map((grant) => grant.organisationId))
    return limits.length === 0 || staff.some((grant) => !isLimited(grant)) ? 'all' : limits
  }
  const viewer = grants.filter((grant) => grant.role === 'organisation-viewer')
  // Who left the organisation sees nothing of it any more, even where the grant was forgotten.
  return distinct(viewer.flatMap((grant) => (grant.organisationId === null ? [...memberOf] : [grant.organisationId]))).filter((id) =>
    memberOf.includes(id),
  )
}

export function teamsLimitOf(grants: readonly Grant[]): 'all' | string[] {
  const staff = grants.filter((grant) => isStaffRole(grant.role))
  const limits = distinct(staff.map((grant) => grant.teamId))
  return limits.length === 0 || staff.some((grant) => !isLimited(grant)) ? 'all' : limits
}

/** Only the first factor was given: which step is still missing. Tokens never are pending: they were made after it. */
export function pendingStep(standing: Standing, staff: boolean): Actor['pending'] {
  if (standing.session_id === null || standing.second_factor_at !== null) return null
  // A requester's passkey is a comfort, not a promise: only TOTP, which they set up to be asked for it, is asked for.
  if (standing.has_totp || (staff && standing.has_passkey)) return 'second-factor'
  return staff && standing.second_factor_policy !== 'nobody' ? 'second-factor-setup' : null
}

function withinScopes(all: Set<Right>, scopes: readonly string[] | null): Set<Right> {
  if (scopes === null || scopes.includes('admin')) return all
  return new Set([...all].filter((right) => !adminOnly.includes(right)))
}

/** Who stands behind a token, as the actor of this request. Rights are worked out anew each time, so a taken grant counts at once. */
export function actorOf(standing: Standing): Actor {
  const grants = standing.grants ?? []
  const memberOf = standing.organisation_ids ?? []
  const staff = grants.some((grant) => isStaffRole(grant.role))
  const pending = pendingStep(standing, staff)
  const scopes = standing.scopes
  return {
    kind: 'person',
    id: standing.person_id,
    name: standing.name,
    email: standing.email,
    language: standing.language === 'de' ? 'de' : 'en',
    timeZone: standing.time_zone,
    sessionId: standing.session_id,
    tokenId: standing.token_id,
    secondFactorAt: standing.second_factor_at,
    signedInAt: standing.created_at,
    seenAt: standing.seen_at,
    pending,
    // A half session is nobody yet, to row-level security too.
    staff: staff && pending === null,
    readOnly: scopes !== null && !scopes.includes('write') && !scopes.includes('admin'),
    rights: pending === null ? withinScopes(rightsOf(grants), scopes) : new Set(),
    grants,
    organisations: pending === null ? organisationsOf(grants, memberOf) : [],
    teamsLimit: teamsLimitOf(grants),
    memberOf,
    teams: standing.team_ids ?? [],
  }
}
