import { statfs } from 'node:fs/promises'
import { Problem } from './problem.ts'

/** How much room a disk has, and the last piece of it that nobody's mail or file may take (fault case FT-04). */
export type Room = { size: number; free: number }

/** undefined where the system cannot say. */
export async function roomOn(folder: string): Promise<Room | undefined> {
  try {
    const { bsize, blocks, bavail } = await statfs(folder)
    return { size: blocks * bsize, free: bavail * bsize }
  } catch {
    return undefined
  }
}

/** PostgreSQL halts when its log finds no room: so what comes from outside is refused while there is still some. */
export const reserveOf = ({ size }: Room): number => Math.min(256 * 1024 * 1024, size / 100)

export async function refuseWithoutRoom(folder: string): Promise<void> {
  const room = await roomOn(folder)
  if (room && room.free < reserveOf(room)) throw noRoom()
}

export const noRoom = (): Problem =>
  new Problem('unavailable', 'The disk of this desk is full: no file and no mail can be taken. An administrator must make room.')
