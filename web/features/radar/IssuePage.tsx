import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import type { SyntheticEvent } from 'react'
import type { Issue, IssueState } from '../../../contract/radar.ts'
import type { TicketRow } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useEndless, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { ChoiceField, FormProblem, TextArea } from '../../ui/Fields.tsx'
import { StatusBadge } from '../../ui/Marks.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { makeChildren } from '../similar/children.ts'
import styles from './Radar.module.css'
import { IssueFacts, Weeks } from './RadarPage.tsx'
import { radarTexts } from './texts.ts'
import { nameOf, useCost } from './words.ts'

/** One repeated issue: how it goes, what somebody decided about it, and its tickets. */
export function IssuePage() {
  const t = useTexts(radarTexts)
  const id = useParams({ strict: false } as never)['issueId'] as string
  const issue = useCall('GET /api/radar/:id', { params: { id } })
  return (
    <Page
      title={issue.data ? nameOf(issue.data) : t('title')}
      back={
        <Link to={'/radar' as never} className={styles.back}>
          <IconArrowLeft size={14} aria-hidden="true" />
          {t('back')}
        </Link>
      }
    >
      <Loaded from={issue}>
        {(found) => (
          <>
            <div className={styles.two}>
              <Course issue={found} />
              {found.can.settle ? <Decision key={found.version} issue={found} /> : <Decided issue={found} />}
            </div>
            <Tickets issue={found} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Course({ issue }: { issue: Issue }) {
  const t = useTexts(radarTexts)
  const cost = useCost()
  return (
    <Section title={t('tickets', { count: issue.tickets })}>
      <Weeks issue={issue} height={72} />
      <IssueFacts issue={issue} />
      <p>
        {t(issue.trend)} · {cost(issue)}
      </p>
      {issue.estimated > 0 && <p className="dim small">{t('estimatedHelp')}</p>}
    </Section>
  )
}

function Decision({ issue }: { issue: Issue }) {
  const t = useTexts(radarTexts)
  const formats = useFormats()
  const form = useForm<{ state: IssueState; why: string }>({ state: issue.state, why: issue.why })
  const save = useSend('PATCH /api/radar/:id', {
    renews: ['GET /api/radar', 'GET /api/radar/:id'],
    onProblem: form.take,
    onDone: () => toast(t('saved')),
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    save.mutate({ params: { id: issue.id }, ifMatch: issue.version, body: form.values })
  }
  return (
    <Section title={t('decide')}>
      <form className="stack" onSubmit={submit} noValidate>
        <ChoiceField
          label={t('state')}
          hideLabel
          value={form.values.state}
          onChange={(state: IssueState) => form.set('state', state)}
          options={(['new', 'watching', 'explained', 'done'] as const).map((value) => ({ value, label: t(value) }))}
        />
        <TextArea label={t('why')} placeholder={t('whyHint')} minRows={2} maxLength={1000} {...form.text('why')} />
        {issue.setAt && (
          <p className="dim small">
            {t('setBy', {
              state: issue.cameBack ? t('cameBack') : t(issue.state),
              who: issue.setBy?.name ?? '',
              when: formats.relative(issue.setAt),
            })}
          </p>
        )}
        <FormProblem text={form.problem} />
        <Buttons>
          <Button look="main" type="submit" busy={save.isPending}>
            {t('save')}
          </Button>
        </Buttons>
      </form>
    </Section>
  )
}

/** Who sees only part of an issue does not say for everybody what it is about. */
function Decided({ issue }: { issue: Issue }) {
  const t = useTexts(radarTexts)
  return (
    <Section title={t('decide')}>
      <p>{issue.cameBack ? t('cameBack') : t(issue.state)}</p>
      <p className="dim small">{t('decidedByOthers')}</p>
    </Section>
  )
}

const finished = ['resolved', 'closed', 'cancelled']

function Tickets({ issue }: { issue: Issue }) {
  const t = useTexts(radarTexts)
  const found = useEndless('GET /api/radar/:id/tickets', { params: { id: issue.id }, query: { limit: 50 } })
  const open = (found.items ?? []).filter((row) => !finished.includes(row.status.meaning))
  const oldest = open.at(-1)
  const offer = issue.kind === 'words' && oldest !== undefined && open.length > 1
  return (
    <>
      <Section title={t('ticketsTitle')}>
        {offer && (
          <div>
            <Button
              onClick={() =>
                void makeChildren(
                  oldest.id,
                  open.slice(0, -1).map((row) => row.id),
                )
              }
            >
              {t('makeParent', { number: oldest.number })}
            </Button>{' '}
            <span className="dim small">{t('parentHint')}</span>
          </div>
        )}
        <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }}>
          {(items) => (
            <ul className={styles.list}>
              {items.map((row) => (
                <TicketItem key={row.id} row={row} />
              ))}
            </ul>
          )}
        </Loaded>
      </Section>
      <MoreRows has={found.hasNextPage} busy={found.isFetchingNextPage} load={found.more} />
    </>
  )
}

function TicketItem({ row }: { row: TicketRow }) {
  const formats = useFormats()
  return (
    <li>
      <Link to="/tickets/$ticketId" params={{ ticketId: row.id }} search={{} as never} className={styles.ticket}>
        <span className={styles.subject}>{row.subject}</span>
        <span className={styles.meta}>
          <StatusBadge meaning={row.status.meaning} name={row.status.name} bare />
          <span>#{row.number}</span>
          <span>{[row.requester.name, row.organisation?.name].filter(Boolean).join(' · ')}</span>
          <span>{formats.dateTime(row.createdAt)}</span>
        </span>
      </Link>
    </li>
  )
}
