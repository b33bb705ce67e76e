import type { Actor } from './actor.ts'

/**
 * Who stands behind a token, remembered for one second and for reading only: a screen asks for several things at once,
 * and each would look the same person up. Whatever is written outside of tickets and mail forgets everybody, so on this
 * node a taken right counts at once, and on others within the second.
 */
export type ActorMemory = {
  recall(tokenHash: Buffer): Actor | undefined
  remember(tokenHash: Buffer, actor: Actor): void
  forgetAll(): void
}

const second = 1000

export function actorMemory(clock: () => number): ActorMemory {
  const known = new Map<string, { actor: Actor; until: number }>()
  return {
    recall(tokenHash) {
      const found = known.get(tokenHash.toString('base64'))
      return found && found.until > clock() ? found.actor : undefined
    },
    remember(tokenHash, actor) {
      if (known.size > 5000) known.clear()
      known.set(tokenHash.toString('base64'), { actor, until: clock() + second })
    },
    forgetAll: () => known.clear(),
  }
}

/** Events that can change nobody's rights. */
const harmless = /^(ticket|mail|notice|demo)\./
export const mayChangeRights = (eventType: string): boolean => !harmless.test(eventType)
