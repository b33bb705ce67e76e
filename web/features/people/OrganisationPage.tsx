import { IconArchive, IconArchiveOff, IconArrowLeft, IconDots, IconPencil, IconPlus } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Organisation } from '../../../contract/people.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useCall, useEndless, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { LocalTime } from '../../ui/LocalTime.tsx'
import { PersonName } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { CustomerLeft, CustomerRight, CustomerTop } from '../customers/CustomerParts.tsx'
import { OrganisationSheet } from './OrganisationSheet.tsx'
import { organisationTexts } from './organisation-texts.ts'
import styles from './People.module.css'
import { Special } from './PersonPage.tsx'
import { PersonSheet } from './PersonSheet.tsx'
import { TicketLines } from './PersonTickets.tsx'
import { SiteList } from './SiteList.tsx'
import { useOrganisationWords } from './words.ts'

export function OrganisationPage() {
  const { organisationId } = useParams({ from: '/staff/organisations/$organisationId' })
  const organisation = useCall('GET /api/organisations/:id', { params: { id: organisationId } })
  return <Loaded from={organisation}>{(shown) => <OrganisationShown key={shown.id} organisation={shown} />}</Loaded>
}

function OrganisationShown({ organisation }: { organisation: Organisation }) {
  const t = useTexts(organisationTexts)
  const words = useOrganisationWords()
  const [editing, setEditing] = useState(false)
  useShortcut('e', t('editOne', { name: organisation.name }), words('title'), () => setEditing(true), { on: organisation.can.edit })
  return (
    <Page
      title={organisation.name}
      lead={organisation.domains.join(' · ')}
      back={
        <Link to="/organisations" className={styles.back}>
          <IconArrowLeft size={14} />
          {words('back')}
        </Link>
      }
      actions={organisation.can.edit && <Actions organisation={organisation} onEdit={() => setEditing(true)} />}
    >
      {organisation.archived && <p className={styles.archived}>{t('isArchived')}</p>}
      {organisation.specialHandling && <Special title={t('specialHandling')} text={organisation.specialHandling} />}
      <CustomerTop organisation={organisation} />
      <div className={styles.split}>
        <div>
          <Section title={t('open')}>
            <TicketLines query={{ organisationId: organisation.id, open: true }} none={t('noOpen')} withRequester />
          </Section>
          <CustomerLeft organisation={organisation} />
          <PeopleOf organisation={organisation} />
        </div>
        <div>
          <CustomerRight organisation={organisation} />
          <SiteList organisation={organisation} />
          <About organisation={organisation} />
        </div>
      </div>
      {editing && <OrganisationSheet organisation={organisation} onClose={() => setEditing(false)} onSaved={() => setEditing(false)} />}
    </Page>
  )
}

function About({ organisation }: { organisation: Organisation }) {
  const t = useTexts(organisationTexts)
  const { note, timeZone, language } = organisation
  if (!note && !timeZone && !language) return null
  return (
    <Section title={t('about')}>
      {note && <p className={styles.prose}>{note}</p>}
      <Facts>
        <Fact name={t('localTime')}>{timeZone && <LocalTime timeZone={timeZone} />}</Fact>
        <Fact name={t('language')}>{language && t(language)}</Fact>
      </Facts>
    </Section>
  )
}

function Actions({ organisation, onEdit }: { organisation: Organisation; onEdit: () => void }) {
  const t = useTexts(organisationTexts)
  const { name } = organisation
  const [confirm, question] = useConfirm()
  const params = { id: organisation.id }
  const renews = ['GET /api/organisations', 'GET /api/organisations/:id'] as const
  const restore = useSend('POST /api/organisations/:id/restore', {
    renews,
    onDone: () => void toast(t('restored', { name })),
    onProblem: toastProblem,
  })
  const archive = useSend('POST /api/organisations/:id/archive', {
    renews,
    onDone: () => void toast(t('archivedDone', { name }), { undo: () => restore.mutate({ params }) }),
    onProblem: toastProblem,
  })
  const ask = async () => {
    if (await confirm({ title: t('archiveTitle', { name }), text: t('archiveText'), action: t('archive'), danger: true }))
      archive.mutate({ params })
  }
  return (
    <>
      <Button icon={<IconPencil size={16} />} keys="e" onClick={onEdit}>
        {t('edit')}
      </Button>
      <Menu
        end
        target={<IconButton label={t('more')} icon={<IconDots size={18} />} size={30} />}
        entries={[
          organisation.archived
            ? {
                key: 'restore',
                label: t('restore'),
                icon: <IconArchiveOff size={16} stroke={1.7} />,
                run: () => restore.mutate({ params }),
              }
            : { key: 'archive', label: t('archive'), icon: <IconArchive size={16} stroke={1.7} />, danger: true, run: () => void ask() },
        ]}
      />
      {question}
    </>
  )
}

function PeopleOf({ organisation }: { organisation: Organisation }) {
  const t = useTexts(organisationTexts)
  const mayAdd = useMay('person.edit')
  const [adding, setAdding] = useState(false)
  const people = useEndless('GET /api/people', { query: { organisationId: organisation.id, limit: 20 } })
  return (
    <Section
      title={t('people')}
      actions={
        <span className="row">
          <Link to="/people" search={{ organisation: organisation.id }} className="small">
            {t('allPeople')}
          </Link>
          {mayAdd && <IconButton label={t('addPerson')} icon={<IconPlus size={16} />} onClick={() => setAdding(true)} />}
        </span>
      }
    >
      <Loaded from={{ data: people.items, error: people.error, refetch: people.refetch }} rows={3}>
        {(rows) => (
          <>
            {rows.length === 0 && <p className="dim small">{t('noPeople')}</p>}
            <ul className={styles.lines}>
              {rows.map((p) => (
                <li key={p.id}>
                  <Link to="/people/$personId" params={{ personId: p.id }} className={styles.ticket}>
                    <PersonName person={p} special={p.specialHandling} />
                    <span className="grow" />
                    <span className="dim small truncate">{p.department}</span>
                  </Link>
                </li>
              ))}
            </ul>
            {people.hasNextPage && <MoreRows has busy={people.isFetchingNextPage} load={people.more} />}
          </>
        )}
      </Loaded>
      {adding && <PersonSheet organisation={organisation} onClose={() => setAdding(false)} onSaved={() => setAdding(false)} />}
    </Section>
  )
}
