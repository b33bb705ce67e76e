import { SiteList } from '../people/SiteList.tsx'
import { ChargeBox } from './ChargeBox.tsx'
import { ContactList } from './ContactList.tsx'
import { useOverview } from './CustomerParts.tsx'
import { DocumentList } from './DocumentList.tsx'
import type { StepProps } from './step.ts'

/** Steps that are parts of the customer's page: the same there and here. */
export const SiteStep = ({ organisation }: StepProps) => <SiteList organisation={organisation} />

export function ContactStep({ organisation }: StepProps) {
  const { data } = useOverview(organisation.id)
  return data ? <ContactList organisationId={organisation.id} contacts={data.contacts} mayEdit={organisation.can.edit} /> : null
}
export function ChargeStep({ organisation }: StepProps) {
  const { data } = useOverview(organisation.id)
  return data ? <ChargeBox organisationId={organisation.id} charge={data.charge} mayEdit={organisation.can.edit} /> : null
}
export function DocumentStep({ organisation }: StepProps) {
  const { data } = useOverview(organisation.id)
  return data ? <DocumentList organisationId={organisation.id} documents={data.documents} mayEdit={organisation.can.edit} /> : null
}
