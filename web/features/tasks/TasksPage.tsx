import { IconChecklist, IconClock } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Task } from '../../../contract/tasks.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField } from '../../ui/Fields.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { AskedOfMe } from '../help/AskedOfMe.tsx'
import { DoneButton, TaskFacts } from './TaskLine.tsx'
import styles from './Tasks.module.css'
import { taskTexts } from './texts.ts'

type Whose = 'mine' | 'teams' | 'all'

/** What is to be done, for me and my teams, over all tickets; done by one click, taken back by another. */
export function TasksPage() {
  const t = useTexts(taskTexts)
  const search = useSearch({ strict: false }) as { whose?: Whose; state?: 'settled' }
  const navigate = useNavigate()
  const whose: Whose = search.whose ?? 'mine'
  const open = search.state !== 'settled'
  const go = (next: { whose?: Whose; state?: 'open' | 'settled' }) => {
    const to = { whose, state: open ? 'open' : 'settled', ...next }
    void navigate({
      search: { ...(to.whose === 'mine' ? {} : { whose: to.whose }), ...(to.state === 'settled' ? { state: 'settled' } : {}) } as never,
    })
  }
  const holder = whose === 'mine' ? { assignee: 'me' } : whose === 'teams' ? { team: 'mine' } : {}
  const tasks = useEndless('GET /api/tasks', { query: { ...holder, open: open ? 'true' : 'false' } }, { keep: true })
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button icon={<IconClock size={16} />} onClick={() => void navigate({ to: '/time' as never })}>
          {t('timeSpent')}
        </Button>
      }
    >
      <AskedOfMe />
      <div className={styles.bars}>
        <ChoiceField
          hideLabel
          label={t('which')}
          value={whose}
          onChange={(next: Whose) => go({ whose: next })}
          options={[
            { value: 'mine', label: t('mine') },
            { value: 'teams', label: t('teams') },
            { value: 'all', label: t('all') },
          ]}
        />
        <ChoiceField
          hideLabel
          label={t('state')}
          value={open ? 'open' : 'settled'}
          onChange={(next: 'open' | 'settled') => go({ state: next })}
          options={[
            { value: 'open', label: t('open') },
            { value: 'settled', label: t('settled') },
          ]}
        />
      </div>
      <Loaded from={{ data: tasks.items, error: tasks.error, refetch: tasks.refetch }}>
        {(items) =>
          items.length === 0 ? (
            <Nothing whose={whose} open={open} />
          ) : (
            <ul className={styles.list}>
              {items.map((task) => (
                <Row key={task.id} task={task} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <MoreRows has={tasks.hasNextPage} busy={tasks.isFetchingNextPage} load={tasks.more} />
    </Page>
  )
}

function Row({ task }: { task: Task }) {
  return (
    <li className={styles.row} data-settled={task.state !== 'open' || undefined}>
      <DoneButton task={task} mayEdit />
      <div className={styles.body}>
        <Link to="/tickets/$ticketId" params={{ ticketId: task.ticket.id }} search={{} as never} className={styles.what}>
          {task.title}
        </Link>
        <span className={styles.meta}>
          <span className={styles.of}>
            #{task.ticket.number} {task.ticket.subject}
          </span>
          <TaskFacts task={task} />
        </span>
      </div>
    </li>
  )
}

function Nothing({ whose, open }: { whose: Whose; open: boolean }) {
  const t = useTexts(taskTexts)
  const which = !open ? 'emptyDone' : whose === 'mine' ? 'emptyMine' : whose === 'teams' ? 'emptyTeams' : 'emptyAll'
  return <EmptyState icon={<IconChecklist size={24} />} title={t(which)} text={t(`${which}Text`)} />
}
