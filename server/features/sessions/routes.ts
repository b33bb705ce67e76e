import { sessions } from '../../../contract/sessions.ts'
import { Problem } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { accessPerson } from '../people/access.ts'
import { accessMyself, accessMyselfFresh, readSecurity, readToken } from './access-security.ts'
import { sendInvitation } from './actions-links.ts'
import { addPasskey, removePasskey, startPasskey } from './actions-passkeys.ts'
import { prepareOwnPassword, setPassword } from './actions-passwords.ts'
import { endOneSession, endSessions } from './actions-sessions.ts'
import { limitPerson } from './actions-sign-in.ts'
import { makeToken, revokeAllTokens, revokeToken } from './actions-tokens.ts'
import { confirmTotp, removeTotp, resetSecondFactor, startTotp } from './actions-totp.ts'
import { signInAnswers } from './routes-sign-in.ts'

export const sessionRoutes = routes(sessions, {
  ...signInAnswers,
  'PUT /api/me/password': {
    before: (kernel, { body }, actor) => {
      if (actor.sessionId === null) throw new Problem('not_allowed', 'This is done in the browser, not with an API token.')
      return prepareOwnPassword(kernel, actor, body)
    },
    answer: async (context, _call, _reply, hash: string) => {
      const { id, sessionId } = accessMyself(context)
      await setPassword(context, id, hash)
      await endSessions(context, id, 'password-changed', { but: sessionId })
    },
  },
  'POST /api/me/totp/start': async (context) => startTotp(context, accessMyselfFresh(context)),
  'POST /api/me/totp': {
    before: async (kernel, _, actor) => {
      if (actor.id !== null) await limitPerson(kernel, 'second-factor', actor.id, 5, 300)
    },
    answer: async (context, { body }, reply) => {
      const { recoveryCodes, token } = await confirmTotp(context, accessMyselfFresh(context), body.code.replace(/\s/g, ''))
      if (token !== null) reply.setSession(token)
      return { recoveryCodes }
    },
  },
  'DELETE /api/me/totp': (context) => removeTotp(context, accessMyselfFresh(context).id),
  'POST /api/me/passkeys/start': async (context) => startPasskey(context, accessMyselfFresh(context)),
  'POST /api/me/passkeys': async (context, { body, client }, reply) => {
    const { row, token } = await addPasskey(context, accessMyselfFresh(context), body, client)
    if (token !== null) reply.setSession(token)
    return row
  },
  'DELETE /api/me/passkeys/:id': (context, { params }) => removePasskey(context, accessMyselfFresh(context).id, params.id),
  'GET /api/me/security': (context) => readSecurity(context),
  'DELETE /api/me/sessions/:id': (context, { params }) => endOneSession(context, accessMyself(context).id, params.id),
  'POST /api/me/sessions/end-others': async (context) => {
    const { id, sessionId } = accessMyself(context)
    await endSessions(context, id, 'revoked', { but: sessionId })
  },
  'POST /api/me/tokens': async (context, { body }) => {
    const { id, token } = await makeToken(context, accessMyself(context).id, body)
    return { ...(await readToken(context, id)), token }
  },
  'DELETE /api/me/tokens/:id': (context, { params }) => revokeToken(context, accessMyself(context).id, params.id),
  'POST /api/people/:id/invite': async (context, { params }) => {
    const person = await accessPerson(context, params.id, 'person.edit')
    if (person.archived_at !== null) throw new Problem('still_in_use', 'This person is archived: restore the person first.')
    await sendInvitation(context, person.id)
  },
  'POST /api/people/:id/end-sessions': async (context, { params }) => {
    const person = await accessPerson(context, params.id, 'person.edit')
    await endSessions(context, person.id, 'by-administrator')
    await revokeAllTokens(context, person.id)
  },
  'POST /api/people/:id/reset-second-factor': async (context, { params }) => {
    const person = await accessPerson(context, params.id, 'grant.give')
    await resetSecondFactor(context, person.id)
    await endSessions(context, person.id, 'by-administrator')
    await revokeAllTokens(context, person.id)
  },
})
