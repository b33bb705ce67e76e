import type { Kernel } from '../../kernel/context.ts'
import { round } from './actions-watch.ts'

/** Beside the jobs, and independent of them: a node's own timer. Rounds never overlap; one that fails is tried again. */
const everyMilliseconds = 15_000

export function startPager(kernel: Kernel): { stop(): Promise<void> } {
  let running: Promise<void> | undefined
  const turn = () => {
    running ??= round(kernel)
      .catch((cause: unknown) => kernel.log.error('the pager’s round failed', cause))
      .finally(() => {
        running = undefined
      })
  }
  turn()
  const timer = setInterval(turn, everyMilliseconds)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
