import type { Person } from '../../../contract/people.ts'
import { useMay } from '../../kernel/session.ts'
import { AbsencePart } from './AbsencePart.tsx'

/** For members of the desk, seen by whoever forms teams. */
export function PersonAbsence({ person }: { person: Person }) {
  const lead = useMay('team.edit')
  const staff = person.grants.some((grant) => grant.role !== 'requester' && grant.role !== 'organisation-viewer')
  return lead && staff && !person.archived ? <AbsencePart person={person} /> : null
}
