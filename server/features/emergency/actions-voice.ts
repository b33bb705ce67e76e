import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { take } from '../../kernel/limits.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { numberOf } from '../calls/access-callers.ts'
import { asDialled } from '../calls/rules.ts'
import { companySettings } from '../company/access.ts'
import { refuseBadSignature } from '../paging/actions-sms.ts'
import { callBySid, knownBy, type VoiceCall } from './access-calls.ts'
import { type LineFacts, lineByKey, tokenPlace } from './access-lines.ts'
import { hoursOf, setFor } from './access-sets.ts'
import { attach, giveUp, noteRecording, openCall } from './actions-open.ts'
import { afterKey, numberTold, type Step, severityOf, stepOf } from './rules.ts'
import { twimlFor } from './rules-twiml.ts'
import { speech } from './words.ts'

/**
 * The telephone provider tells of a call, step by step, and does what it is answered. Each step locks the call's row and
 * counts only where the call stands at it: told twice, late or by two at once it changes nothing, and is answered alike.
 */
type Form = Record<string, string | string[]>
/** What PostgreSQL cannot store is left out: no call is lost by it. */
const textIn = (form: Form, name: string): string =>
  String([form[name] ?? ''].flat()[0])
    .toWellFormed()
    .replaceAll('\u0000', '')
    .trim()

export async function hearVoice(
  kernel: Kernel,
  asked: { key: string; step?: string },
  form: Form,
  client: { address: string; signature?: string },
): Promise<string> {
  const line = await kernel.asSystem(({ db }) => lineByKey(db, asked.key))
  if (!line) {
    await take(kernel, `voice-key:${client.address}`, 30, 3600)
    throw notFound()
  }
  const address = `${kernel.settings.baseUrl}/hooks/voice/${asked.key}`
  const token = line.secret === null ? undefined : kernel.secrets.open(line.secret, tokenPlace(line.id))
  refuseBadSignature(token, asked.step === undefined ? address : `${address}/${asked.step}`, form, client.signature)
  const step = asked.step === undefined ? undefined : stepOf(asked.step)
  if (asked.step !== undefined && !step) throw notFound()
  const sid = textIn(form, 'CallSid').slice(0, 200)
  if (sid === '') throw invalid('CallSid', 'missing', 'Send the CallSid of the call.')
  await take(kernel, `voice:${line.id}`, 1200, 60)
  return kernel.asSystem((context) => hearStep(context, line, { sid, step, form, address }))
}

type Told = { sid: string; step: Step; form: Form; address: string }

export async function hearStep(context: Context, line: LineFacts, { sid, step, form, address }: Told): Promise<string> {
  const before = await callBySid(context, line.id, sid)
  if (!before && step?.is === 'status') return twiml(context, line, null, address)
  if (before && step) await takeStep(context, line, before, step, form)
  else if (!before) await begin(context, line, sid, textIn(form, 'From'))
  // Last: whoever ends a call locks the call and then its line, and so does this.
  await sql`update voice_line set heard_at = ${context.now.toString()} where id = ${line.id}
    and (heard_at is null or heard_at < ${context.now.subtract({ minutes: 1 }).toString()}::timestamptz)`.execute(context.db)
  return twiml(context, line, (await callBySid(context, line.id, sid))!, address, !before || step === undefined)
}

async function begin(context: Context, line: LineFacts, sid: string, from: string): Promise<void> {
  const number = await numberOf(context, asDialled(numberTold(from)))
  const known = await knownBy(context, number)
  const { open } = await hoursOf(context, known)
  const questions = (await setFor(context, known.organisationId))?.questions ?? []
  const state = open && line.forward_to !== '' ? 'forwarded' : questions.length > 0 ? 'asking' : 'recording'
  const at = context.now.toString()
  await sql`insert into voice_call (line_id, external_id, organisation_id, person_id, number, language, state, questions, started_at, heard_at)
    values (${line.id}, ${sid}, ${known.organisationId}::bigint, ${known.personId}::bigint, ${number}::text, ${known.language ?? line.language}, ${state},
      ${JSON.stringify(questions)}::jsonb, ${at}::timestamptz, ${at}::timestamptz) on conflict (line_id, external_id) do nothing`.execute(
    context.db,
  )
}

async function takeStep(context: Context, line: LineFacts, call: VoiceCall, step: NonNullable<Step>, form: Form): Promise<void> {
  if (step.is === 'answer') return keepAnswer(context, call, step, textIn(form, 'Digits'))
  if (step.is === 'said') return keepSaid(context, call, form)
  if (step.is === 'text') return keepWords(context, call, textIn(form, 'TranscriptionText'))
  if (step.is === 'dialled') return afterDial(context, line, call, textIn(form, 'DialCallStatus'))
  const over = ['completed', 'busy', 'failed', 'no-answer', 'canceled'].includes(textIn(form, 'CallStatus'))
  if (over) await giveUp(context, call)
}

async function keepAnswer(context: Context, call: VoiceCall, step: { nth: number; tries: number }, key: string): Promise<void> {
  if (call.state !== 'asking' || step.nth !== call.answers.length || step.tries !== call.tries) return
  const { answers, tries } = afterKey(call, key)
  const state = answers.length < call.questions.length ? 'asking' : 'recording'
  await sql`update voice_call set answers = ${JSON.stringify(answers)}::jsonb, tries = ${tries}, state = ${state}, heard_at = ${context.now.toString()}
    where id = ${call.id}`.execute(context.db)
}

/** Providers tell the end of a call and what was said in it in any order: what comes late is kept all the same, once. */
async function keepSaid(context: Context, call: VoiceCall, form: Form): Promise<void> {
  const given = textIn(form, 'RecordingUrl').slice(0, 1000)
  const words = textIn(form, 'TranscriptionText').slice(0, 10_000)
  const recording = call.recording || (/^https:\/\/\S+$/.test(given) ? given : '')
  const late = call.state === 'given-up' && (recording !== '' || words !== '')
  if (call.state !== 'recording' && call.state !== 'opened' && !late) return
  await sql`update voice_call set recording = ${recording} where id = ${call.id}`.execute(context.db)
  if (call.state === 'opened') {
    if (call.ticket_id !== null && call.recording !== recording) await noteRecording(context, call.ticket_id, { ...call, recording })
    return keepWords(context, call, words)
  }
  const now = { ...call, recording, words: call.words || words }
  await sql`update voice_call set words = ${now.words} where id = ${call.id}`.execute(context.db)
  await openCall(context, now, false)
}

/** It mostly comes minutes after the call: what was said is then added to the ticket, once. */
async function keepWords(context: Context, call: VoiceCall, text: string): Promise<void> {
  const words = text.slice(0, 10_000)
  if (words === '' || call.words !== '') return
  await sql`update voice_call set words = ${words} where id = ${call.id}`.execute(context.db)
  if (call.state === 'given-up') return openCall(context, { ...call, words }, false)
  if (call.ticket_id === null || call.person_id === null) return
  const found = await sql<{
    name: string
    email: string | null
  }>`select name, email::text as email from person where id = ${call.person_id}`.execute(context.db)
  const asker = { id: call.person_id, name: found.rows[0]?.name ?? '', email: found.rows[0]?.email ?? null }
  await attach(context, call.ticket_id, asker, `${speech[call.language].said}: ${words}`)
}

/** Nobody took it although it was in hours: then the questions are asked. */
async function afterDial(context: Context, line: LineFacts, call: VoiceCall, status: string): Promise<void> {
  if (call.state !== 'forwarded') return
  const next = status === 'completed' || line.forward_to === '' ? 'taken' : call.questions.length > 0 ? 'asking' : 'recording'
  await sql`update voice_call set state = ${next}, heard_at = ${context.now.toString()} where id = ${call.id}`.execute(context.db)
}

async function twiml(context: Context, line: LineFacts, call: VoiceCall | null, address: string, fresh = false): Promise<string> {
  const { name } = await companySettings(context.db)
  const language = call?.language ?? line.language
  const greeting = line.greeting[language] || speech[language].greeting(name)
  const voice = { greeting, forwardTo: line.forward_to, maxSeconds: line.max_seconds, address }
  const ended = { state: 'given-up' as const, questions: [], answers: [], tries: 0, ticket_id: null, paged: 'no' as const }
  const { state, questions, answers, tries, ticket_id, paged } = call ?? ended
  const waits = severityOf(questions, answers).leadsTo === 'wait'
  const outcome = paged === 'yes' ? 'paged' : waits ? 'waits' : 'noted'
  return twimlFor({ state, questions, answers, tries, language, ticketId: ticket_id, outcome, fresh }, voice)
}
