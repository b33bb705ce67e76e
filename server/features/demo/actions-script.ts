import { sql } from 'kysely'
import { onWire, Temporal } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { type ScriptState, sampleOf, scriptState } from './access.ts'
import { sendOwn } from './post.ts'
import { script } from './script.ts'

/**
 * Twelve mails, one a minute, through the real SMTP port. The state is a setting: `next` counts what was sent; each job
 * names the mail that it is for, so one that runs twice, or after a pause, does nothing.
 */
declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'demo.next-mail': { next: number }
  }
}
export const between = { seconds: 60 }
const first = { seconds: 5 }

async function keep(context: Context, state: ScriptState): Promise<ScriptState> {
  await sql`update setting set value = ${JSON.stringify(state)}, changed_at = ${context.now.toString()} where name = 'demo_script'`.execute(
    context.db,
  )
  return state
}

function due(context: Context, next: number, wait: { seconds: number }): string {
  const at = context.now.add(wait)
  context.later(job('demo.next-mail', { next }, { at, key: 'demo.next-mail', attempts: 10 }))
  return onWire(at)
}

/** After the first sign-in through a card. */
export async function beginScript(context: Context): Promise<void> {
  const sample = await sql`select 1 from setting where name = 'demo'`.execute(context.db)
  if (sample.rows.length === 0) return
  const state = await scriptState(context.db)
  if (state.startedAt !== null) return
  await keep(context, { ...state, startedAt: onWire(context.now), nextAt: due(context, 0, first) })
}

export async function pauseScript(context: Context): Promise<ScriptState> {
  const state = await scriptState(context.db)
  if (state.pausedAt !== null || state.startedAt === null || state.next >= script.length) return state
  return keep(context, { ...state, pausedAt: onWire(context.now), nextAt: null })
}

export async function resumeScript(context: Context): Promise<ScriptState> {
  const state = await scriptState(context.db)
  if (state.pausedAt === null) return state
  return keep(context, { ...state, pausedAt: null, nextAt: due(context, state.next, { seconds: 0 }) })
}

export async function noteThing(context: Context, thing: string): Promise<void> {
  const state = await scriptState(context.db)
  if (!state.things.includes(thing)) await keep(context, { ...state, things: [...state.things, thing] })
}

/** Sent first and counted afterwards: what goes out twice is the same mail, and the journal says so. */
export async function sendNext(kernel: Kernel, next: number): Promise<void> {
  const { state, sample } = await kernel.asSystem(async ({ db }) => ({ state: await scriptState(db), sample: await sampleOf(db) }))
  const mail = script[next]
  if (!mail || state.next !== next || state.pausedAt !== null || state.startedAt === null) return
  const at = state.nextAt === null ? kernel.clock.now() : Temporal.Instant.from(state.nextAt)
  const written = await mail.write({ kernel, messageId: scriptMessageId(sample.madeAt, next), at })
  // The time at which it was due, not the clock's: sent again, it is the same mail in every header.
  await sendOwn(kernel, { ...written, date: new Date(at.epochMilliseconds) })
  await kernel.asSystem(async (context) => {
    const now = await scriptState(context.db)
    if (now.next !== next) return
    const more = next + 1 < script.length && now.pausedAt === null
    await keep(context, { ...now, next: next + 1, nextAt: more ? due(context, next + 1, between) : null })
  })
}

/** Known beforehand, so that the page finds what became of each mail. */
export const scriptMessageId = (madeAt: string, next: number): string =>
  `sample-${next + 1}.${Temporal.Instant.from(madeAt).epochMilliseconds}@post.example`
