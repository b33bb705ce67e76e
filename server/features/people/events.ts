import type { Role } from '../../../contract/rights.ts'

/** What happens to people, organisations and teams. Only the names of changed fields are kept, never their values. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'person.created': Record<string, never>
    'person.changed': { fields: string[] }
    'person.archived': Record<string, never>
    'person.restored': Record<string, never>
    'person.invited': Record<string, never>
    'grant.given': { personId: string; grantId: string; role: Role; organisationId: string | null; teamId: string | null }
    'grant.taken': { personId: string; grantId: string; role: Role; organisationId: string | null; teamId: string | null }
    'organisation.created': Record<string, never>
    'organisation.changed': { fields: string[] }
    'organisation.archived': Record<string, never>
    'organisation.restored': Record<string, never>
    'site.created': { organisationId: string }
    'site.changed': { organisationId: string; fields: string[] }
    'team.created': Record<string, never>
    'team.changed': { fields: string[] }
    'team.archived': Record<string, never>
    'team.restored': Record<string, never>
    'team.members-set': { members: number }
    'skill.created': Record<string, never>
    'skill.renamed': Record<string, never>
    'skill.removed': { people: number }
    'absence.added': { absenceId: string; substituteId: string | null }
    'absence.changed': { absenceId: string; substituteId: string | null }
    'absence.removed': { absenceId: string }
  }
}
