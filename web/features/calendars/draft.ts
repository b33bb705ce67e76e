import type { Calendar } from '../../../contract/calendars.ts'
import type { Option } from '../../ui/Fields.tsx'
import type { Interval, Week } from './words.ts'

/** What the form holds, and what it sends. */
export type OwnDay = { day: string; name: string; repeats: 'once' | 'yearly'; hours: Interval[] }
export type Draft = {
  name: string
  timeZone: string | null
  hours: Week
  country: string | null
  region: string | null
  days: OwnDay[]
  company: boolean
  organisations: Option[]
  sites: Option[]
  teams: Option[]
}

const office: Interval[] = [['08:00', '17:00']]
export const emptyDraft = (): Draft => ({
  name: '',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  hours: { mon: office, tue: office, wed: office, thu: office, fri: office },
  country: null,
  region: null,
  days: [],
  company: false,
  organisations: [],
  sites: [],
  teams: [],
})

const option = ({ id, name }: { id: string; name: string }): Option => ({ value: id, label: name })
export const draftOf = ({ name, timeZone, hours, country, region, days, uses }: Calendar): Draft => ({
  name,
  timeZone,
  hours,
  country,
  region,
  days: days as OwnDay[],
  company: uses.company,
  organisations: uses.organisations.map(option),
  sites: uses.sites.map((site) => ({ value: site.id, label: `${site.organisation}, ${site.name}` })),
  teams: uses.teams.map(option),
})

const ids = (options: readonly Option[]) => options.map(({ value }) => value)
/** Without hours a day is not sent: the server keeps what it gets. */
export const whenOf = ({ timeZone, hours, country, region, days }: Draft) => ({ timeZone: timeZone ?? '', hours, country, region, days })
export const bodyOf = (draft: Draft) => ({
  ...whenOf(draft),
  name: draft.name,
  uses: { company: draft.company, organisationIds: ids(draft.organisations), siteIds: ids(draft.sites), teamIds: ids(draft.teams) },
})
