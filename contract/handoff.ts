import { z } from 'zod'
import { prose } from './endpoint.ts'

/** The note with which a ticket is handed to another team: freely, or by its parts, of which a team may ask for some. */
export const handoffParts = ['found', 'tried', 'expected'] as const
export type HandoffPart = (typeof handoffParts)[number]
const part = prose(5000).default('')
export const handoff = z.strictObject({ found: part, tried: part, expected: part })
export type Handoff = z.infer<typeof handoff>
export const freeNote = prose(20_000).default('')

type Note = { note: string; parts?: Handoff | undefined }
export const saysSomething = ({ note, parts }: Note): boolean => [note, ...Object.values(parts ?? {})].some((text) => text.trim() !== '')
export const needsNote = { path: ['note'], error: 'Say what was found and what is expected.' }
