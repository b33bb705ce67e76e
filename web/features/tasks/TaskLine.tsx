import { IconCheck, IconCircle, IconCircleCheck, IconCircleMinus, IconDots, IconGripVertical, IconHourglass } from '@tabler/icons-react'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import type { Task } from '../../../contract/tasks.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useMe } from '../../kernel/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { useNow } from '../../ui/TimeAgo.tsx'
import styles from './Tasks.module.css'
import { change, isOverdue, isWaiting, remove, reopen, settle, tick } from './tasks.ts'
import { taskTexts } from './texts.ts'

type Props = { task: Task; place: number; last: boolean; mayEdit: boolean; onOpen: () => void; onMove: (from: number, to: number) => void }

/** One task beside the conversation: one click does it, Alt with an arrow or a drag moves it, its title opens it. */
export function TaskLine({ task, place, last, mayEdit, onOpen, onMove }: Props) {
  const [over, setOver] = useState(false)
  const onKeyDown = (event: KeyboardEvent) => {
    if (!mayEdit || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onMove(place, place + (event.key === 'ArrowUp' ? -1 : 1))
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const from = Number(event.dataTransfer.getData('text/x-task-place') || Number.NaN)
    if (!Number.isNaN(from)) onMove(from, place)
  }
  return (
    <li
      className={styles.line}
      data-over={over || undefined}
      data-settled={task.state !== 'open' || undefined}
      onKeyDown={onKeyDown}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {mayEdit && (
        <span
          className={styles.grip}
          draggable
          aria-hidden="true"
          onDragStart={(event) => event.dataTransfer.setData('text/x-task-place', String(place))}
        >
          <IconGripVertical size={14} />
        </span>
      )}
      <DoneButton task={task} mayEdit={mayEdit} />
      <div className={styles.body}>
        <button type="button" className={styles.title} onClick={onOpen}>
          {task.title}
        </button>
        <TaskFacts task={task} />
        {task.items.length > 0 && <Checks task={task} mayEdit={mayEdit} />}
      </div>
      {mayEdit && <TaskMenu task={task} place={place} last={last} onOpen={onOpen} onMove={onMove} />}
    </li>
  )
}

export function DoneButton({ task, mayEdit }: { task: Task; mayEdit: boolean }) {
  const t = useTexts(taskTexts)
  const open = task.state === 'open'
  const icon = open ? (
    isWaiting(task) ? (
      <IconHourglass size={18} stroke={1.6} />
    ) : (
      <IconCircle size={18} stroke={1.6} />
    )
  ) : task.state === 'done' ? (
    <IconCircleCheck size={18} className={styles.done} />
  ) : (
    <IconCircleMinus size={18} />
  )
  const label = t(open ? 'doIt' : 'undoIt', { title: task.title })
  return <IconButton label={label} icon={icon} disabled={!mayEdit} onClick={() => void (open ? settle(task) : reopen(task))} />
}

/** Who, until when, what stands before it: words, never colour alone. */
export function TaskFacts({ task }: { task: Task }) {
  const t = useTexts(taskTexts)
  const formats = useFormats()
  const now = useNow()
  const parts: { key: string; text: string; bad?: boolean }[] = []
  const holder = [task.assignee?.name, task.team?.name].filter(Boolean).join(' · ')
  if (holder && task.state === 'open') parts.push({ key: 'who', text: holder })
  if (task.state === 'not-needed') parts.push({ key: 'state', text: t('notNeeded') })
  if (task.state !== 'open' && task.settledAt)
    parts.push({ key: 'by', text: t('settledBy', { name: task.settledBy?.name ?? t('somebody'), when: formats.brief(task.settledAt) }) })
  if (task.state === 'open' && task.dueAt) {
    const overdue = isOverdue(task, now)
    const when = formats.relative(task.dueAt, now)
    parts.push({ key: 'due', text: `${overdue ? `${t('overdue')}, ` : ''}${t('dueAt', { when })}`, bad: overdue })
  }
  if (isWaiting(task) && task.after) parts.push({ key: 'after', text: t('waits', { title: task.after.title }) })
  if (task.state === 'open' && task.mandatory) parts.push({ key: 'must', text: t('mandatoryMark') })
  if (parts.length === 0) return null
  return (
    <span className={styles.facts}>
      {parts.map((part) => (
        <span key={part.key} data-bad={part.bad || undefined}>
          {part.text}
        </span>
      ))}
    </span>
  )
}

function Checks({ task, mayEdit }: { task: Task; mayEdit: boolean }) {
  const t = useTexts(taskTexts)
  const formats = useFormats()
  const done = task.items.filter((item) => item.ticked).length
  const [open, setOpen] = useState(false)
  return (
    <div className={styles.checks}>
      <button type="button" className={styles.checksHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={styles.bar} aria-hidden="true">
          <span style={{ width: `${(done / task.items.length) * 100}%` }} />
        </span>
        {t('checksOf', { done, all: task.items.length })}
      </button>
      {open && (
        <ul>
          {task.items.map((item) => {
            const who = item.ticked?.by && t('tickedBy', { name: item.ticked.by.name, when: formats.brief(item.ticked.at) })
            return (
              <li key={item.id}>
                <label className={styles.check} title={who ?? undefined}>
                  <input
                    type="checkbox"
                    checked={item.ticked !== null}
                    disabled={!mayEdit}
                    onChange={(event) => void tick(task, item.id, event.currentTarget.checked)}
                  />
                  <span>{item.title}</span>
                </label>
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}

function TaskMenu({ task, place, last, onOpen, onMove }: Omit<Props, 'mayEdit'>) {
  const t = useTexts(taskTexts)
  const me = useMe()
  const [confirm, question] = useConfirm()
  const ask = async () => {
    const title = t('removeTitle', { title: task.title })
    if (await confirm({ title, text: t('removeText'), action: t('remove'), danger: true })) await remove(task)
  }
  const open = task.state === 'open'
  return (
    <>
      <Menu
        end
        target={<IconButton label={t('more', { title: task.title })} icon={<IconDots size={16} />} size={24} />}
        entries={[
          { key: 'edit', label: t('edit'), run: onOpen },
          open && task.assignee?.id !== me.id && { key: 'me', label: t('toMe'), run: () => void change(task, { assigneeId: me.id }) },
          open && { key: 'not', label: t('notNeeded'), icon: <IconCheck size={16} />, run: () => void settle(task, 'not-needed') },
          !open && { key: 'again', label: t('reopen'), run: () => void reopen(task) },
          place > 0 && { key: 'up', label: t('up'), keys: 'alt+up', run: () => onMove(place, place - 1) },
          !last && { key: 'down', label: t('down'), keys: 'alt+down', run: () => onMove(place, place + 1) },
          { key: 'line', divider: true },
          { key: 'remove', label: t('remove'), danger: true, run: () => void ask() },
        ]}
      />
      {question}
    </>
  )
}
