import type { Meaning } from '../../../contract/tickets.ts'

/** What somebody does to a ticket at a time: the plan of the year is a list of these, carried out by the real actions. */
export type SampleFile = { name: string; mediaType: string; bytes: () => Buffer }
export type Act =
  | { do: 'open'; subject: string; body: string; shown: string; files?: SampleFile[] }
  /** First look: whose it is, what it is. */
  | { do: 'triage'; category: string; team: string; assignee: string; tags: string[]; impact?: number; urgency?: number }
  | { do: 'write'; via: 'mail' | 'portal' | 'phone'; body: string; shown: string; files?: SampleFile[] }
  | { do: 'answer'; body: string; shown: string; meaning?: Meaning; revisitDays?: number; files?: SampleFile[] }
  | { do: 'note'; body: string; files?: SampleFile[] }
  | { do: 'pass'; team: string; assignee?: string; note: string }
  | { do: 'take' }
  | { do: 'copies'; emails: string[] }
  | { do: 'move'; meaning: Meaning; revisitDays?: number }
  | { do: 'raise'; priority: number; reason: string }
  | { do: 'restrict'; teams: string[]; people: string[] }
  | { do: 'resolve'; code: string; text: string }
  | { do: 'close'; how: 'requester' | 'time' }
/** `by`: the key of a person, or 'program'. */
export type Step = { at: number; by: string; act: Act }
export type TicketPlan = {
  key: string
  story: string | null
  requester: string
  language: 'en' | 'de'
  kind: 'incident' | 'request'
  channel: 'mail' | 'portal' | 'phone' | 'counter'
  mailbox: string | null
  impact: number
  urgency: number
  open: boolean
  steps: Step[]
}
