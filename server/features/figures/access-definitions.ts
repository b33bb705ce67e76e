import type { FigureDefinition, Split } from '../../../contract/figures.ts'
import { deskFigures } from './access-definitions-desk.ts'
import { targetFigures } from './access-definitions-targets.ts'
import { teamFigures } from './access-definitions-teams.ts'
import { type Definition, populations, type Words } from './access-populations.ts'

/**
 * Every figure, once: its name, its formula in words and in SQL. The screen, the rows behind it, the CSV and the page
 * docs/figure-definitions.md are made of it. The SQL stands on `f` (ticket_figure), `k` (ticket_target), `h`
 * (ticket_holding), `t` (ticket) and `s` (survey).
 */
export const definitions: readonly Definition[] = [...deskFigures, ...targetFigures, ...teamFigures]

const exclusions: Words = {
  en: 'Left out, and counted below the figure: merged, spam, cancelled, and child tickets that a rule opened.',
  de: 'Nicht mitgezählt, aber unter der Zahl genannt: zusammengeführte, Spam, abgebrochene und von einer Regel eröffnete Untertickets.',
}
const clocks: Readonly<Record<'calendar' | 'business' | 'days', Words>> = {
  calendar: {
    en: 'Calendar time, nights and weekends included. Days are the company’s.',
    de: 'Kalenderzeit, Nächte und Wochenenden eingeschlossen. Es gelten die Tage des Unternehmens.',
  },
  business: {
    en: 'Working time, by the calendar of the agreement. Days are the company’s.',
    de: 'Arbeitszeit nach dem Kalender der Vereinbarung. Es gelten die Tage des Unternehmens.',
  },
  days: { en: 'Days are the company’s.', de: 'Es gelten die Tage des Unternehmens.' },
}

export const definitionOf = (key: string): Definition | undefined => definitions.find((one) => one.key === key)

const always: Split[] = ['team', 'organisation', 'priority', 'kind', 'channel']
export function splitsOf(key: string, of: Definition['of']): Split[] {
  if (of === 'asked') return always
  return [...always, 'tier', ...(of === 'targets' ? (['agreement'] as const) : []), ...(key === 'missed' ? (['cause'] as const) : [])]
}

export const inWords = ({ key, group, unit, better, of, name, formula, clock }: Definition, language: 'en' | 'de'): FigureDefinition => ({
  key,
  group,
  unit,
  better,
  name: name[language],
  formula: formula[language],
  population: populations[of][language],
  clock: clocks[clock ?? (unit === 'duration' ? 'calendar' : unit === 'working' ? 'business' : 'days')][language],
  exclusions: exclusions[language],
  splits: splitsOf(key, of),
})
