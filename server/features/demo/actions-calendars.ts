import type { Instant } from '../../kernel/clock.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessCalendar } from '../calendars/access.ts'
import { calendarOf } from '../calendars/access-compiled.ts'
import { addCalendar, changeCalendar, type New } from '../calendars/actions.ts'
import type { House } from './actions-house.ts'

/**
 * When Halyard IT works, and its customers: the loft in Hamburg with two half days before the holidays, the English offices
 * of the engineers, the clean rooms in Berlin, the shop in Boston, and the night handling in Cologne, which never closes.
 */
type Interval = [string, string]
const weekdays = (hours: Interval[]) => ({ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours })
const always = (() => {
  const day: Interval[] = [['00:00', '24:00']]
  return { ...weekdays(day), sat: day, sun: day }
})()
const half = (day: string, name: string, hours: Interval[]) => ({ day, name, repeats: 'yearly' as const, hours })
const yearEnd = [half('2024-12-24', 'Heiligabend', [['07:30', '12:00']]), half('2024-12-31', 'Silvester', [['07:30', '12:00']])]
const nobody = { company: false, organisationIds: [], siteIds: [], teamIds: [] }

export async function keepHours(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const context = actAs(house.person('administrator').actor, now)
  const company = await accessCalendar(context, (await calendarOf(context, {})).id)
  await changeCalendar(context, company, company.version, {
    name: 'Hamburg',
    timeZone: 'Europe/Berlin',
    hours: weekdays([['07:30', '18:00']]),
    country: 'DE',
    region: 'HH',
    days: yearEnd,
  })
  for (const calendar of theirs(house)) await addCalendar(context, calendar)
}

const theirs = (house: House): New[] => [
  {
    name: 'Berlin',
    timeZone: 'Europe/Berlin',
    hours: weekdays([
      ['08:00', '12:00'],
      ['13:00', '17:00'],
    ]),
    country: 'DE',
    region: 'BE',
    days: [half('2024-12-24', 'Heiligabend', [['08:00', '12:00']]), half('2024-12-31', 'Silvester', [['08:00', '12:00']])],
    uses: { ...nobody, siteIds: [house.sites.get('berlin')!] },
  },
  {
    name: 'Boston',
    timeZone: 'America/New_York',
    hours: weekdays([['09:00', '17:30']]),
    country: 'US',
    region: null,
    days: [half('2024-12-24', 'Christmas Eve', [['09:00', '13:00']])],
    uses: { ...nobody, siteIds: [house.sites.get('boston')!] },
  },
  {
    name: 'Calder & Wren',
    timeZone: 'Europe/London',
    hours: weekdays([['08:30', '17:30']]),
    country: 'GB',
    region: 'ENG',
    days: [],
    uses: { ...nobody, organisationIds: [house.organisations.get('calderwren')!] },
  },
  {
    name: 'Rund um die Uhr',
    timeZone: 'Europe/Berlin',
    hours: always,
    country: null,
    region: null,
    days: [],
    uses: { ...nobody, siteIds: [house.sites.get('koeln')!] },
  },
]
