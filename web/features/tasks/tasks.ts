import type { Task } from '../../../contract/tasks.ts'
import { type Answer, call } from '../../kernel/call.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { keyOf, queries, renew } from '../../kernel/query.ts'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { taskTexts } from './texts.ts'

/** What is done with tasks, wherever they are shown: seen at once, told to the server then, taken back when it refuses. */
export type TasksOfTicket = Answer<'GET /api/tickets/:id/tasks'>
export const tasksKey = (ticketId: string) => keyOf('GET /api/tickets/:id/tasks', { params: { id: ticketId } })

export const isOverdue = (task: Task, now: number): boolean => task.state === 'open' && task.dueAt !== null && Date.parse(task.dueAt) < now
export const isWaiting = (task: Task): boolean => task.state === 'open' && task.after?.open === true

/** `datetime-local` speaks of the wall clock here; the server of instants. */
export function wallClock(instant: string | null): string {
  if (instant === null) return ''
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
export const instantOf = (wall: string): string | null => (wall === '' ? null : new Date(wall).toISOString())

const renewTasks = () => renew('GET /api/tickets/:id/tasks', 'GET /api/tasks', 'GET /api/tickets/:id/timeline')

function show(ticketId: string, change: (items: Task[]) => Task[]): void {
  queries.setQueryData<TasksOfTicket>(tasksKey(ticketId), (known) => {
    if (!known) return known
    const items = change(known.items)
    return { ...known, items, total: items.length, settled: items.filter((task) => task.state !== 'open').length }
  })
}
function swap(next: Task): void {
  const renewed = (items: Task[]) => items.map((task) => (task.id === next.id ? next : task))
  show(next.ticket.id, renewed)
  queries.setQueriesData<{ pages: { items: Task[] }[] }>(
    { queryKey: ['GET /api/tasks'] },
    (known) => known && { ...known, pages: known.pages.map((page) => ({ ...page, items: renewed(page.items) })) },
  )
}

async function attempt(task: Task, shown: Task, ask: () => Promise<Task>): Promise<boolean> {
  // An answer that is on its way was asked for before this: it would put the old state back for a moment.
  void queries.cancelQueries({ queryKey: tasksKey(task.ticket.id) }, { revert: false })
  swap(shown)
  try {
    swap(await ask())
    return true
  } catch (cause) {
    swap(task)
    toastProblem(cause)
    return false
  } finally {
    renewTasks()
  }
}

const here = (id: string) => ({ params: { id } })

export async function settle(task: Task, state: 'done' | 'not-needed' = 'done'): Promise<void> {
  const ask = () => call('POST /api/tasks/:id/settle', { ...here(task.id), body: { state } })
  if (!(await attempt(task, { ...task, state }, ask))) return
  const t = sayIn(taskTexts)
  toast(t(state === 'done' ? 'done' : 'notNeededDone', { title: task.title }), { undo: () => void reopen({ ...task, state }) })
}

export const reopen = (task: Task): Promise<boolean> =>
  attempt(task, { ...task, state: 'open' }, () => call('POST /api/tasks/:id/reopen', { ...here(task.id), body: undefined as never }))

export function tick(task: Task, itemId: string, ticked: boolean): Promise<boolean> {
  const at = new Date().toISOString()
  const items = task.items.map((item) => (item.id === itemId ? { ...item, ticked: ticked ? { at, by: null } : null } : item))
  return attempt(task, { ...task, items }, () => call('PATCH /api/task-items/:id', { ...here(itemId), body: { ticked } }))
}

export const change = (task: Task, body: { assigneeId?: string | null }): Promise<boolean> =>
  attempt(task, task, () => call('PATCH /api/tasks/:id', { ...here(task.id), ifMatch: task.version, body }))

/** Into another place of its ticket's list; says how it stands now, for those who do not see it. */
export async function move(ticketId: string, from: number, to: number): Promise<string | undefined> {
  const known = queries.getQueryData<TasksOfTicket>(tasksKey(ticketId))
  const moved = known?.items[from]
  if (!known || !moved || from === to || to < 0 || to >= known.items.length) return undefined
  const next = known.items.filter((task) => task !== moved)
  next.splice(to, 0, moved)
  show(ticketId, () => next)
  await call('PUT /api/tickets/:id/tasks/order', { ...here(ticketId), body: { ids: next.map((task) => task.id) } }).catch(toastProblem)
  renewTasks()
  return sayIn(taskTexts)('moved', { title: moved.title, place: to + 1 })
}

export async function remove(task: Task): Promise<void> {
  show(task.ticket.id, (items) => items.filter((one) => one.id !== task.id))
  await call('DELETE /api/tasks/:id', here(task.id)).then(() => toast(sayIn(taskTexts)('removed')), toastProblem)
  renewTasks()
}
