import { Link } from '@tanstack/react-router'
import type { Organisation } from '../../../contract/people.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { ActivityBox } from './ActivityBox.tsx'
import { ChargeBox } from './ChargeBox.tsx'
import { ContactList } from './ContactList.tsx'
import { DocumentList } from './DocumentList.tsx'
import { NoteList } from './NoteList.tsx'
import { StandingBox } from './StandingBox.tsx'
import { customerTexts } from './texts.ts'

/** What the page of an organisation shows of the customer: on top, on the left, on the right. One answer feeds them all. */
type Props = { organisation: Organisation }
export const useOverview = (organisationId: string) => useCall('GET /api/organisations/:id/overview', { params: { id: organisationId } })

export function CustomerTop({ organisation }: Props) {
  const t = useTexts(customerTexts)
  const { data } = useOverview(organisation.id)
  if (!data) return null
  return (
    <>
      {data.path.open && data.can.edit && (
        <p className="small">
          {t('setUpOpen')}{' '}
          <Link to="/organisations/$organisationId/path" params={{ organisationId: organisation.id }}>
            {t('goOn')}
          </Link>
        </p>
      )}
      <StandingBox overview={data} />
    </>
  )
}

export function CustomerLeft({ organisation }: Props) {
  const { data } = useOverview(organisation.id)
  if (!data) return null
  return (
    <>
      <ActivityBox activity={data.activity} />
      <NoteList organisationId={organisation.id} overview={data} />
    </>
  )
}

export function CustomerRight({ organisation }: Props) {
  const { data } = useOverview(organisation.id)
  if (!data) return null
  const mayEdit = organisation.can.edit
  return (
    <>
      <ContactList organisationId={organisation.id} contacts={data.contacts} mayEdit={mayEdit} />
      <DocumentList organisationId={organisation.id} documents={data.documents} mayEdit={mayEdit} />
      <ChargeBox organisationId={organisation.id} charge={data.charge} mayEdit={mayEdit} />
    </>
  )
}
