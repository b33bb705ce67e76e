import { oidc } from '../../../contract/oidc.ts'
import { notFound, Problem } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import {
  accessEnabledProvider,
  accessProvider,
  mayEditProviders,
  readIdentities,
  readOneProvider,
  readProvider,
  readProviders,
  readWays,
} from './access-oidc.ts'
import { accessMyself, accessMyselfFresh } from './access-security.ts'
import { admitByProvider, type Back, bindBrowser, keepBegun, ownPath, weighBack } from './actions-oidc.ts'
import { addressAt, providerRefused, testProvider } from './actions-oidc-exchange.ts'
import { connectAccount, disconnectAccount, enterByAccount, spendConfirm } from './actions-oidc-people.ts'
import { addProvider, changeProvider, disableProvider, enableProvider, orderProviders, removeProvider } from './actions-oidc-providers.ts'
import { asProgram, limitClient, limitPerson } from './actions-sign-in.ts'
import { accountOf } from './rules-oidc.ts'

type Away = Awaited<ReturnType<typeof addressAt>> & { provider: Awaited<ReturnType<typeof accessEnabledProvider>> }

export const oidcRoutes = routes(oidc, {
  'GET /api/sign-in/providers': async (context) => ({ items: await readWays(context.db) }),
  'POST /api/sign-in/providers/:id/start': {
    before: async (kernel, { params, client, body }) => {
      await limitClient(kernel, 'oidc', client, 60, 300)
      ownPath(body.next)
      const provider = await kernel.asSystem((context) => accessEnabledProvider(context.db, params.id))
      return { provider, ...(await addressAt(kernel, provider)) }
    },
    answer: async (context, { body, client }, reply, { provider, begun, address }: Away) => {
      const binding = bindBrowser(client, reply)
      await keepBegun(context, { provider, begun, mode: 'sign-in', personId: null, path: ownPath(body.next), binding })
      return { address }
    },
  },
  'POST /api/sign-in/providers/:id/back': {
    before: (kernel, { params, body, client }) => weighBack(kernel, params.id, body, client),
    answer: async (context, { client }, reply, back: Back) => {
      const { provider, proven, path } = back
      const account = accountOf(proven.claims, provider)
      if (back.mode === 'connect') {
        // Whoever began, and still sits here: an answer that somebody else carried in connects nothing.
        const { id } = accessMyself(context)
        if (id !== back.personId) throw providerRefused('other_person')
        await connectAccount(await asProgram(context), provider, account, id)
        return { next: 'connected' as const, path, confirm: null }
      }
      const program = await asProgram(context)
      const entered = await enterByAccount(program, provider, account, bindBrowser(client, reply))
      if ('confirm' in entered) return { next: 'confirm' as const, path, confirm: entered.confirm }
      const admission = { provider, identityId: entered.identityId, idToken: proven.idToken, secondFactor: account.secondFactor }
      const next = await admitByProvider({ ...program, actor: context.actor }, entered.personId, admission, client, reply)
      return { next, path, confirm: null }
    },
  },
  'GET /api/me/identities': async (context) => ({ items: await readIdentities(context), providers: await readWays(context.db) }),
  'POST /api/me/identities/start': {
    before: async (kernel, { body }, actor) => {
      if (actor.id === null || actor.sessionId === null)
        throw new Problem('not_allowed', 'This is done in the browser, not with an API token.')
      await limitPerson(kernel, 'oidc-connect', actor.id, 20, 300)
      ownPath(body.next)
      const provider = await kernel.asSystem((context) => accessEnabledProvider(context.db, body.providerId))
      return { provider, ...(await addressAt(kernel, provider)) }
    },
    answer: async (context, { body, client }, reply, { provider, begun, address }: Away) => {
      const { id } = accessMyselfFresh(context)
      const binding = bindBrowser(client, reply)
      await keepBegun(context, { provider, begun, mode: 'connect', personId: id, path: ownPath(body.next), binding })
      return { address }
    },
  },
  'POST /api/me/identities/confirm': async (context, { body, client }) => {
    const myself = accessMyselfFresh(context)
    const waiting = await spendConfirm(context, myself, body.confirm, client)
    const provider = await accessEnabledProvider(context.db, waiting.providerId)
    const id = await connectAccount(context, provider, waiting, myself.id)
    const made = (await readIdentities(context)).find((identity) => identity.id === id)
    if (!made) throw notFound()
    return made
  },
  'DELETE /api/me/identities/:id': (context, { params }) => disconnectAccount(context, accessMyselfFresh(context).id, params.id),
  'GET /api/oidc-providers': async (context) => {
    mayEditProviders(context)
    return { items: await readProviders(context) }
  },
  'POST /api/oidc-providers': async (context, { body }) => {
    mayEditProviders(context)
    return readOneProvider(context, await addProvider(context, body))
  },
  'PATCH /api/oidc-providers/:id': async (context, { params, body, version }) => {
    await changeProvider(context, await accessProvider(context, params.id), version, body)
    return readOneProvider(context, params.id)
  },
  'POST /api/oidc-providers/:id/enable': async (context, { params }) => {
    await enableProvider(context, await accessProvider(context, params.id))
    return readOneProvider(context, params.id)
  },
  'POST /api/oidc-providers/:id/disable': async (context, { params }) => {
    await disableProvider(context, await accessProvider(context, params.id))
    return readOneProvider(context, params.id)
  },
  'POST /api/oidc-providers/:id/test': {
    before: async (kernel, { params }, actor) => {
      if (actor.id !== null) await limitPerson(kernel, 'oidc-test', actor.id, 30, 300)
      const provider = await kernel.asSystem((context) => readProvider(context.db, params.id))
      if (!provider) throw notFound()
      return testProvider(kernel, provider)
    },
    answer: async (_context, _call, _reply, told: Awaited<ReturnType<typeof testProvider>>) => told,
  },
  'PUT /api/oidc-providers/order': async (context, { body }) => {
    mayEditProviders(context)
    await orderProviders(context, body.ids)
    return { items: await readProviders(context) }
  },
  'DELETE /api/oidc-providers/:id': async (context, { params }) => removeProvider(context, await accessProvider(context, params.id)),
})
