import { IconArrowLeft, IconCircle, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import type { CustomerPath } from '../../../contract/customers.ts'
import type { Organisation } from '../../../contract/people.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { Loaded, Loading } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import people from '../people/People.module.css'
import styles from './Customers.module.css'
import { pathTexts } from './path-texts.ts'
import { customerRenews } from './renewal.ts'
import { headed, stepScreens } from './steps.tsx'

/** Adding a customer, step by step; everything is kept, and what is done elsewhere is seen here. */
export function PathPage() {
  const { organisationId } = useParams({ from: '/staff/organisations/$organisationId/path' })
  const params = { id: organisationId }
  const organisation = useCall('GET /api/organisations/:id', { params })
  const path = useCall('GET /api/organisations/:id/path', { params })
  return (
    <Loaded from={organisation}>
      {(shown) => <Loaded from={path}>{(steps) => <Path key={shown.id} organisation={shown} path={steps} />}</Loaded>}
    </Loaded>
  )
}

const last = 'last'
type Props = { organisation: Organisation; path: CustomerPath }

function Path({ organisation, path }: Props) {
  const t = useTexts(pathTexts)
  const [at, setAt] = useState(() => path.steps.find((step) => step.state === 'open')?.key ?? last)
  const left = path.steps.filter((step) => step.state === 'open').length
  const keys = [...path.steps.map((step) => step.key), last]
  const go = (by: number) => setAt(keys[keys.indexOf(at) + by] ?? last)
  return (
    <Page
      title={organisation.name}
      lead={left > 0 ? t('leadOpen', { count: left }) : t('leadDone')}
      back={
        <Link to="/organisations/$organisationId" params={{ organisationId: organisation.id }} className={people.back}>
          <IconArrowLeft size={14} />
          {t('toPage')}
        </Link>
      }
    >
      <div className={styles.path}>
        <nav aria-label={t('steps')}>
          <ol className={styles.steps}>
            {path.steps.map((step) => (
              <li key={step.key}>
                <StepButton step={step} here={step.key === at} onClick={() => setAt(step.key)} />
              </li>
            ))}
            <li>
              <button type="button" className={styles.step} aria-current={at === last ? 'step' : undefined} onClick={() => setAt(last)}>
                {t('overview')}
              </button>
            </li>
          </ol>
        </nav>
        <div className={styles.stack}>
          {at === last ? (
            <Left path={path} onStep={setAt} />
          ) : (
            <OneStep
              key={at}
              organisation={organisation}
              path={path}
              at={at}
              onBack={at === keys[0] ? undefined : () => go(-1)}
              onNext={() => go(1)}
            />
          )}
        </div>
      </div>
    </Page>
  )
}

type Step = CustomerPath['steps'][number]
const icons = { done: IconCircleCheck, open: IconCircle, 'not-needed': IconCircleDashed }

function StepButton({ step, here, onClick }: { step: Step; here: boolean; onClick: () => void }) {
  const t = useTexts(pathTexts)
  const Icon = icons[step.state]
  return (
    <button type="button" className={styles.step} data-state={step.state} aria-current={here ? 'step' : undefined} onClick={onClick}>
      <Icon size={16} />
      <span className="grow">{t(nameOf(step.key))}</span>
      <span className="dim small">{step.state === 'open' ? step.needed && t('needed') : t(step.state)}</span>
    </button>
  )
}
const nameOf = (key: string) => `step-${key}` as 'step-domains'
const textOf = (key: string) => `text-${key}` as 'text-domains'

type OneProps = Props & { at: string; onBack: (() => void) | undefined; onNext: () => void }

function OneStep({ organisation, path, at, onBack, onNext }: OneProps) {
  const t = useTexts(pathTexts)
  const Screen = stepScreens[at]
  const state = path.steps.find((step) => step.key === at)?.state
  const set = useSend('PUT /api/organisations/:id/path/steps/:key', {
    renews: customerRenews,
    onDone: (_, { body }) => {
      if (!body.needed) onNext()
    },
    onProblem: toastProblem,
  })
  const say = (needed: boolean) => set.mutate({ params: { id: organisation.id, key: at }, body: { needed } })
  return (
    <>
      <div>
        {!headed.has(at) && <h2>{t(nameOf(at))}</h2>}
        <p className="dim small">{t(textOf(at))}</p>
      </div>
      <Suspense fallback={<Loading rows={3} />}>{Screen && <Screen organisation={organisation} path={path} />}</Suspense>
      <div className={styles.ends}>
        {onBack && <Button onClick={onBack}>{t('back')}</Button>}
        <Button look={state === 'open' ? 'quiet' : 'main'} onClick={onNext}>
          {t('next')}
        </Button>
        {state === 'open' && (
          <Button look="plain" busy={set.isPending} onClick={() => say(false)}>
            {t('setAside')}
          </Button>
        )}
        {state === 'not-needed' && (
          <Button look="plain" busy={set.isPending} onClick={() => say(true)}>
            {t('takeBack')}
          </Button>
        )}
      </div>
    </>
  )
}

/** The checklist at the end: what is left, each one click away. */
function Left({ path, onStep }: { path: CustomerPath; onStep: (key: string) => void }) {
  const t = useTexts(pathTexts)
  const navigate = useNavigate()
  const open = path.steps.filter((step) => step.state === 'open')
  const finish = useSend('POST /api/organisations/:id/path/finish', {
    renews: customerRenews,
    onDone: ({ organisation }) => {
      const say = sayIn(pathTexts)
      const { name } = organisation
      toast(open.length > 0 ? say('finishedLeft', { name, count: open.length }) : say('finished', { name }))
      void navigate({ to: '/organisations/$organisationId', params: { organisationId: organisation.id } })
    },
    onProblem: toastProblem,
  })
  return (
    <>
      <Section title={t('overview')}>
        {open.length === 0 && <p>{t('allDone')}</p>}
        {open.length > 0 && (
          <ul className={styles.steps}>
            {open.map((step) => (
              <li key={step.key}>
                <StepButton step={step} here={false} onClick={() => onStep(step.key)} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      {!path.finished && (
        <div>
          <Button look="main" busy={finish.isPending} onClick={() => finish.mutate({ params: { id: path.organisation.id } })}>
            {t('finish')}
          </Button>
        </div>
      )}
    </>
  )
}
