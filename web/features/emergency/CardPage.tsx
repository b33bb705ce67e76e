import { IconArrowLeft, IconPrinter } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { EmergencyCard } from '../../../contract/emergency.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { useTitle } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { OrganisationPick } from '../people/picks.tsx'
import print from '../print/Print.module.css'
import { cardTexts } from './card-texts.ts'
import styles from './Emergency.module.css'

/** What one needs when Firstline itself is down, as paper: it is printed while all is well. */
export function CardPage() {
  const t = useTexts(cardTexts)
  const navigate = useNavigate()
  const { organisation } = useSearch({ strict: false }) as { organisation?: string }
  const card = useCall('GET /api/emergency/card', { query: organisation === undefined ? {} : { organisationId: organisation } })
  const customers = useCompany()?.supports === 'customers'
  const chosen = card.data?.organisation
  useTitle(t('title'))
  return (
    <main className={print.desk}>
      <div className={print.bar}>
        <Link to={'/on-call' as never}>
          <IconArrowLeft size={16} aria-hidden="true" /> {t('back')}
        </Link>
        <span className="grow" />
        <span className={styles.pick}>
          <OrganisationPick
            label={t(customers ? 'forWhom' : 'forWhomOwn')}
            clearable
            value={chosen ? { value: chosen.id, label: chosen.name } : null}
            onChange={(next) =>
              void navigate({ to: '/emergency-card' as never, search: (next ? { organisation: next.value } : {}) as never })
            }
          />
        </span>
        <Button look="main" icon={<IconPrinter size={16} />} disabled={!card.data} onClick={() => window.print()}>
          {t('print')}
        </Button>
      </div>
      <Loaded from={card}>{(one) => <Card card={one} />}</Loaded>
    </main>
  )
}

type Person = EmergencyCard['administrators'][number]

function Card({ card }: { card: EmergencyCard }) {
  const t = useTexts(cardTexts)
  const formats = useFormats()
  const company = useCompany()
  const { organisation } = card
  return (
    <article className={print.paper}>
      <header className={print.head}>
        <p className="dim">{company?.name}</p>
        <h1>{organisation ? `${t('title')}: ${organisation.name}` : t('title')}</h1>
        <p className="dim">{t('lead')}</p>
      </header>
      <div className={styles.cards}>
        <Part title={t('hotlines')} rows={card.numbers.map((one) => line(one.name, one.number))} />
        <Part title={t('hours')} rows={card.sentence === '' ? [] : [card.sentence]} />
        <Part
          title={t('onCall')}
          none={t('noRota')}
          rows={card.onCall.map(({ rota, person, until }) => (
            <>
              <p className="dim">{rota.name}</p>
              {person ? <Who person={person} /> : t('nobody')}
              <p className="dim">{t('until', { at: formats.dateTime(until) })}</p>
            </>
          ))}
        />
        <Part title={t('administrators')} rows={card.administrators.map((one) => <Who key={one.id} person={one} />)} />
        {card.policies.length > 0 && <Part title={t('policies')} rows={card.policies.map((one) => line(one.name, one.hotline))} />}
      </div>
      {organisation && <Customer organisation={organisation} />}
      <footer className={print.foot}>{t('asOf', { when: formats.dateTime(card.at) })}</footer>
    </article>
  )
}

function Customer({ organisation }: { organisation: NonNullable<EmergencyCard['organisation']> }) {
  const t = useTexts(cardTexts)
  const { contacts, sites, otherNumbers, documents, specialHandling } = organisation
  const roleOf = (role: string) => t(`role-${role}` as 'role-main')
  return (
    <div className={styles.cards}>
      <Part
        title={t('contacts')}
        rows={contacts.map((one) => (
          <>
            <Who person={one} />
            {one.roles.length > 0 && <p className="dim">{one.roles.map(roleOf).join(', ')}</p>}
          </>
        ))}
      />
      <Part title={t('numbers')} rows={otherNumbers.map((one) => line(one.system, one.number))} />
      <Part title={t('sites')} rows={sites.map((one) => [one.name, one.address, one.opening].filter(Boolean).join(', '))} />
      <Part title={t('documents')} rows={documents.map((one) => `${one.title} (${one.name})`)} />
      {specialHandling !== '' && <Part title={t('handling')} rows={[specialHandling]} />}
    </div>
  )
}

function Who({ person }: { person: Person }) {
  const t = useTexts(cardTexts)
  return (
    <>
      <strong>{person.name}</strong>{' '}
      {person.phones.map(({ number }) => (
        <span key={number} className={styles.whole}>
          {number}
        </span>
      ))}
      {person.phones.length === 0 && <span className="dim">{t('noNumber')}</span>}
    </>
  )
}

const line = (name: string, number: string) => (
  <>
    {name} <strong className={styles.whole}>{number}</strong>
  </>
)

function Part({ title, rows, none }: { title: string; rows: ReactNode[]; none?: string }) {
  const t = useTexts(cardTexts)
  return (
    <section>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className="dim">{none ?? t('nothing')}</p>
      ) : (
        <ul>
          {rows.map((row, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a printed list never moves
            <li key={n}>{row}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
