import type { Kernel } from '../../kernel/context.ts'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { Problem } from '../../kernel/problem.ts'
import { dueRecurring, makeDue } from './actions-recurring.ts'
import { dropOne, forgottenReplies, sendIfDue } from './actions-scheduled.ts'
import { switchOffBroken } from './actions-switch-off.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'readymade.make-due': Record<string, never>
    'readymade.look-after': Record<string, never>
  }
}

async function sendReply(kernel: Kernel, id: string): Promise<void> {
  try {
    await kernel.asSystem((context) => sendIfDue(context, id))
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    await kernel.asSystem((context) => dropOne(context, id))
  }
}

export const readymadeJobs = jobs({
  /** What can no longer be sent (closed, merged, its writer gone) goes back to its writer, once; anything else is tried again. */
  'readymade.send-reply': (kernel, { id }) => sendReply(kernel, id),
  /** Also looks after replies whose own job was lost: a restored backup, or history that was written afterwards. */
  'readymade.make-due': async (kernel) => {
    for (const id of await kernel.asSystem((context) => forgottenReplies(context))) await sendReply(kernel, id)
    const due = await kernel.asSystem((context) => dueRecurring(context))
    for (const id of due)
      await kernel
        .asSystem((context) => makeDue(context, id))
        .catch((cause) => kernel.log.error('a recurring ticket was not made', cause, { recurring: id }))
  },
  'readymade.look-after': (kernel) => kernel.asSystem((context) => switchOffBroken(context)),
})

export const readymadeSchedules: Schedule[] = [
  { name: 'readymade.make-due', cron: '* * * * *' },
  { name: 'readymade.look-after', cron: '41 * * * *' },
]
