import { Link } from '@tanstack/react-router'
import type { Organisation, Person } from '../../../contract/people.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { LocalTime } from '../../ui/LocalTime.tsx'
import { Badge, StateMark } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import styles from './People.module.css'
import { peopleTexts } from './texts.ts'
import { useOrganisationWords } from './words.ts'

type Named = { id: string; name: string }

/** Where and how to reach somebody, and who they are here. */
export function PersonFacts({ person, organisation }: { person: Person; organisation: Organisation | undefined }) {
  const t = useTexts(peopleTexts)
  const formats = useFormats()
  const site = organisation?.sites.find((s) => s.id === person.site?.id)
  const zone = person.timeZone ?? site?.timeZone ?? organisation?.timeZone ?? null
  return (
    <div>
      <Section title={t('contact')}>
        <Facts>
          <Fact name={t('email')}>
            {person.email && (
              <>
                <a href={`mailto:${person.email}`}>{person.email}</a>
                <br />
                <span className="dim small">{t(person.verified ? 'verified' : 'unverified')}</span>
              </>
            )}
          </Fact>
          {person.phones.map((phone) => (
            <Fact key={phone.kind + phone.number} name={t(phone.kind)}>
              <a href={`tel:${phone.number.replace(/[^\d+]/g, '')}`}>{phone.number}</a>
            </Fact>
          ))}
          <Fact name={t('localTime')}>{zone && <LocalTime timeZone={zone} />}</Fact>
          <Fact name={t('language')}>{t(person.language)}</Fact>
          <Fact name={t('since')}>{formats.date(person.createdAt)}</Fact>
        </Facts>
      </Section>
      <Place person={person} site={site} />
      {(person.staff || person.teams.length > 0 || person.skills.length > 0) && (
        <Section title={t('staff')}>
          <Facts>
            <Fact name={t('state')}>{person.staff && <StateMark state={person.state} />}</Fact>
            <Fact name={t('teams')}>{person.teams.length > 0 && <Badges items={person.teams} />}</Fact>
            <Fact name={t('skills')}>{person.skills.length > 0 && <Badges items={person.skills} />}</Fact>
          </Facts>
        </Section>
      )}
    </div>
  )
}

function Place({ person, site }: { person: Person; site: Organisation['sites'][number] | undefined }) {
  const t = useTexts(peopleTexts)
  const words = useOrganisationWords()
  if (!person.organisation && !person.department && !person.lineManager && person.memberOf.length === 0) return null
  return (
    <Section title={words('one')}>
      <Facts>
        <Fact name={t('name')}>{person.organisation && <OrganisationLink organisation={person.organisation} />}</Fact>
        <Fact name={t('department')}>{person.department}</Fact>
        <Fact name={t('manager')}>
          {person.lineManager && (
            <Link to="/people/$personId" params={{ personId: person.lineManager.id }}>
              {person.lineManager.name}
            </Link>
          )}
        </Fact>
        <Fact name={t('site')}>{person.site?.name}</Fact>
        <Fact name={t('address')}>{site?.address && <span className={styles.prose}>{site.address}</span>}</Fact>
        <Fact name={t('access')}>{site?.accessNote && <span className={styles.prose}>{site.accessNote}</span>}</Fact>
        <Fact name={t('memberOf')}>
          {person.memberOf.length > 0 && (
            <span className="row wrap">
              {person.memberOf.map((o) => (
                <OrganisationLink key={o.id} organisation={o} />
              ))}
            </span>
          )}
        </Fact>
      </Facts>
    </Section>
  )
}

const OrganisationLink = ({ organisation }: { organisation: Named }) => (
  <Link to="/organisations/$organisationId" params={{ organisationId: organisation.id }}>
    {organisation.name}
  </Link>
)

const Badges = ({ items }: { items: readonly Named[] }) => (
  <span className="row wrap">
    {items.map((item) => (
      <Badge key={item.id}>{item.name}</Badge>
    ))}
  </span>
)
