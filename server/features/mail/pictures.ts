import type { Actor } from '../../kernel/actor.ts'
import type { Kernel } from '../../kernel/context.ts'
import { take } from '../../kernel/limits.ts'
import { readFromStranger } from '../../kernel/outbound-stranger.ts'
import { notFound } from '../../kernel/problem.ts'
import type { FileOut } from '../../kernel/routes.ts'
import { mayStillSee } from './access-pictures.ts'

/**
 * Pictures of the web in a mail. They are held back until the reader asks; then we fetch them, so that the sender
 * learns neither who reads nor from where. The reader's browser gets addresses of ours that are sealed (nobody can make
 * one up) and hold for one person, one message, one picture and one hour.
 */
declare module '../../kernel/context.ts' {
  interface Outside {
    /** For tests, whose strangers live on this machine. */
    picturesFromAnywhere?: true
  }
}
export type Picture = { personId: string; messageId: string; url: string; until: number }

const most = 5 * 1024 * 1024
const seconds = 10
const holds = 3_600_000
const place = { table: 'message', column: 'html', row: 'picture' }

export function sealPicture(kernel: Kernel, picture: Omit<Picture, 'until'>): string {
  const until = kernel.clock.now().epochMilliseconds + holds
  return `/api/mail/picture?of=${kernel.secrets.seal(JSON.stringify({ ...picture, until }), place).toString('base64url')}`
}

function opened(kernel: Kernel, sealed: string): Picture | undefined {
  try {
    return JSON.parse(kernel.secrets.open(Buffer.from(sealed, 'base64url'), place)) as Picture
  } catch {
    return undefined
  }
}

/** Outside the request's transaction. Whatever is wrong, the answer is that there is nothing. */
export async function fetchPicture(kernel: Kernel, actor: Actor, sealed: string): Promise<FileOut> {
  const picture = opened(kernel, sealed)
  if (!picture || picture.personId !== actor.id || picture.until < kernel.clock.now().epochMilliseconds) throw notFound()
  await take(kernel, `pictures:${actor.id}`, 2000, 3600)
  if (!(await mayStillSee(kernel, actor, picture.messageId))) throw notFound()
  const bytes = await readFromStranger(picture.url, { most, seconds, ...(kernel.outside.picturesFromAnywhere ? { anywhere: true } : {}) })
  const mediaType = bytes && rasterType(bytes)
  if (!bytes || !mediaType) throw notFound()
  return { content: bytes, name: `picture.${mediaType.slice('image/'.length)}`, mediaType, size: bytes.length, inline: true }
}

/** By its first bytes, never by what the stranger's server calls it. */
export function rasterType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(head)) return 'image/gif'
  if (/^RIFF[\s\S]{4}WEBP/.test(head)) return 'image/webp'
  return undefined
}
