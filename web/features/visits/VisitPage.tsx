import { IconArrowLeft, IconDots, IconMapPin, IconPhone } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Visit, VisitState } from '../../../contract/visits.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { Loaded } from '../../ui/States.tsx'
import { ReasonDialog } from './ReasonDialog.tsx'
import { useSteps } from './steps.ts'
import { visitTexts } from './texts.ts'
import { VisitMark } from './VisitMark.tsx'
import styles from './Visits.module.css'
import { WorkForm } from './WorkForm.tsx'
import { mapOf, useWindowWords } from './windows.ts'

const ChangeSheet = lazy(async () => ({ default: (await import('./PlanSheet.tsx')).ChangeSheet }))

/** One visit, made for the hand that holds a phone: where to, one big button for what comes next, what was done, the signature. */
export function VisitPage() {
  const { visitId } = useParams({ strict: false }) as { visitId: string }
  const visit = useCall('GET /api/visits/:id', { params: { id: visitId } })
  return <Loaded from={visit}>{(one) => <OneVisit key={one.id} visit={one} />}</Loaded>
}

const next: Partial<Record<VisitState, 'on-the-way' | 'there' | 'done'>> = { planned: 'on-the-way', 'on-the-way': 'there', there: 'done' }

function OneVisit({ visit }: { visit: Visit }) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  const steps = useSteps(visit)
  const [asking, setAsking] = useState<'change' | 'cancel' | 'not-met'>()
  const { state } = steps
  const follows = next[state]
  const over = state === 'cancelled'
  return (
    <Page
      title={visit.purpose}
      width="narrow"
      back={
        <Link to={'/visits' as never} className={styles.back}>
          <IconArrowLeft size={16} aria-hidden="true" /> {t('title')}
        </Link>
      }
      actions={
        <span className="row">
          <VisitMark state={state} />
          {!over && (
            <Menu
              end
              width={220}
              target={<IconButton label={t('more')} icon={<IconDots size={18} />} />}
              entries={[
                ...(state === 'done' || state === 'not-met' ? [] : [{ key: 'change', label: t('change'), run: () => setAsking('change') }]),
                ...(state === 'planned' ? [] : [{ key: 'back', label: t('back'), run: () => steps.press('planned') }]),
                ...(state === 'not-met' ? [] : [{ key: 'not-met', label: t('notMet'), run: () => setAsking('not-met') }]),
                ...(state === 'done' || state === 'not-met'
                  ? []
                  : [{ key: 'cancel', label: t('cancelVisit'), run: () => setAsking('cancel') }]),
              ]}
            />
          )}
        </span>
      }
    >
      {visit.declined && (
        <div className={styles.notice} role="status">
          <strong>{t('declinedTitle')}</strong>
          <span>{visit.declined.text}</span>
        </div>
      )}
      <div className={styles.where}>
        <p className={styles.window}>{`${words.longDay(visit)}, ${words.hours(visit)}`}</p>
        <Where visit={visit} />
        {follows && (
          <Button look="main" size="md" wide busy={steps.busy} onClick={() => steps.press(follows)}>
            {t(`go.${follows}`)}
          </Button>
        )}
        {steps.unsent && (
          <p className={styles.unsent} role="status">
            {t('unsent')}
          </p>
        )}
      </div>
      {!over && <WorkForm visit={visit} />}
      <Reports visit={visit} />
      <History visit={visit} />
      {asking === 'change' && (
        <Suspense fallback={null}>
          <ChangeSheet visit={visit} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
      {(asking === 'cancel' || asking === 'not-met') && (
        <ReasonDialog
          visit={visit}
          about={asking}
          onClose={() => setAsking(undefined)}
          onNotMet={(reason) => {
            steps.press('not-met', reason)
            setAsking(undefined)
          }}
        />
      )}
    </Page>
  )
}

function Where({ visit }: { visit: Visit }) {
  const t = useTexts(visitTexts)
  const { contact } = visit
  return (
    <>
      <Facts>
        <Fact name={t('ticket')}>
          <Link to="/tickets/$ticketId" params={{ ticketId: visit.ticket.id }} search={{} as never}>
            #{visit.ticket.number} {visit.ticket.subject}
          </Link>
        </Fact>
        <Fact name={t('customer')}>{visit.organisation?.name}</Fact>
        <Fact name={t('place')}>
          {(visit.site || visit.address) && (
            <span className={styles.address}>{[visit.site?.name, visit.address].filter(Boolean).join('\n')}</span>
          )}
        </Fact>
        <Fact name={t('access')}>{visit.accessNote && <span className={styles.address}>{visit.accessNote}</span>}</Fact>
        <Fact name={t('contact')}>{[contact.name, contact.phone, contact.email].filter(Boolean).join(', ')}</Fact>
        <Fact name={t('people')}>{visit.people.map((one) => one.name).join(', ')}</Fact>
        <Fact name={t('reason')}>{visit.reason}</Fact>
      </Facts>
      <div className={styles.links}>
        {visit.address !== '' && (
          <a className={styles.big} href={mapOf(visit.address)} target="_blank" rel="noreferrer noopener">
            <IconMapPin size={18} aria-hidden="true" /> {t('map')}
          </a>
        )}
        {contact.phone !== '' && (
          <a className={styles.big} href={`tel:${contact.phone.replace(/[^\d+]/g, '')}`}>
            <IconPhone size={18} aria-hidden="true" /> {t('call', { name: contact.name || contact.phone })}
          </a>
        )}
      </div>
    </>
  )
}

function Reports({ visit }: { visit: Visit }) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  if (visit.reports.length === 0) return null
  return (
    <Section title={t('reports')}>
      <ul className={styles.plain}>
        {visit.reports.map((one) => (
          <li key={one.id}>
            <Link to={'/work-report/$reportId' as never} params={{ reportId: one.id } as never}>
              {t('report', { n: String(one.number), name: one.signer })}
            </Link>{' '}
            <span className="dim small">{words.moment(one.signedAt, visit.timeZone)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function History({ visit }: { visit: Visit }) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  return (
    <Section title={t('steps')}>
      <ol className={styles.plain}>
        {visit.steps.map((step) => (
          <li key={`${step.state} ${step.at}`}>
            {t(`state.${step.state}`)}{' '}
            <span className="dim small">{[words.moment(step.at, visit.timeZone), step.by?.name].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
