import { IconArrowLeft, IconPencil, IconStarFilled } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Person } from '../../../contract/people.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { PersonAbsence } from '../absences/PersonAbsence.tsx'
import styles from './People.module.css'
import { PersonFacts } from './PersonFacts.tsx'
import { PersonMenu } from './PersonMenu.tsx'
import { PersonRoles } from './PersonRoles.tsx'
import { PersonSheet } from './PersonSheet.tsx'
import { PersonTickets } from './PersonTickets.tsx'
import { peopleTexts } from './texts.ts'

export function PersonPage() {
  const { personId } = useParams({ from: '/staff/people/$personId' })
  const person = useCall('GET /api/people/:id', { params: { id: personId } })
  return <Loaded from={person}>{(shown) => <PersonShown key={shown.id} person={shown} />}</Loaded>
}

function PersonShown({ person }: { person: Person }) {
  const t = useTexts(peopleTexts)
  const [editing, setEditing] = useState(false)
  const { data: organisation } = useCall(
    'GET /api/organisations/:id',
    { params: { id: person.organisation?.id ?? '' } },
    { enabled: person.organisation !== null },
  )
  useShortcut('e', t('editPerson', { name: person.name }), t('people'), () => setEditing(true), { on: person.can.edit })
  return (
    <Page
      title={person.name}
      lead={[person.email ?? t('noEmail'), person.department, person.organisation?.name].filter(Boolean).join(' · ')}
      back={
        <Link to="/people" className={styles.back}>
          <IconArrowLeft size={14} />
          {t('back')}
        </Link>
      }
      actions={
        <>
          {person.can.edit && (
            <Button icon={<IconPencil size={16} />} keys="e" onClick={() => setEditing(true)}>
              {t('edit')}
            </Button>
          )}
          <PersonMenu person={person} />
        </>
      }
    >
      {person.archived && <p className={styles.archived}>{t('isArchived')}</p>}
      {person.specialHandling && <Special title={t('specialHandling')} text={person.specialHandling} />}
      {organisation?.specialHandling && (
        <Special title={t('ofOrganisation', { name: organisation.name })} text={organisation.specialHandling} />
      )}
      <div className={styles.split}>
        <div>
          <PersonTickets person={person} />
          <PersonRoles person={person} />
          <PersonAbsence person={person} />
        </div>
        <PersonFacts person={person} organisation={organisation} />
      </div>
      {editing && <PersonSheet person={person} onClose={() => setEditing(false)} onSaved={() => setEditing(false)} />}
    </Page>
  )
}

export const Special = ({ title, text }: { title: string; text: string }) => (
  <section className={styles.special} aria-label={title}>
    <IconStarFilled size={16} />
    <div className="grow">
      <strong>{title}</strong>
      <p>{text}</p>
    </div>
  </section>
)
