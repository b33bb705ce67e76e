import type { Me } from '../../../contract/people.ts'
import { type Body, call } from '../../kernel/call.ts'
import { applyKeys, type KeyChoices } from '../../kernel/keyboard.ts'
import { queries } from '../../kernel/query.ts'
import { meQuery } from '../../kernel/session.ts'
import { toastProblem } from '../../ui/Toast.tsx'

/** What I chose for my own screens is kept with my account: shown at once, taken back when it is refused. */
async function saveMine(change: Body<'PATCH /api/me'>, shown: Partial<Me>): Promise<void> {
  const before = queries.getQueryData<Me>(meQuery.queryKey)
  const show = (me: Me | undefined) => {
    if (!me) return
    queries.setQueryData<Me>(meQuery.queryKey, me)
    applyKeys(me.keyboard)
  }
  show(before && { ...before, ...shown })
  try {
    show(await call('PATCH /api/me', { body: change }))
  } catch (cause) {
    show(before)
    toastProblem(cause)
  }
}

export const saveKeys = (keyboard: KeyChoices): Promise<void> => saveMine({ keyboard }, { keyboard })

export const undoChoices = [10, 20, 30, 60] as const
export const saveUndo = (undoSeconds: (typeof undoChoices)[number] | null): Promise<void> => saveMine({ undoSeconds }, { undoSeconds })
