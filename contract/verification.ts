import { z } from 'zod'
import { contract, id, idInput, instant, line, personRef, prose } from './endpoint.ts'

/** Whether whoever calls is who they say: a one-time code to where they are known, or their manager's word. Staff only. */
export const methods = ['mail', 'sms', 'manager'] as const
export const verification = z.object({
  id,
  ticketId: id,
  person: personRef,
  method: z.enum([...methods, 'waived']),
  state: z.enum(['pending', 'verified', 'failed', 'refused', 'expired']),
  target: z.string().meta({ description: 'Where the code went, masked; or the manager’s name.' }),
  reason: z.string(),
  triesLeft: z.number(),
  createdAt: instant,
  createdBy: personRef.nullable(),
  expiresAt: instant.nullable(),
  settledAt: instant.nullable(),
})
const way = z.object({
  method: z.enum(methods),
  target: z.string(),
  usable: z.boolean(),
  why: z.enum(['missing', 'too-new', 'not-set-up', 'yourself']).nullable(),
  since: instant.nullable(),
})
export const standing = z.object({
  needed: z.boolean().meta({ description: 'Its category asks for a verified caller.' }),
  verified: verification.nullable().meta({ description: 'The one that counts now.' }),
  ways: z.array(way),
  history: z.array(verification),
  can: z.object({ verify: z.boolean(), waive: z.boolean() }),
})
const confirmation = z.object({
  company: z.string(),
  person: z.string(),
  agent: z.string(),
  number: z.number(),
  language: z.enum(['en', 'de']),
  state: z.enum(['open', 'answered']),
})
const token = z.string().regex(/^[\w-]{22}$/)

/** Calling codes of the countries whose national way of writing numbers is known. */
const smsInput = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).max(300),
  account: line(100),
  sender: line(50),
  token: z.string().min(1).max(200).optional().meta({ description: 'Absent: the one that is kept stays.' }),
})
const telephone = z.object({
  country: z.string().nullable(),
  countries: z.array(z.string()).meta({ description: 'ISO codes to choose from.' }),
  missed: z.enum(['list', 'ticket']),
  missedTeamId: id.nullable(),
  sms: z.object({ baseUrl: z.string(), account: z.string(), sender: z.string() }).nullable(),
  categoryIds: z.array(id).meta({ description: 'Categories that ask for a verified caller.' }),
})

export const verifications = contract({
  'GET /api/tickets/:id/verification': {
    summary: 'Whether the requester is verified for this ticket, and how it can be done.',
    who: 'ticket.work',
    returns: standing,
  },
  'POST /api/tickets/:id/verifications': {
    summary: 'Sends a one-time code to where the requester is known for more than a day, or asks the line manager.',
    who: 'ticket.work',
    status: 201,
    idempotent: true,
    returns: verification,
    body: z.strictObject({ method: z.enum(methods) }),
  },
  'POST /api/tickets/:id/verifications/waive': {
    summary: 'Goes on without verifying, with a reason that stands on the ticket.',
    who: 'verification.waive',
    status: 201,
    idempotent: true,
    returns: verification,
    body: z.strictObject({ reason: prose(500).refine((r) => r.trim() !== '', 'Say why it is right without.') }),
  },
  'POST /api/verifications/:id/code': {
    summary: 'Tries the code that the caller reads out; a wrong one is counted, five end it.',
    who: 'ticket.work',
    returns: verification,
    body: z.strictObject({
      code: z
        .string()
        .trim()
        .regex(/^\d{6}$/, 'six digits'),
    }),
  },
  'POST /api/confirmations/look': {
    summary: 'What the link in a manager’s mail asks; changes nothing.',
    who: 'anyone',
    returns: confirmation,
    body: z.strictObject({ token }),
  },
  'POST /api/confirmations': {
    summary: 'The manager’s word, once.',
    who: 'anyone',
    returns: confirmation,
    body: z.strictObject({ token, answer: z.enum(['yes', 'no']) }),
  },
  'GET /api/telephone/settings': { summary: 'How numbers are written here, missed calls, SMS.', who: 'setting.edit', returns: telephone },
  'PATCH /api/telephone/settings': {
    summary: 'Changes it.',
    who: 'setting.edit',
    returns: telephone,
    body: z
      .strictObject({
        country: z.string().regex(/^[A-Z]{2}$/, 'an ISO country code like DE'),
        missed: z.enum(['list', 'ticket']),
        missedTeamId: idInput.nullable(),
        sms: smsInput.nullable(),
        categoryIds: z.array(idInput).max(500),
      })
      .partial(),
  },
})
export type Verification = z.infer<typeof verification>
export type VerificationStanding = z.infer<typeof standing>
export type TelephoneSettings = z.infer<typeof telephone>
