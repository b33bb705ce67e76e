import type { Endpoint } from '../../../contract/endpoint.ts'
import type { sessions } from '../../../contract/sessions.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import type { Answer, Client } from '../../kernel/routes.ts'
import { companySettings } from '../company/access.ts'
import { demoCards } from '../people/access-me.ts'
import { noteVerified } from '../people/actions-people.ts'
import { lookAtLink, type OpenLink, spendLink } from './actions-links.ts'
import { leaveProvider } from './actions-oidc.ts'
import { startPasskeySignIn, weighPasskey } from './actions-passkeys.ts'
import { prepareNewPassword, setPassword } from './actions-passwords.ts'
import { endSessions } from './actions-sessions.ts'
import { isSetUp, makeFirstAdministrator } from './actions-set-up.ts'
import { admitPerson, asProgram, limitClient, limitPerson, signInFailed, weighPassword } from './actions-sign-in.ts'
import { revokeAllTokens } from './actions-tokens.ts'
import { giveSecondFactor } from './actions-totp.ts'

/** The calls by which somebody who is nobody yet becomes somebody. */
type Calls = typeof sessions
type SignIn = Extract<keyof Calls, `${string} /api/sign-in${string}` | `${string} /api/sign-out` | `${string} /api/password-reset`>

export const signInAnswers: { [N in SignIn]: Answer<N, Calls[N] & Endpoint> } = {
  'GET /api/sign-in': (context) => signInPage(context),
  'POST /api/sign-in/password': {
    before: (kernel, { body, client }) => weighPassword(kernel, body.email, body.password, client),
    answer: async (context, { client }, reply, personId: string | undefined) => {
      if (personId === undefined) throw signInFailed()
      return { next: await admitPerson(context, personId, 'password', client, reply) }
    },
  },
  'POST /api/sign-in/second-factor': {
    before: async (kernel, _, actor) => {
      if (actor.id === null || actor.sessionId === null) throw new Problem('sign_in_needed', 'Please sign in.')
      if (actor.pending === 'second-factor') await limitPerson(kernel, 'second-factor', actor.id, 5, 300)
    },
    answer: async (context, { body }, reply) => {
      const { id, sessionId, pending } = context.actor
      if (id === null || sessionId === null) throw new Problem('sign_in_needed', 'Please sign in.')
      if (pending === 'second-factor-setup') throw new Problem('second_factor_setup_needed', 'Set up a second factor first.')
      if (pending === 'second-factor') reply.setSession(await giveSecondFactor(context, id, sessionId, body.code))
      return { next: 'done' }
    },
  },
  'POST /api/sign-in/link': {
    before: (kernel, { client }) => limitClient(kernel, 'link', client, 20, 3600),
    answer: (context, { body }) => askForLink(context, body.email, 'sign-in'),
  },
  'POST /api/password-reset': {
    before: (kernel, { client }) => limitClient(kernel, 'link', client, 20, 3600),
    answer: (context, { body }) => askForLink(context, body.email, 'reset'),
  },
  'POST /api/sign-in/link/look': {
    before: async (kernel, { client, body }) => {
      await limitClient(kernel, 'link-use', client, 120, 900)
      return kernel.asSystem((context) => lookAtLink(context.db, body.token, context.now))
    },
    answer: async (_context, _call, _reply, { purpose, name, email }: OpenLink) => ({ purpose, name, email }),
  },
  'POST /api/sign-in/link/use': {
    before: (kernel, { body, client }) => prepareLinkUse(kernel, body, client),
    answer: async (context, { body, client }, reply, prepared: Prepared) => {
      const program = await asProgram(context)
      const personId = await useLink(program, body, prepared)
      return {
        purpose: prepared.link.purpose,
        next: await admitPerson({ ...program, actor: context.actor }, personId, 'link', client, reply),
      }
    },
  },
  'POST /api/sign-in/passkey/start': {
    before: (kernel, { client }) => limitClient(kernel, 'passkey', client, 60, 300),
    answer: (context) => startPasskeySignIn(context),
  },
  'POST /api/sign-in/passkey': {
    before: (kernel, { client }) => limitClient(kernel, 'passkey', client, 60, 300),
    answer: async (context, { body, client }, reply) => {
      const personId = await weighPasskey(await asProgram(context), body.challenge, body.answer, client)
      return { next: await admitPerson(context, personId, 'passkey', client, reply) }
    },
  },
  'POST /api/sign-in/demo': async (context, { body, client }, reply) => {
    const cards = await demoCards(context.db, context.kernel.settings)
    const card = cards?.find(({ key }) => key === body.card)
    if (!card) throw new Problem('demo_only', 'Cards are for the sample company on this machine only.')
    return { next: await admitPerson(context, card.personId, 'card', client, reply) }
  },
  'POST /api/sign-out': {
    before: (kernel, _, actor) => leaveProvider(kernel, actor.sessionId),
    answer: async (context, _, reply, leave: string | null) => {
      const { id, sessionId } = context.actor
      if (id !== null && sessionId !== null) await endSessions(context, id, 'sign-out', { only: sessionId })
      reply.setSession(null)
      return { leave }
    },
  },
}

async function signInPage(context: Context) {
  const { settings } = context.kernel
  const company = await companySettings(context.db)
  const host = new URL(settings.baseUrl).hostname
  const secure = settings.secure || host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
  // Browsers know passkeys for names only, and only where nobody can listen.
  const passkeys = secure && !/^[\d.]+$|^\[/.test(host)
  return {
    name: company.name,
    logo: company.logo,
    language: company.language,
    setUpDone: await isSetUp(context.db),
    ways: [...(passkeys ? (['passkey'] as const) : []), 'password' as const, 'link' as const],
    secure,
    demoCards: (await demoCards(context.db, settings)) ?? [],
    address: settings.baseUrl,
  }
}

/** Only a job is added, for known and unknown addresses alike; it decides (actions-links.ts). */
async function askForLink(context: Context, email: string, purpose: 'sign-in' | 'reset'): Promise<undefined> {
  context.later(job('session.send-link', { email, purpose }, { attempts: 5, priority: -10 }))
}

type LinkInput = { token: string; password?: string | undefined; name?: string | undefined; email?: string | undefined }
type Prepared = { link: OpenLink; hash: string | null }

async function prepareLinkUse(kernel: Kernel, body: LinkInput, client: Client): Promise<Prepared> {
  await limitClient(kernel, 'link-use', client, 120, 900)
  const link = await kernel.asSystem((context) => lookAtLink(context.db, body.token, context.now))
  const mustSet = link.purpose === 'reset' || link.purpose === 'set-up'
  if (body.password === undefined || link.purpose === 'sign-in') {
    if (mustSet) throw invalid('password', 'missing', 'Choose a password.')
    return { link, hash: null }
  }
  const own = [link.name, link.email, body.name ?? null, body.email ?? null]
  return { link, hash: await prepareNewPassword(kernel, body.password, own) }
}

async function useLink(program: Context, body: LinkInput, { link, hash }: Prepared): Promise<string> {
  await spendLink(program, body.token)
  const personId = link.personId ?? (await makeFirstAdministrator(program, body))
  // The link of the first set-up came from the console and proves no address.
  if (link.personId !== null) await noteVerified(program, personId)
  if (hash !== null) {
    await setPassword(program, personId, hash)
    await endSessions(program, personId, 'password-changed')
    // Whoever resets a password may have lost it to somebody: nothing that was made under it stays (G-090).
    if (link.purpose === 'reset') await revokeAllTokens(program, personId)
  }
  await program.record({
    type: 'link.used',
    subject: { kind: 'person', id: personId },
    audience: 'staff',
    data: { personId, purpose: link.purpose },
  })
  return personId
}
