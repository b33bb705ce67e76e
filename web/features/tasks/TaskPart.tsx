import { IconDots, IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, type SyntheticEvent, useState } from 'react'
import type { Task } from '../../../contract/tasks.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { queries, useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { TaskLine } from './TaskLine.tsx'
import styles from './Tasks.module.css'
import { move, tasksKey } from './tasks.ts'
import { wordsIn } from './template.ts'
import { taskTexts } from './texts.ts'

const TaskSheet = lazy(async () => ({ default: (await import('./TaskSheet.tsx')).TaskSheet }))

/** What is to be done for this ticket; one line adds to it. */
export function TaskPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(taskTexts)
  const { data } = useCall('GET /api/tickets/:id/tasks', { params: { id: ticket.id } })
  const [opened, setOpened] = useState<Task>()
  const [said, setSaid] = useState('')
  if (!data) return null
  const { items, settled, total, can } = data
  // A closed ticket without tasks has nothing to say here.
  if (total === 0 && !can.edit) return null
  const onMove = (from: number, to: number) => void move(ticket.id, from, to).then((words) => words && setSaid(words))
  return (
    <PanelPart
      title={t('title')}
      action={
        <span className="row">
          {total > 0 && (
            <span className={styles.progress}>
              <span aria-hidden="true">{t('progress', { settled, total })}</span>
              <span className="unseen">{t('progressLong', { settled, total })}</span>
            </span>
          )}
          {can.edit && <PartMenu ticketId={ticket.id} />}
        </span>
      }
    >
      {total > 0 && (
        <ol className={styles.lines}>
          {items.map((task, place) => (
            <TaskLine
              key={task.id}
              task={task}
              place={place}
              last={place === total - 1}
              mayEdit={can.edit}
              onOpen={() => setOpened(task)}
              onMove={onMove}
            />
          ))}
        </ol>
      )}
      {can.edit && <QuickAdd ticketId={ticket.id} />}
      <span className="unseen" role="status">
        {said}
      </span>
      {opened && (
        <Suspense fallback={null}>
          <TaskSheet task={opened} others={items} mayEdit={can.edit} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </PanelPart>
  )
}

function QuickAdd({ ticketId }: { ticketId: string }) {
  const t = useTexts(taskTexts)
  const [title, setTitle] = useState('')
  const add = useSend('POST /api/tickets/:id/tasks', {
    renews: ['GET /api/tickets/:id/tasks', 'GET /api/tasks', 'GET /api/tickets/:id/timeline'],
    onProblem: (cause, { body }) => {
      // What was typed comes back.
      setTitle(body.title)
      toastProblem(cause)
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (title.trim() === '') return
    add.mutate({ params: { id: ticketId }, body: { title: title.trim() } })
    setTitle('')
  }
  return (
    <form className={styles.quick} onSubmit={submit}>
      <IconPlus size={16} aria-hidden="true" />
      <input
        aria-label={t('add')}
        placeholder={t('addHint')}
        maxLength={250}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
    </form>
  )
}

function PartMenu({ ticketId }: { ticketId: string }) {
  const t = useTexts(taskTexts)
  const language = useLanguage()
  const navigate = useNavigate()
  const mayEdit = useMay('template.edit')
  // Asked for when the menu is first opened, not with every ticket.
  const [wanted, setWanted] = useState(false)
  const templates = useCall('GET /api/task-templates', {}, { enabled: wanted, staleTime: 60_000 }).data?.items
  const take = useSend('POST /api/tickets/:id/tasks/from-template', {
    renews: ['GET /api/tasks', 'GET /api/tickets/:id/timeline'],
    onProblem: toastProblem,
    onDone: (next) => queries.setQueryData(tasksKey(ticketId), next),
  })
  const use = (templateId: string, count: number) =>
    take.mutate({ params: { id: ticketId }, body: { templateId } }, { onSuccess: () => toast(t('templateDone', { count })) })
  return (
    <Menu
      end
      width={260}
      onOpen={() => setWanted(true)}
      target={<IconButton label={t('partMore')} icon={<IconDots size={16} />} size={24} />}
      entries={[
        { key: 'head', heading: templates?.length === 0 ? t('noTemplates') : t('useTemplate') },
        ...(templates ?? []).map((template) => ({
          key: template.id,
          label: wordsIn(template.name, language),
          run: () => use(template.id, template.tasks.length),
        })),
        mayEdit && { key: 'line', divider: true as const },
        mayEdit && { key: 'edit', label: t('editTemplates'), run: () => void navigate({ to: '/settings/task-templates' as never }) },
      ]}
    />
  )
}
