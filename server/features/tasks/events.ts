/** What happens to tasks. Ids, codes and numbers only: titles live in their rows. */
type Holder = { teamId: string | null; assigneeId: string | null }
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'task.added': Holder & { taskId: string; mandatory: boolean; templateId: string | null }
    'task.changed': Holder & { taskId: string; fields: string[]; fromTeamId: string | null; fromAssigneeId: string | null }
    'task.done': { taskId: string; state: 'done' | 'not-needed' }
    'task.reopened': { taskId: string }
    'task.removed': { taskId: string }
    'task.item-changed': { taskId: string; itemId: string; what: 'added' | 'ticked' | 'unticked' | 'reworded' | 'removed' }
    'tasks.ordered': { ids: string[] }
    'task-template.added': Record<string, never>
    'task-template.changed': { fields: string[] }
    'task-template.removed': Record<string, never>
  }
}

export {}
