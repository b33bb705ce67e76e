import { z } from 'zod'
import { contract, emailAddress, id, instant, line } from './endpoint.ts'

/** Signing in. Answers never tell whether an address is known. */
export const password = z.string().min(1).max(1000)
const newPassword = z.string().min(8).max(1000)
const signedIn = z.object({ next: z.enum(['done', 'second-factor', 'second-factor-setup']) })
export const session = z.object({
  id,
  current: z.boolean(),
  how: z.string(),
  createdAt: instant,
  seenAt: instant,
  client: z.string(),
  address: z.string(),
})
export const apiToken = z.object({
  id,
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: instant,
  usedAt: instant.nullable(),
  expiresAt: instant.nullable(),
})
const passkeyRow = z.object({ id, name: z.string(), createdAt: instant, usedAt: instant.nullable() })
const json = z.record(z.string(), z.unknown())

export const sessions = contract({
  'GET /api/sign-in': {
    summary:
      'What the sign-in page shows: brand, sample-company cards, whether the set-up is still to do, what plain HTTP makes impossible.',
    who: 'anyone',
    returns: z.object({
      name: z.string(),
      logo: z.string().nullable(),
      language: z.string(),
      setUpDone: z.boolean(),
      ways: z.array(z.enum(['password', 'passkey', 'link'])),
      secure: z.boolean().meta({ description: 'False: plain HTTP beyond localhost; passkeys and safe cookies cannot work.' }),
      demoCards: z.array(z.object({ key: z.string(), name: z.string(), role: z.string(), personId: id })),
      address: z.string(),
    }),
  },
  'POST /api/sign-in/password': {
    summary: 'Signs in by password.',
    who: 'anyone',
    returns: signedIn,
    body: z.strictObject({ email: z.string().max(320), password }),
  },
  'POST /api/sign-in/second-factor': {
    summary: 'The second step: a TOTP code or a recovery code.',
    who: 'anyone',
    returns: signedIn,
    body: z.strictObject({ code: line(40) }),
  },
  'POST /api/sign-in/link': {
    summary: 'Sends a single-use sign-in link; the answer is the same whether the address is known or not.',
    who: 'anyone',
    status: 202,
    body: z.strictObject({ email: emailAddress }),
  },
  'POST /api/sign-in/link/use': {
    summary:
      'Signs in by the link (sign-in, invitation, reset or first set-up); a new password may be set with all but the first; the set-up makes the first administrator and takes name, email and password.',
    who: 'anyone',
    returns: signedIn.extend({ purpose: z.string() }),
    body: z.strictObject({
      token: line(200),
      password: newPassword.optional(),
      name: line(200).optional(),
      email: emailAddress.optional(),
    }),
  },
  'POST /api/sign-in/link/look': {
    summary: 'What a link is for, without using it.',
    who: 'anyone',
    returns: z.object({ purpose: z.string(), name: z.string(), email: z.string().nullable() }),
    body: z.strictObject({ token: line(200) }),
  },
  'POST /api/sign-in/passkey/start': {
    summary: 'WebAuthn options for signing in.',
    who: 'anyone',
    returns: z.object({ options: json, challenge: z.string() }),
  },
  'POST /api/sign-in/passkey': {
    summary: 'Signs in by passkey; it is both factors.',
    who: 'anyone',
    returns: signedIn,
    body: z.strictObject({ challenge: line(200), answer: json }),
  },
  'POST /api/sign-in/demo': {
    summary: 'Sample company only: signs in as one of the six.',
    who: 'anyone',
    returns: signedIn,
    body: z.strictObject({ card: line(50) }),
  },
  'POST /api/sign-out': {
    summary: 'Ends this session.',
    who: 'anyone',
    returns: z.object({ leave: z.string().nullable().meta({ description: 'Where to go now, to sign out at the provider too.' }) }),
  },
  'POST /api/password-reset': {
    summary: 'Sends a reset link; the same answer always.',
    who: 'anyone',
    status: 202,
    body: z.strictObject({ email: emailAddress }),
  },
  'PUT /api/me/password': {
    summary: 'Sets or changes my password; other sessions end.',
    who: 'person',
    body: z.strictObject({ current: password.optional(), password: newPassword }),
  },
  'POST /api/me/totp/start': {
    summary: 'A new TOTP secret, as text and as QR code (SVG). Also open while the second factor is still to be set up.',
    who: 'first-factor',
    returns: z.object({ secret: z.string(), address: z.string(), qr: z.string() }),
  },
  'POST /api/me/totp': {
    summary: 'Confirms the TOTP secret by a code; gives ten recovery codes, shown once.',
    who: 'first-factor',
    returns: z.object({ recoveryCodes: z.array(z.string()) }),
    body: z.strictObject({ code: line(10) }),
  },
  'DELETE /api/me/totp': { summary: 'Removes TOTP; needs the password or a sign-in within 5 minutes.', who: 'person' },
  'POST /api/me/passkeys/start': {
    summary: 'WebAuthn options for a new passkey. Also open while the second factor is still to be set up.',
    who: 'first-factor',
    returns: z.object({ options: json, challenge: z.string() }),
  },
  'POST /api/me/passkeys': {
    summary: 'Adds a passkey.',
    who: 'first-factor',
    status: 201,
    returns: passkeyRow,
    body: z.strictObject({ challenge: line(200), name: line(100), answer: json }),
  },
  'DELETE /api/me/passkeys/:id': { summary: 'Removes a passkey.', who: 'person' },
  'GET /api/me/security': {
    summary: 'My ways to sign in, sessions and tokens.',
    who: 'person',
    returns: z.object({
      password: z.boolean(),
      totp: z.boolean(),
      recoveryCodesLeft: z.number(),
      passkeys: z.array(passkeyRow),
      sessions: z.array(session),
      tokens: z.array(apiToken),
    }),
  },
  'DELETE /api/me/sessions/:id': { summary: 'Ends one of my sessions.', who: 'person' },
  'POST /api/me/sessions/end-others': { summary: 'Ends all my other sessions.', who: 'person' },
  'POST /api/me/tokens': {
    summary: 'Makes an API token; it is shown once.',
    who: 'person',
    status: 201,
    returns: apiToken.extend({ token: z.string() }),
    body: z.strictObject({
      name: line(100),
      scopes: z.array(z.enum(['read', 'write', 'admin'])).min(1),
      expiresInDays: z.number().int().min(1).max(3650).nullable().default(365),
    }),
  },
  'DELETE /api/me/tokens/:id': { summary: 'Revokes a token.', who: 'person' },
  'POST /api/people/:id/invite': { summary: 'Sends a single-use invitation.', who: 'person.edit', status: 202 },
  'POST /api/people/:id/end-sessions': { summary: 'Ends all sessions and tokens of a person.', who: 'person.edit' },
  'POST /api/people/:id/reset-second-factor': {
    summary: 'Removes TOTP and passkeys of a person who lost them; ends their sessions and API tokens.',
    who: 'grant.give',
  },
})
