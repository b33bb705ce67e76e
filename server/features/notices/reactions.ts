import { reactions } from '../../kernel/reactions.ts'
import '../alerts/events.ts'
import '../mail/events.ts'
import '../oncall/events.ts'
import '../paging/events.ts'
import '../automation/events.ts'
import '../calls/events.ts'
import '../radar/events.ts'
import '../tasks/events.ts'
import '../readymade/events.ts'
import '../routing/events.ts'
import '../sides/events.ts'
import '../sla/events.ts'
import '../tickets/events.ts'
import '../tiers/events.ts'
import '../views/events.ts'
import '../visits/events.ts'
import '../webhooks/events.ts'
import {
  tellAsked,
  tellAsManagers,
  tellAssignee,
  tellBack,
  tellCallBack,
  tellHelp,
  tellLeads,
  tellMentioned,
  tellOfAnswer,
  tellOfBreach,
  tellOfBurst,
  tellOfClock,
  tellOfNote,
  tellOfRule,
  tellOfShift,
  tellOfSide,
  tellOfTask,
  tellOfView,
  tellOfVisit,
  tellReplyDropped,
  tellSnoozeOver,
  tellSwitchedOff,
  tellTaskDone,
  tellTeam,
  tellUndelivered,
} from './actions.ts'
import { mailboxNamed, ringDesk, ringOwner, tellOfDesk } from './actions-desk.ts'
import { isRouting } from './rules-desk.ts'

/** Who is told of what. Never of one's own acts, and never of a ticket that one may not see: actions.ts sees to both. */
export const noticeReactions = reactions({
  'ticket.created': {
    now: async (context, { subject, data, carry }) => {
      if (carry?.assigneeId) await tellAssignee(context, subject.id, data.messageId)
      // One that came without a team is told of when routing gives it one (ticket.assigned).
      if (data.teamId !== null) await tellTeam(context, subject.id, 'team', data.messageId)
    },
  },
  'ticket.assigned': {
    now: async (context, { subject, data, rule }) => {
      if (data.assigneeId !== null && data.assigneeId !== data.fromAssigneeId) await tellAssignee(context, subject.id)
      else if (data.assigneeId === null && data.teamId !== null && (data.teamId !== data.fromTeamId || rule === 'ownership-timeout'))
        await tellTeam(context, subject.id, 'team')
    },
  },
  'ticket.unclaimed': {
    now: async (context, { subject, data }) => tellLeads(context, subject.id, data.teamId),
  },
  'ticket.escalated': {
    now: async (context, { subject, data }) => {
      if (data.how === 'hierarchical') await tellAsManagers(context, subject.id, data.personIds)
    },
  },
  'ticket.passed': {
    now: async (context, { subject, data }) => {
      if (data.assigneeId !== null) await tellAssignee(context, subject.id, data.messageId)
      else await tellTeam(context, subject.id, 'passed', data.messageId)
    },
  },
  'ticket.replied': {
    now: async (context, { ticketId, data }) => {
      if (!ticketId) return
      if (data.direction === 'in') await tellOfAnswer(context, ticketId, data.messageId)
      else if (data.internal) await tellOfNote(context, ticketId, data.messageId)
    },
  },
  'ticket.reopened': {
    now: async (context, { subject, data }) => {
      if (data.messageId !== null) await tellOfAnswer(context, subject.id, data.messageId)
    },
  },
  'task.added': {
    now: async (context, { ticketId, data }) => {
      if (ticketId && (data.assigneeId ?? data.teamId) !== null) await tellOfTask(context, ticketId, data.taskId)
    },
  },
  'task.changed': {
    now: async (context, { ticketId, data }) => {
      const moved =
        data.assigneeId === null ? data.teamId !== data.fromTeamId && data.teamId !== null : data.assigneeId !== data.fromAssigneeId
      if (ticketId && moved) await tellOfTask(context, ticketId, data.taskId)
    },
  },
  'task.done': {
    now: async (context, { ticketId }) => {
      if (ticketId) await tellTaskDone(context, ticketId)
    },
  },
  'call-back.asked': {
    now: async (context, { ticketId, data }) => {
      if (ticketId && data.assigneeId !== null) await tellCallBack(context, ticketId, data.callBackId)
    },
  },
  'call-back.due': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellCallBack(context, ticketId, data.callBackId)
    },
  },
  'visit.planned': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellOfVisit(context, ticketId, data.visitId)
    },
  },
  'visit.changed': {
    now: async (context, { ticketId, data }) => {
      if (ticketId && (data.moved || data.added.length > 0)) await tellOfVisit(context, ticketId, data.visitId)
    },
  },
  'visit.cancelled': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellOfVisit(context, ticketId, data.visitId)
    },
  },
  'visit.declined': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellOfVisit(context, ticketId, data.visitId)
    },
  },
  'side.answered': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellOfSide(context, ticketId, data.sideId, data.messageId)
    },
  },
  'side.chase-due': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellOfSide(context, ticketId, data.sideId, null)
    },
  },
  'help.asked': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellAsked(context, ticketId, data.helpId)
    },
  },
  'help.accepted': { now: async (context, { ticketId, data }) => (ticketId ? tellHelp(context, ticketId, data.helpId) : undefined) },
  'help.answered': { now: async (context, { ticketId, data }) => (ticketId ? tellHelp(context, ticketId, data.helpId) : undefined) },
  'help.done': { now: async (context, { ticketId, data }) => (ticketId ? tellHelp(context, ticketId, data.helpId) : undefined) },
  'mailbox.failing': {
    now: async (context, { subject }) => tellOfDesk(context, 'mailbox-failing', { mailbox: await mailboxNamed(context, subject.id) }),
  },
  'mailbox.disconnected': {
    now: async (context, { subject }) => tellOfDesk(context, 'mailbox-disconnected', { mailbox: await mailboxNamed(context, subject.id) }),
  },
  'mailbox.expiring': {
    now: async (context, { subject, data }) =>
      tellOfDesk(context, 'mailbox-expiring', { mailbox: await mailboxNamed(context, subject.id), days: data.days }),
  },
  'mailbox.changed': {
    now: async (context, { subject, data }) => {
      const fields = data.fields.filter(isRouting)
      if (fields.length > 0)
        await tellOfDesk(context, 'mail-routing', { what: 'changed', fields, mailbox: await mailboxNamed(context, subject.id) })
    },
  },
  'mailbox.archived': {
    now: async (context, { subject }) =>
      tellOfDesk(context, 'mail-routing', { what: 'archived', mailbox: await mailboxNamed(context, subject.id) }),
  },
  'mail.relay-changed': { now: (context) => tellOfDesk(context, 'mail-routing', { what: 'relay' }) },
  'mail.quarantined': { now: (context) => ringDesk(context, 'mail-quarantined', 'quarantine.open') },
  'mail.delayed': { now: (context) => ringDesk(context, 'mail-delayed', 'administrators') },
  'mail.undelivered': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellUndelivered(context, ticketId, data.messageId)
    },
  },
  'ticket.scheduled-dropped': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellReplyDropped(context, ticketId, data.personId)
    },
  },
  'ticket.changed': {
    now: async (context, { ticketId, rule }) => {
      if (ticketId && rule === 'revisit') await tellBack(context, ticketId)
    },
  },
  'ticket.snooze-over': {
    now: (context, { data }) => tellSnoozeOver(context, data.ticketId, data.personId),
  },
  'view.ticket-appeared': {
    now: (context, { data }) => tellOfView(context, data.ticketId, data.personId),
  },
  'automation.notified': {
    now: (context, { data }) => tellOfRule(context, data.ticketId, data),
  },
  'sla.warned': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellOfClock(context, ticketId, data.personIds)
    },
  },
  'sla.breached': {
    now: async (context, { ticketId }) => {
      if (ticketId) await tellOfBreach(context, ticketId)
    },
  },
  'radar.burst': {
    now: async (context, { ticketId }) => {
      if (ticketId) await tellOfBurst(context, ticketId)
    },
  },
  'automation.switched-off': {
    now: (context, { data }) => ringOwner(context, data.why === 'loop' ? 'rule-paused' : 'rule-off', data.personId),
  },
  'oncall.gap-ahead': { now: (context, { data }) => tellOfShift(context, 'on-call-gap', data.personIds) },
  'oncall.override-added': { now: (context, { data }) => tellOfShift(context, 'shift-changed', data.personIds) },
  'oncall.override-removed': { now: (context, { data }) => tellOfShift(context, 'shift-changed', data.personIds) },
  'oncall.swap-offered': { now: (context, { data }) => tellOfShift(context, 'swap-offered', data.personIds) },
  'oncall.swap-accepted': { now: (context, { data }) => tellOfShift(context, 'swap-answered', data.personIds) },
  'oncall.swap-declined': { now: (context, { data }) => tellOfShift(context, 'swap-answered', data.personIds) },
  'oncall.handover-written': { now: (context, { data }) => tellOfShift(context, 'handover', data.personIds) },
  'page.nobody-reached': { now: (context) => tellOfDesk(context, 'page-unreached', {}) },
  'alert-source.silent': { now: (context) => tellOfDesk(context, 'source-silent', {}) },
  'pager.silent': { now: (context) => tellOfDesk(context, 'pager-silent', {}) },
  'webhook.switched-off': { now: (context, { data }) => ringOwner(context, 'webhook-off', data.personId) },
  'readymade.switched-off': { now: (context, { data }) => tellSwitchedOff(context, data.personId) },
  'recurring-ticket.switched-off': { now: (context, { data }) => tellSwitchedOff(context, data.personId) },
  'ticket.mentioned': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellMentioned(context, ticketId, data.messageId, data.personIds)
    },
  },
})
