import { paging } from '../../../contract/paging.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { take } from '../../kernel/limits.ts'
import { invalid, notFound, Problem } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessPage, listPages, pagesOf, readPage } from './access.ts'
import { accessChannel, myPaging, readChannel } from './access-channels.ts'
import { pagesToHandOver } from './access-handover.ts'
import { accessPolicy, accessRule, listPolicies, listRules, policyById, policyOfTeam, readPolicy, readRule } from './access-policies.ts'
import { shownPaging, vapidKeys } from './access-settings.ts'
import { refuseUnseeing } from './access-targets.ts'
import { acknowledgePages, callForHelp, endPage, passOn, passTo } from './actions-acts.ts'
import { beginPage } from './actions-begin.ts'
import { addChannel, changeChannel, noteTest, removeChannel, testChannel } from './actions-channels.ts'
import { actByLink, lookAtLink } from './actions-links.ts'
import { addPolicy, addRule, archivePolicy, archiveRule, changePolicy, changeRule } from './actions-policies.ts'
import { hearReply, hearStatus } from './actions-sms.ts'
import { changePagingSettings } from './actions-watch.ts'
import type { Outcome } from './senders.ts'

/** By a link: whoever guesses links is slowed down before anything is looked up. */
async function byLink<T>(kernel: Kernel, client: { address: string }, work: (context: Context) => Promise<T>): Promise<T> {
  await take(kernel, `page-links:${client.address}`, 120, 3600)
  return kernel.asSystem(work)
}
type Linked = Awaited<ReturnType<typeof lookAtLink>>
const me = (context: Context): string => context.actor.id ?? '0'
const done = async (context: Context, id: string) => ({ page: await readPage(context, id) })

export const pagingRoutes = routes(paging, {
  'GET /api/paging/policies': async (context) => ({ items: await listPolicies(context) }),
  'POST /api/paging/policies': async (context, { body }) => readPolicy(context, await addPolicy(context, body)),
  'PATCH /api/paging/policies/:id': async (context, { params, body, version }) => {
    await changePolicy(context, await accessPolicy(context, params.id), version, body)
    return readPolicy(context, params.id)
  },
  'DELETE /api/paging/policies/:id': async (context, { params }) => archivePolicy(context, await accessPolicy(context, params.id)),
  'GET /api/paging/rules': async (context) => ({ items: await listRules(context) }),
  'POST /api/paging/rules': async (context, { body }) => readRule(context, await addRule(context, body)),
  'PATCH /api/paging/rules/:id': async (context, { params, body, version }) => {
    await changeRule(context, await accessRule(context, params.id), version, body)
    return readRule(context, params.id)
  },
  'DELETE /api/paging/rules/:id': async (context, { params }) => archiveRule(context, await accessRule(context, params.id)),
  'GET /api/paging/settings': (context) => shownPaging(context),
  'PATCH /api/paging/settings': async (context, { body }) => {
    await changePagingSettings(context, body)
    return shownPaging(context)
  },
  'GET /api/me/paging': {
    // Its keys are made when they are first asked for, which a reading transaction may not.
    before: async (kernel) => (await kernel.asSystem(({ db }) => vapidKeys(kernel, db))).publicKey,
    answer: (context, _call, _reply, pushKey: string) => myPaging(context, pushKey),
  },
  'POST /api/me/paging/channels': async (context, { body }) => readChannel(context, await addChannel(context, body)),
  'PATCH /api/me/paging/channels/:id': async (context, { params, body, version }) => {
    await changeChannel(context, await accessChannel(context, params.id), version, body)
    return readChannel(context, params.id)
  },
  'DELETE /api/me/paging/channels/:id': async (context, { params }) => removeChannel(context, await accessChannel(context, params.id)),
  'POST /api/me/paging/channels/:id/test': {
    before: async (kernel, { params }, actor) => {
      if (actor.id === null) throw notFound()
      await take(kernel, `paging-test:${actor.id}`, 20, 3600)
      return testChannel(kernel, actor.id, params.id)
    },
    answer: (context, { params }, _reply, outcome: Outcome) => noteTest(context, params.id, outcome),
  },
  'GET /api/pages': (context, { query }) => listPages(context, query),
  'GET /api/pages/:id': (context, { params }) => readPage(context, params.id),
  'GET /api/rotas/:id/open-pages': async (context, { params }) => ({ items: await pagesToHandOver(context, params.id) }),
  'GET /api/tickets/:id/pages': async (context, { params }) => ({ items: await pagesOf(context, params.id) }),
  'POST /api/tickets/:id/pages': async (context, { params, body }) => {
    const ticket = await accessTicket(context, params.id, 'ticket.edit')
    if (['resolved', 'closed', 'cancelled'].includes(ticket.meaning))
      throw new Problem('ticket_closed', 'Nobody is woken for a ticket that is done. Open it again first.')
    if (body.personId) await refuseUnseeing(context, ticket.id, body.personId)
    const policy = body.policyId
      ? await policyById(context, body.policyId)
      : ticket.team_id && !body.personId
        ? await policyOfTeam(context, ticket.team_id)
        : undefined
    if (!policy && !body.personId)
      throw invalid('policyId', 'missing', 'The team that has this ticket has no paging policy. Choose a policy or a person.')
    const id = await beginPage(context, {
      ticketId: ticket.id,
      organisationId: ticket.organisation_id,
      why: 'hand',
      policy,
      personId: body.personId ?? undefined,
      byId: context.actor.id,
      urgency: body.urgency,
      note: body.note.trim(),
    })
    if (id === null) throw new Problem('already_exists', 'This ticket rings already. Pass the page on, or call for help.')
    return readPage(context, id)
  },
  'POST /api/pages/:id/acknowledge': async (context, { params }) => {
    const page = await accessPage(context, params.id)
    await acknowledgePages(context, [page.id], me(context), 'app')
    return done(context, page.id)
  },
  'POST /api/pages/:id/pass-on': async (context, { params, body }) => {
    const page = await accessPage(context, params.id)
    if (body.personId) await passTo(context, page, body.personId)
    else await passOn(context, [page.id], context.actor.id)
    return done(context, page.id)
  },
  'POST /api/pages/:id/help': async (context, { params, body }) => {
    const page = await accessPage(context, params.id)
    if (body.personId) await refuseUnseeing(context, page.ticket_id, body.personId)
    if ((await callForHelp(context, page.id, context.actor.id, { ...body, note: body.note.trim() })) === null)
      throw invalid('policyId', 'unknown', 'This page has ended, or the policy is no longer there. Look again.')
    return done(context, page.id)
  },
  'POST /api/pages/:id/end': async (context, { params }) => {
    const page = await accessPage(context, params.id)
    await endPage(context, page.id)
    return done(context, page.id)
  },
  'POST /api/page-links/look': {
    before: (kernel, { body, client }) => byLink(kernel, client, (context) => lookAtLink(context, body.token)),
    answer: async (_context, _call, _reply, page: Linked) => page,
  },
  'POST /api/page-links/act': {
    before: (kernel, { body, client }) => byLink(kernel, client, (context) => actByLink(context, body.token, body.do, body.policyId)),
    answer: async (_context, _call, _reply, page: Linked) => page,
  },
  'POST /api/paging/sms/reply': {
    before: (kernel, { body, client }) => hearReply(kernel, body, client.signature),
    answer: async (_context, _call, _reply, heard: Awaited<ReturnType<typeof hearReply>>) => heard,
  },
  'POST /api/paging/sms/status': {
    before: (kernel, { body, client }) => hearStatus(kernel, body, client.signature),
    answer: async () => ({}),
  },
})
