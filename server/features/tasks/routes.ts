import { tasks } from '../../../contract/tasks.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessItem, accessTask, accessTicketAsStaff, readTask, tasksOf } from './access.ts'
import { listTasks } from './access-list.ts'
import { accessTemplate, listTemplates, readTemplate } from './access-templates.ts'
import { addTask, changeTask, orderTasks, removeTask, reopenTask, settleTask } from './actions.ts'
import { addItem, changeItem, removeItem } from './actions-items.ts'
import { addTasksFromTemplate, addTemplate, changeTemplate, removeTemplate } from './actions-templates.ts'

export const taskRoutes = routes(tasks, {
  'GET /api/tasks': (context, { query }) => listTasks(context, query),
  'GET /api/tickets/:id/tasks': async (context, { params }) => tasksOf(context, await accessTicketAsStaff(context, params.id)),
  'POST /api/tickets/:id/tasks': async (context, { params, body }) =>
    readTask(context, await addTask(context, await accessTicket(context, params.id, 'ticket.edit'), body)),
  'POST /api/tickets/:id/tasks/from-template': async (context, { params, body }) => {
    const ticket = await accessTicket(context, params.id, 'ticket.edit')
    await addTasksFromTemplate(context, ticket, body.templateId)
    return tasksOf(context, ticket)
  },
  'PUT /api/tickets/:id/tasks/order': async (context, { params, body }) => {
    const ticket = await accessTicket(context, params.id, 'ticket.edit')
    await orderTasks(context, ticket, body.ids)
    return tasksOf(context, ticket)
  },
  'PATCH /api/tasks/:id': async (context, { params, body, version }) => {
    await changeTask(context, await accessTask(context, params.id), version, body)
    return readTask(context, params.id)
  },
  'POST /api/tasks/:id/settle': async (context, { params, body }) => {
    await settleTask(context, await accessTask(context, params.id), body.state)
    return readTask(context, params.id)
  },
  'POST /api/tasks/:id/reopen': async (context, { params }) => {
    await reopenTask(context, await accessTask(context, params.id))
    return readTask(context, params.id)
  },
  'DELETE /api/tasks/:id': async (context, { params }) => removeTask(context, await accessTask(context, params.id)),
  'POST /api/tasks/:id/items': async (context, { params, body }) => {
    await addItem(context, await accessTask(context, params.id), body.title)
    return readTask(context, params.id)
  },
  'PATCH /api/task-items/:id': async (context, { params, body }) => {
    const { item, task } = await accessItem(context, params.id)
    await changeItem(context, task, item, body)
    return readTask(context, task.id)
  },
  'DELETE /api/task-items/:id': async (context, { params }) => {
    const { item, task } = await accessItem(context, params.id)
    await removeItem(context, task, item)
    return readTask(context, task.id)
  },
  'GET /api/task-templates': async (context) => ({ items: await listTemplates(context) }),
  'POST /api/task-templates': async (context, { body }) => readTemplate(context, await addTemplate(context, body)),
  'PATCH /api/task-templates/:id': async (context, { params, body, version }) => {
    await changeTemplate(context, await accessTemplate(context, params.id), version, body)
    return readTemplate(context, params.id)
  },
  'DELETE /api/task-templates/:id': async (context, { params }) => removeTemplate(context, await accessTemplate(context, params.id)),
})
