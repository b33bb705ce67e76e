import type { Kernel } from './kernel/context.ts'

/** What `npm start` opens beside the web: mail in, mailbox watchers; and what it says at the end. */
export type Doors = { close(): Promise<void>; sayFirstSteps(): Promise<void> }

export async function openDoors(_kernel: Kernel, _say: (line: string) => void): Promise<Doors> {
  return { close: async () => {}, sayFirstSteps: async () => {} }
}

export async function prepareDemo(_kernel: Kernel, _say: (line: string) => void): Promise<void> {}
