import { z } from 'zod'
import { contract, id, idInput, instant, line, named } from './endpoint.ts'
import { roles } from './rights.ts'

/** Sign-in with the company's own accounts (OpenID Connect). */
const linkingWays = z.enum(['off', 'requesters', 'everybody'])
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[^\s@/:]+\.[^\s@/:.]+$/, 'a mail domain, as in firm.example')
const word = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'one word without spaces')

export const groupRole = z.object({
  group: z.string(),
  role: z.enum(roles),
  organisation: named.nullable(),
  team: named.nullable(),
})
export const oidcProvider = z.object({
  id,
  version: z.number(),
  name: z.string(),
  labelEn: z.string(),
  labelDe: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  hasSecret: z.boolean(),
  scopes: z.array(z.string()),
  joining: z.enum(['nobody', 'domains', 'groups']),
  domains: z.array(z.string()),
  linking: linkingWays,
  passwords: z.enum(['allowed', 'refused']),
  groupsClaim: z.string(),
  groups: z.array(groupRole),
  secondFactor: z.enum(['ask', 'claimed', 'trusted']),
  acrValues: z.array(z.string()),
  signOut: z.enum(['here', 'everywhere']),
  sessionHours: z.number(),
  enabled: z.boolean(),
  people: z.number().meta({ description: 'How many people have connected an account of it.' }),
  redirectUri: z.string().meta({ description: 'To be registered at the provider, exactly as it stands here.' }),
  signOutUri: z.string(),
})
export type OidcProvider = z.infer<typeof oidcProvider>

const fields = z.strictObject({
  name: line(100),
  labelEn: z.string().trim().max(60),
  labelDe: z.string().trim().max(60),
  issuer: z.url({ protocol: /^https?$/ }).max(500),
  clientId: line(300),
  secret: z.string().min(1).max(1000).nullable().optional().meta({ description: 'Kept sealed and never given out; null removes it.' }),
  scopes: z.array(word).max(20),
  joining: z
    .enum(['nobody', 'domains', 'groups'])
    .meta({ description: 'Who may come in without being known: nobody, verified addresses of the domains, members of a listed group.' }),
  domains: z.array(domain).max(100),
  linking: linkingWays.meta({
    description:
      'Whose accounts are connected by a verified address of one of the domains. requesters: staff confirm by their own sign-in.',
  }),
  passwords: z.enum(['allowed', 'refused']).meta({
    description: 'refused: people of the domains sign in here only; administrators whose role was given by hand keep their password.',
  }),
  groupsClaim: word.meta({ description: 'Dots lead inwards: realm_access.roles.' }),
  groups: z
    .array(
      z.strictObject({
        group: line(300),
        role: z.enum(roles),
        organisationId: idInput.nullable(),
        teamId: idInput.nullable(),
      }),
    )
    .max(200),
  secondFactor: z
    .enum(['ask', 'claimed', 'trusted'])
    .meta({ description: 'claimed: counts when the token says so (amr "mfa", or an acr of acrValues).' }),
  acrValues: z.array(word).max(10),
  signOut: z.enum(['here', 'everywhere']),
  sessionHours: z.number().int().min(1).max(720),
})
const newProvider = fields.partial().required({ name: true, issuer: true, clientId: true })

const identity = z.object({
  id,
  provider: named,
  account: z.string(),
  connectedAt: instant,
  usedAt: instant.nullable(),
})
const way = z.object({ id, name: z.string(), labelEn: z.string(), labelDe: z.string() })
/** Where to afterwards: an address of this desk, never of another. */
const path = z.string().max(500).optional()
const away = z.object({ address: z.string().meta({ description: 'Where the browser goes now, at the provider.' }) })

export const oidc = contract({
  'GET /api/sign-in/providers': {
    summary: 'The buttons of the sign-in page for the company’s own accounts.',
    who: 'anyone',
    returns: z.object({ items: z.array(way) }),
  },
  'POST /api/sign-in/providers/:id/start': {
    summary: 'Begins a sign-in by a provider; this browser only can end it, within ten minutes.',
    who: 'anyone',
    returns: away,
    body: z.strictObject({ next: path }),
  },
  'POST /api/sign-in/providers/:id/back': {
    summary: 'Ends what was begun: what the provider gave the browser is checked, once, and signs in or connects the account.',
    who: 'anyone',
    returns: z.object({
      next: z.enum(['done', 'second-factor', 'second-factor-setup', 'confirm', 'connected']),
      path: z.string(),
      confirm: z
        .string()
        .nullable()
        .meta({ description: 'With `confirm`: give it to POST /api/me/identities/confirm once signed in as usual.' }),
    }),
    body: z.strictObject({
      state: z.string().max(200).default(''),
      code: z.string().max(5000).optional(),
      iss: z.string().max(500).optional(),
      error: z.string().max(200).optional(),
    }),
  },
  'GET /api/me/identities': {
    summary: 'My connected company accounts, and those that can be connected.',
    who: 'person',
    returns: z.object({ items: z.array(identity), providers: z.array(way) }),
  },
  'POST /api/me/identities/start': {
    summary: 'Begins to connect a company account to me; needs a sign-in within 5 minutes.',
    who: 'person',
    returns: away,
    body: z.strictObject({ providerId: idInput, next: path }),
  },
  'POST /api/me/identities/confirm': {
    summary: 'Connects the account that has just proved my address, now that I signed in as usual.',
    who: 'person',
    returns: identity,
    body: z.strictObject({ confirm: line(200) }),
  },
  'DELETE /api/me/identities/:id': { summary: 'Disconnects a company account; needs a sign-in within 5 minutes.', who: 'person' },
  'GET /api/oidc-providers': {
    summary: 'The providers, in the order of the sign-in page.',
    who: 'setting.edit',
    returns: z.object({ items: z.array(oidcProvider) }),
  },
  'POST /api/oidc-providers': {
    summary: 'Adds a provider, switched off.',
    who: 'setting.edit',
    status: 201,
    idempotent: true,
    returns: oidcProvider,
    body: newProvider,
  },
  'PATCH /api/oidc-providers/:id': {
    summary: 'Changes a provider.',
    who: 'setting.edit',
    ifMatch: true,
    returns: oidcProvider,
    body: fields.partial(),
  },
  'POST /api/oidc-providers/:id/enable': { summary: 'Shows it on the sign-in page.', who: 'setting.edit', returns: oidcProvider },
  'POST /api/oidc-providers/:id/disable': {
    summary: 'Takes it off the sign-in page; nobody signs in by it.',
    who: 'setting.edit',
    returns: oidcProvider,
  },
  'POST /api/oidc-providers/:id/test': {
    summary: 'Asks the provider what it says of itself, for its keys, and whether it knows our client id and secret.',
    who: 'setting.edit',
    returns: z.object({
      ok: z.boolean(),
      steps: z.array(z.object({ step: z.enum(['discovery', 'keys', 'client']), ok: z.boolean(), code: z.string(), message: z.string() })),
    }),
  },
  'PUT /api/oidc-providers/order': {
    summary: 'Puts the buttons in order.',
    who: 'setting.edit',
    returns: z.object({ items: z.array(oidcProvider) }),
    body: z.strictObject({ ids: z.array(idInput).max(100) }),
  },
  'DELETE /api/oidc-providers/:id': {
    summary: 'Removes a provider that is switched off, with its connected accounts and the roles that came from it.',
    who: 'setting.edit',
  },
})
