import { z } from 'zod'
import { contract, flag, id, idInput, instant, named, page, paging } from './endpoint.ts'

/** The bell, and what else a person is told: by which way, when, and when not. */
export const reasons = [
  'assigned',
  'team',
  'reply',
  'mention',
  'passed',
  'unclaimed',
  'escalated',
  'task',
  'task-done',
  'call-back',
  'visit',
  'side',
  'side-chase',
  'help',
  'help-answer',
  'view',
  'back',
  'snooze-over',
  'reply-dropped',
  'switched-off',
  'rule',
  'burst',
  'due',
  'breached',
  'shift',
  'undelivered',
  'system',
] as const
export const deskMatters = [
  'mailbox-failing',
  'mailbox-disconnected',
  'mailbox-expiring',
  'mail-routing',
  'mail-quarantined',
  'mail-delayed',
  'webhook-off',
  'rule-off',
  'rule-paused',
  'on-call-gap',
  'shift-changed',
  'swap-offered',
  'swap-answered',
  'handover',
  'page-unreached',
  'pager-silent',
  'source-silent',
] as const
const reason = z.enum(reasons)
export const notice = z.object({
  id,
  at: instant,
  reason: reason.meta({ description: 'The newest of them.' }),
  count: z.number().meta({ description: 'How often something happened on this ticket since it was last read.' }),
  reasons: z.array(reason),
  actor: named.nullable(),
  ticket: z.object({ id, number: z.number(), subject: z.string() }).nullable(),
  about: z.enum(deskMatters).nullable().meta({ description: 'What of the desk itself, or of my shifts, where it is about no ticket.' }),
  read: z.boolean(),
})

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Give hours and minutes as 07:30.')
const quietHours = z.strictObject({
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7).meta({ description: 'On which days they begin; 1 is Monday.' }),
  from: timeOfDay,
  until: timeOfDay.meta({ description: 'Not after `from`: on the next day. The same: a whole day.' }),
})
const chosen = z.strictObject({
  byMail: z.array(reason).meta({ description: 'By mail at once: after it stayed unread for two minutes.' }),
  hourly: z.array(reason).meta({ description: 'By one mail at each full hour.' }),
  daily: z.array(reason).meta({ description: 'By one mail a day.' }),
  dailyAt: timeOfDay,
  byBrowser: z.array(reason),
  byPush: z.array(reason),
  notInApp: z.array(reason).meta({ description: 'What does not ring the bell either.' }),
  quiet: z.array(quietHours).max(5),
  mentionsInQuiet: z.enum(['through', 'held']),
})
export const presets = ['calm', 'usual', 'everything'] as const
const choices = chosen.extend({
  preset: z.enum(presets).nullable().meta({ description: 'Which of the three this is; null: one of my own.' }),
  timeZone: z.string().meta({ description: 'Mine; the quiet hours and the daily mail go by it.' }),
  quietUntil: instant.nullable().meta({ description: 'When the quiet hours of now end.' }),
  pushDevices: z.number().meta({ description: 'To how many devices of mine push can go.' }),
})
const preview = z.object({
  date: z.iso.date(),
  happened: z.number(),
  bell: z.number(),
  mails: z.number(),
  browser: z.number(),
  push: z.number(),
  items: z.array(
    z.object({
      id,
      at: instant,
      reason,
      count: z.number(),
      ticket: z.object({ id, number: z.number(), subject: z.string() }).nullable(),
      about: z.enum(deskMatters).nullable(),
      bell: z.enum(['rings', 'silent']),
      mailAt: instant.nullable(),
      why: z.enum(['at-once', 'hourly', 'daily', 'quiet', 'off']),
    }),
  ),
})
export const notices = contract({
  'GET /api/notices': {
    summary: 'My bell, newest first; what happened on one ticket while unread is one line.',
    who: 'ticket.work',
    returns: page(notice).extend({ unread: z.number() }),
    query: z.object({ ...paging, unread: flag.optional() }),
  },
  'POST /api/notices/read': {
    summary: 'Marks notices as read: some, or those of a ticket, or all.',
    who: 'ticket.work',
    returns: z.object({ unread: z.number() }),
    body: z.strictObject({ ids: z.array(idInput).max(200).optional(), ticketId: idInput.optional() }),
  },
  'GET /api/notices/choices': { summary: 'What I am told of, and how.', who: 'ticket.work', returns: choices },
  'PUT /api/notices/choices': {
    summary: 'Changes it: one of the three presets, or what is named; the rest stays.',
    who: 'ticket.work',
    returns: choices,
    body: chosen.partial().extend({ preset: z.enum(presets).optional() }),
  },
  'GET /api/notices/preview': {
    summary: 'What I would have been told yesterday as I have chosen now, had I read nothing.',
    who: 'ticket.work',
    returns: preview,
  },
})

export type Notice = z.infer<typeof notice>
export type QuietHours = z.infer<typeof quietHours>
export type Chosen = z.infer<typeof chosen>
export type NoticeChoices = z.infer<typeof choices>
export type NoticePreview = z.infer<typeof preview>
