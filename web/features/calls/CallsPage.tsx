import { IconPhone, IconPhoneCheck, IconPhoneOff } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Call, CallBack } from '../../../contract/calls.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { BackActions, BackFacts } from './BackRow.tsx'
import styles from './Calls.module.css'
import { callTexts } from './texts.ts'

type Tab = 'missed' | 'backs' | 'log'

/** What nobody took, who waits to be called back, and every call. */
export function CallsPage() {
  const t = useTexts(callTexts)
  const navigate = useNavigate()
  const tab = (useSearch({ strict: false }) as { tab?: Tab }).tab ?? 'missed'
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button look="main" icon={<IconPhone size={16} />} onClick={() => void navigate({ to: '/call' as never })}>
          {t('take')}
        </Button>
      }
    >
      <div className={styles.bars}>
        <ChoiceField
          hideLabel
          label={t('which')}
          value={tab}
          onChange={(next: Tab) => void navigate({ search: (next === 'missed' ? {} : { tab: next }) as never })}
          options={[
            { value: 'missed', label: t('missed') },
            { value: 'backs', label: t('backs') },
            { value: 'log', label: t('log') },
          ]}
        />
      </div>
      {tab === 'backs' ? <Backs /> : <CallList key={tab} missed={tab === 'missed'} />}
    </Page>
  )
}

function CallList({ missed }: { missed: boolean }) {
  const t = useTexts(callTexts)
  const calls = useEndless('GET /api/calls', { query: missed ? { missed: 'true' } : {} }, { keep: true })
  return (
    <>
      <Loaded from={{ data: calls.items, error: calls.error, refetch: calls.refetch }}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState
              icon={missed ? <IconPhoneCheck size={24} /> : <IconPhone size={24} />}
              title={t(missed ? 'noMissed' : 'noCalls')}
              text={t(missed ? 'noMissedText' : 'noCallsText')}
            />
          ) : (
            <ul className={styles.list}>
              {items.map((call) => (
                <CallRow key={call.id} call={call} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <MoreRows has={calls.hasNextPage} busy={calls.isFetchingNextPage} load={calls.more} />
    </>
  )
}

function CallRow({ call }: { call: Call }) {
  const t = useTexts(callTexts)
  const navigate = useNavigate()
  const settle = useSend('POST /api/calls/:id/settle', { renews: ['GET /api/calls'], onProblem: toastProblem })
  const open = call.state === 'missed' && call.settledAt === null
  return (
    <li className={styles.row}>
      <div className={styles.body}>
        <span className={styles.who}>
          {call.person ? (
            <Link to="/people/$personId" params={{ personId: call.person.id }}>
              {call.person.name}
            </Link>
          ) : (
            t(call.number ? 'unknown' : 'withheld')
          )}
          <Badge tone={open ? 'bad' : call.state === 'ringing' || call.state === 'answered' ? 'info' : 'plain'}>
            {t(`state-${call.state}`)}
          </Badge>
          {call.direction === 'out' && <Badge>{t('outgoing')}</Badge>}
        </span>
        <span className={styles.meta}>
          <TimeAgo at={call.startedAt} />
          {call.number && <a href={`tel:${call.number}`}>{call.number}</a>}
          {call.agent && <span>{call.agent.name}</span>}
          {call.ending && <span>{t(`ending-${call.ending}`)}</span>}
          {call.ticket && (
            <Link to="/tickets/$ticketId" params={{ ticketId: call.ticket.id }} search={{} as never}>
              #{call.ticket.number} {call.ticket.subject}
            </Link>
          )}
        </span>
      </div>
      <div className={styles.actions}>
        {call.settledAt === null && (
          <Button onClick={() => void navigate({ to: '/call' as never, search: { call: call.id } as never })}>{t('writeDown')}</Button>
        )}
        {open && (
          <Button look="plain" busy={settle.isPending} onClick={() => settle.mutate({ params: { id: call.id } })}>
            {t('seen')}
          </Button>
        )}
      </div>
    </li>
  )
}

function Backs() {
  const t = useTexts(callTexts)
  const backs = useEndless('GET /api/call-backs', { query: {} }, { keep: true })
  return (
    <>
      <Loaded from={{ data: backs.items, error: backs.error, refetch: backs.refetch }}>
        {(items: CallBack[]) =>
          items.length === 0 ? (
            <EmptyState icon={<IconPhoneOff size={24} />} title={t('noBacks')} text={t('noBacksText')} />
          ) : (
            <ul className={styles.list}>
              {items.map((back) => (
                <li key={back.id} className={styles.row}>
                  <div className={styles.body}>
                    <span className={styles.who}>{back.person.name}</span>
                    <BackFacts back={back} ticket />
                  </div>
                  <BackActions back={back} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <MoreRows has={backs.hasNextPage} busy={backs.isFetchingNextPage} load={backs.more} />
    </>
  )
}
