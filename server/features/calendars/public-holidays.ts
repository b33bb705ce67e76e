import type Holidays from 'date-holidays'
import { invalid } from '../../kernel/problem.ts'
import type { Holiday } from './rules-form.ts'

/**
 * Public holidays from the library date-holidays (ISC, data CC BY-SA 3.0). It is large, so it is loaded when first asked;
 * what it says is kept as rows, so that no clock moves because the library was updated.
 */
export type Place = { country: string; region: string | null }
type Language = 'en' | 'de'
export type Choice = { code: string; name: string }

const library = async (): Promise<typeof Holidays> => (await import('date-holidays')).default

const sorted = (found: Record<string, string> | null | undefined, language: Language): Choice[] =>
  Object.entries(found ?? {})
    .map(([code, name]) => ({ code, name }))
    .toSorted((a, b) => a.name.localeCompare(b.name, language))

export async function holidayCountries(language: Language): Promise<Choice[]> {
  const Library = await library()
  return sorted(new Library().getCountries(language), language)
}

export async function holidayRegions(country: string, language: Language): Promise<Choice[]> {
  const Library = await library()
  return sorted(new Library().getStates(country, language), language)
}

const day = 86_400_000

/** Whole days only: one that begins in the afternoon closes nobody's morning, and is an own day of the calendar where it counts. */
export async function publicHolidays({ country, region }: Place, years: readonly number[]): Promise<Holiday[]> {
  const Library = await library()
  const book = region === null ? new Library(country, { types: ['public'] }) : new Library(country, region, { types: ['public'] })
  const found = new Map<string, Holiday['name']>()
  for (const year of years) {
    const german = book.getHolidays(year, 'de')
    for (const [n, { date, start, end, name, type }] of book.getHolidays(year, 'en').entries()) {
      if (type !== 'public' || !/ 00:00:00/.test(date)) continue
      const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`)
      const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / day))
      for (let at = 0; at < length; at++) {
        const text = new Date(first + at * day).toISOString().slice(0, 10)
        if (!found.has(text)) found.set(text, { en: name, de: german[n]?.name ?? name })
      }
    }
  }
  return [...found].map(([day, name]) => ({ day, name }))
}

export async function refuseUnknown({ country, region }: Place): Promise<void> {
  const Library = await library()
  const book = new Library()
  if (!Object.hasOwn(book.getCountries('en'), country))
    throw invalid('country', 'unknown', 'No public holidays are known for this country. Leave it empty and add own days.')
  if (region !== null && !Object.hasOwn(book.getStates(country, 'en') ?? {}, region))
    throw invalid('region', 'unknown', 'This country has no such region. Leave it empty for the holidays of the whole country.')
}
