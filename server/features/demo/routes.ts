import type { z } from 'zod'
import { type DemoScript, type DemoThing, demo, thingKeys } from '../../../contract/demo.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import {
  isDeskAddress,
  mailboxesWithMail,
  mailsIn,
  refuseOutside,
  type ScriptState,
  sampleMail,
  sampleOf,
  scriptState,
  ticketOfMail,
  wasAnswered,
  wasRead,
  writerOf,
} from './access.ts'
import { markMailRead } from './actions-mailbox.ts'
import { noteThing, pauseScript, resumeScript, scriptMessageId } from './actions-script.ts'
import { type OwnMail, sendOwn } from './post.ts'
import { provider, story } from './provider.ts'
import { script, worker } from './script.ts'
import { letterTo, replyTo, sentMail } from './writing.ts'

/** Opens a kept mail through the parser and sanitiser at the door; the mail feature's own, handed in by app.ts. */
export type OpenRaw = (
  kernel: Kernel,
  sha256: string,
) => Promise<{ text: string; html: string | null; attachments: { name: string; size: number; mediaType: string }[] }>

function shown(state: ScriptState): DemoScript {
  const over = state.next >= script.length
  return {
    state: state.startedAt === null ? 'waiting' : over ? 'over' : state.pausedAt !== null ? 'paused' : 'running',
    sent: state.next,
    total: script.length,
    nextAt: over || state.pausedAt !== null ? null : state.nextAt,
    mails: script.map(({ key, title }, i) => ({ key, title, sent: i < state.next })),
  }
}

async function thingsOf({ db }: Context): Promise<DemoThing[]> {
  const state = await scriptState(db)
  const ticketId = await ticketOfMail(db, scriptMessageId((await sampleOf(db)).madeAt, 0))
  const answered = ticketId !== null && (await wasAnswered(db, ticketId))
  const noted = (key: DemoThing['key']) => state.things.includes(key)
  return [
    { key: 'answer', done: answered || noted('answer'), ticketId, card: 'tier-1-agent', query: null },
    {
      key: 'see-as-requester',
      done: noted('see-as-requester') || (await wasRead(db, worker.address)),
      ticketId,
      card: 'office-worker',
      query: null,
    },
    { key: 'find', done: noted('find'), ticketId: null, card: 'tier-1-agent', query: 'gateway certificate' },
    { key: 'journal', done: noted('journal'), ticketId: null, card: 'administrator', query: null },
    { key: 'own-company', done: noted('own-company'), ticketId: null, card: null, query: null },
  ]
}

type Thing = z.infer<typeof import('../../../contract/demo.ts').demoThing>['key']
const thingFrom = (key: string): Thing => {
  const found = thingKeys.find((each) => each === key)
  if (!found) throw notFound()
  return found
}

/** Written in a transaction of its own and sent after it: our own SMTP port answers from another one. */
async function post(kernel: Kernel, write: (context: Context) => Promise<OwnMail & { messageId: string }>): Promise<string> {
  const letter = await kernel.asSystem(async (context) => {
    await refuseOutside(context)
    return write(context)
  })
  await sendOwn(kernel, letter)
  return letter.messageId
}

export const demoRoutes = (openRaw: OpenRaw) =>
  routes(demo, {
    'GET /api/demo': async (context) => {
      await refuseOutside(context)
      const { cards } = await sampleOf(context.db)
      const plain = cards.map(({ key, name, role, personId }) => ({ key, name, role, personId }))
      const mine = plain.find((card) => card.personId === context.actor.id)?.key ?? null
      return {
        name: provider.name,
        story,
        cards: plain,
        card: mine,
        deskAddress: provider.desk,
        script: shown(await scriptState(context.db)),
        things: await thingsOf(context),
      }
    },
    'POST /api/demo/pause': async (context) => {
      await refuseOutside(context)
      return shown(await pauseScript(context))
    },
    'POST /api/demo/resume': async (context) => {
      await refuseOutside(context)
      return shown(await resumeScript(context))
    },
    'POST /api/demo/things/:key': async (context, { params }) => {
      await refuseOutside(context)
      await noteThing(context, thingFrom(params.key))
      return { things: await thingsOf(context) }
    },
    'GET /api/demo/mailboxes': async (context, { query }) => {
      await refuseOutside(context)
      return { items: await mailboxesWithMail(context, query.q) }
    },
    'GET /api/demo/mailboxes/:address': async (context, { params, query }) => {
      await refuseOutside(context)
      return mailsIn(context, params.address, query.limit, query.after)
    },
    'GET /api/demo/mails/:id': async (context, { params }) => {
      await refuseOutside(context)
      const { sha256, ...row } = await sampleMail(context.db, params.id)
      await markMailRead(context, params.id)
      const { to, cc } = await sentMail(context.kernel, sha256)
      return { ...row, read: true, to, cc, ...(await openRaw(context.kernel, sha256)) }
    },
    'POST /api/demo/mails/:id/reply': {
      before: (kernel, { params, body }) =>
        post(kernel, async (context) => {
          const mail = await sampleMail(context.db, params.id)
          return replyTo(kernel, mail, await writerOf(context, mail.address), body.body)
        }),
      answer: async (_context, _call, _reply, messageId: string) => ({ messageId }),
    },
    'POST /api/demo/mails': {
      before: (kernel, { body }) =>
        post(kernel, async (context) => {
          const to = body.to ?? provider.desk
          if (!(await isDeskAddress(context, to))) throw invalid('to', 'unknown', 'The desk has no such mailbox.')
          return letterTo(await writerOf(context, body.from), to, body.subject, body.body)
        }),
      answer: async (_context, _call, _reply, messageId: string) => ({ messageId }),
    },
  })
