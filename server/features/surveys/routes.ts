import { surveys } from '../../../contract/surveys.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { take } from '../../kernel/limits.ts'
import { notFound } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessSurvey, shownSettings, surveysOf } from './access.ts'
import { askedOf, byToken, type FoundSurvey, ofRequester } from './access-asked.ts'
import { figuresOf, listSurveys, surveysAsCsv } from './access-list.ts'
import { changeSettings, eraseComment } from './actions.ts'
import { answer } from './actions-answers.ts'

/** By a link: whoever guesses links is slowed down before anything is looked up. */
async function byLink<T>(kernel: Kernel, client: { address: string }, work: (context: Context) => Promise<T>): Promise<T> {
  await take(kernel, `surveys:${client.address}`, 60, 3600)
  return kernel.asSystem(work)
}
const mineOf = (found: FoundSurvey | undefined) => {
  if (!found) return { survey: null }
  const { company: _c, language: _l, ...survey } = askedOf(found)
  return { survey }
}

export const surveyRoutes = routes(surveys, {
  'GET /api/surveys': (context, { query }) => listSurveys(context, query),
  'GET /api/surveys/csv': async (context, { query }) => ({
    content: await surveysAsCsv(context, query),
    name: `${['satisfaction', query.from, query.to].filter(Boolean).join('-')}.csv`,
    mediaType: 'text/csv',
  }),
  'GET /api/surveys/figures': (context, { query }) => figuresOf(context, query),
  'GET /api/surveys/settings': (context) => shownSettings(context),
  'PATCH /api/surveys/settings': async (context, { body }) => {
    await changeSettings(context, body)
    return shownSettings(context)
  },
  'DELETE /api/surveys/:id/comment': async (context, { params }) => eraseComment(context, await accessSurvey(context, params.id)),
  'GET /api/tickets/:id/surveys': async (context, { params }) => ({
    items: await surveysOf(context, await accessTicket(context, params.id, 'ticket.see')),
  }),
  'GET /api/tickets/:id/my-survey': async (context, { params }) => {
    const ticket = await accessTicket(context, params.id, 'ticket.see')
    return mineOf(await ofRequester(context, ticket.id, context.actor.id ?? '0'))
  },
  'POST /api/tickets/:id/my-survey': {
    before: (kernel, { params, body }, actor) =>
      kernel.asSystem(async (context) => {
        const found = /^\d{1,18}$/.test(params.id) ? await ofRequester(context, params.id, actor.id ?? '0') : undefined
        if (!found) throw notFound()
        return mineOf(await answer(context, found, body, 'portal'))
      }),
    answer: async (_context, _call, _reply, mine: ReturnType<typeof mineOf>) => mine,
  },
  'POST /api/surveys/look': {
    before: (kernel, { body, client }) => byLink(kernel, client, async (context) => askedOf(await byToken(context, body.token))),
    answer: async (_context, _call, _reply, asked: ReturnType<typeof askedOf>) => asked,
  },
  'POST /api/surveys/answer': {
    before: (kernel, { body, client }) =>
      byLink(kernel, client, async (context) => askedOf(await answer(context, await byToken(context, body.token), body, 'mail'))),
    answer: async (_context, _call, _reply, asked: ReturnType<typeof askedOf>) => asked,
  },
})
