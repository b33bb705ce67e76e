import { describe, expect, it } from 'vitest'
import { Temporal } from '../../kernel/clock.ts'
import { organisations } from './organisations.ts'
import { readProblems } from './problems.ts'
import { outsiders, staffPlans, teams } from './provider.ts'
import { storyNames } from './stories/all.ts'
import { planYear, subjectOf } from './year-plan.ts'

const now = Temporal.Instant.from('2026-03-18T10:20:00Z').epochMilliseconds
const day = 86_400_000
const year = planYear({ now })
const messagesOf = (steps: (typeof year.tickets)[number]['steps']) =>
  steps.filter(({ act }) => ['open', 'write', 'answer', 'note', 'pass', 'raise'].includes(act.do)).length
const storyTickets = (key: string) => year.tickets.filter((plan) => plan.story === key)
const count = <T>(items: T[], key: (item: T) => string) => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}

describe('the sample company on paper', () => {
  it('is three customers with sites, twelve agents in two tiers and four specialist teams, and 400 people', () => {
    expect(organisations).toHaveLength(3)
    expect(organisations.every((one) => one.sites.length >= 2)).toBe(true)
    expect(staffPlans.filter((one) => one.roles.includes('agent'))).toHaveLength(12)
    expect(new Set(teams.map((team) => team.tier))).toEqual(new Set([1, 2]))
    expect(teams.filter((team) => team.speciality !== '').map((team) => team.key)).toEqual(
      expect.arrayContaining(['network', 'servers', 'workplace', 'security']),
    )
    expect(year.people.length + staffPlans.length + outsiders.length).toBe(400)
    expect(new Set(year.people.map((person) => person.email)).size).toBe(year.people.length)
  })

  it('has 2,000 tickets, of which eight in a hundred are open, aged from minutes to forty days', () => {
    expect(year.tickets).toHaveLength(2000)
    const open = year.tickets.filter((plan) => plan.open)
    expect(open.length / 2000).toBeGreaterThan(0.07)
    expect(open.length / 2000).toBeLessThan(0.09)
    const ages = open.map((plan) => now - plan.steps[0]!.at).sort((a, b) => a - b)
    expect(ages[0]).toBeLessThan(10 * 60_000)
    expect(ages.at(-1)).toBeGreaterThan(30 * day)
    expect(ages.at(-1)).toBeLessThanOrEqual(40 * day)
  })

  it('lets no subject stand more than five times', () => {
    const most = Math.max(...count(year.tickets, subjectOf).values())
    expect(most).toBeLessThanOrEqual(5)
    expect(count(year.tickets, subjectOf).size).toBeGreaterThan(1000)
  })

  it('speaks both languages, each in more than 35 of 100 tickets', () => {
    const german = year.tickets.filter((plan) => plan.language === 'de').length / 2000
    expect(german).toBeGreaterThan(0.35)
    expect(german).toBeLessThan(0.65)
  })

  it('keeps office hours with a peak on Monday, in the time zone of each sender', () => {
    const zones = new Map(year.people.map((person) => [person.key, person.site.timeZone]))
    const local = year.tickets.map((plan) =>
      Temporal.Instant.fromEpochMilliseconds(Math.round(plan.steps[0]!.at)).toZonedDateTimeISO(zones.get(plan.requester)!),
    )
    const byDay = count(local, (at) => String(at.dayOfWeek))
    for (const other of ['2', '3', '4', '5', '6', '7']) expect(byDay.get('1')!).toBeGreaterThan(byDay.get(other) ?? 0)
    expect(local.filter((at) => at.dayOfWeek < 6 && at.hour >= 7 && at.hour < 18).length / 2000).toBeGreaterThan(0.85)
  })

  it('mixes channels, passes tickets on, reopens some, and lets nobody act before what they answer', () => {
    expect(new Set(year.tickets.map((plan) => plan.channel))).toEqual(new Set(['mail', 'portal', 'phone', 'counter']))
    expect(year.tickets.filter((plan) => plan.steps.some(({ act }) => act.do === 'pass')).length).toBeGreaterThan(400)
    expect(year.tickets.filter((plan) => plan.steps.filter(({ act }) => act.do === 'resolve').length > 1).length).toBeGreaterThan(10)
    for (const plan of year.tickets) {
      expect(plan.steps.every((step, i) => i === 0 || step.at >= plan.steps[i - 1]!.at)).toBe(true)
      expect(plan.steps.at(-1)!.at).toBeLessThan(now)
    }
  })

  it('knows at least 140 different problems in each language, each with a solution', () => {
    const problems = readProblems()
    expect(problems.length).toBeGreaterThanOrEqual(140)
    expect(new Set(problems.map((problem) => problem.key)).size).toBe(problems.length)
    for (const language of ['en', 'de'] as const) {
      expect(new Set(problems.map((problem) => problem[language].lines[0]!.text)).size).toBe(problems.length)
      for (const problem of problems)
        expect(problem[language].lines.find((line) => line.mark === 'R')!.text.length, problem.key).toBeGreaterThan(80)
    }
  })

  it('names only reserved domains, addresses and telephone numbers', () => {
    // A site's number is only the beginning of one; whole ones stand with the people.
    const text = JSON.stringify([year, organisations, staffPlans, outsiders, readProblems()], (key, value) =>
      key === 'sites' || key === 'site' ? undefined : value,
    )
    const hosts = [...text.matchAll(/@([a-z0-9.-]+\.[a-z]{2,}|localhost)/gi)].map((found) => found[1]!.toLowerCase())
    expect(hosts.filter((host) => !host.endsWith('.example') && host !== 'localhost')).toEqual([])
    expect([...text.matchAll(/https?:\/\/([^/"\s]+)/g)].map((found) => found[1]!).filter((host) => !host.endsWith('.example'))).toEqual([])
    const addresses = [...text.matchAll(/\b(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})\b/g)].map((found) => found[1]!)
    expect(addresses.length).toBeGreaterThan(5)
    expect(addresses.filter((one) => !/^(192\.0\.2|198\.51\.100|203\.0\.113)\./.test(one))).toEqual([])
    const numbers = [...text.matchAll(/\+\d{1,3}(?: \d+)+/g)].map((found) => found[0])
    const fiction =
      /^(\+49 (40 66969|221 4710|69 90009|89 99998|30 23125) \d{3}|\+44 (161 496|113 496|20 7946) 0\d{3}|\+44 7700 900\d{3}|\+1 617 555 01\d\d)$/
    expect(numbers.filter((number) => !fiction.test(number))).toEqual([])
  })

  it('comes out the same for the same seed and time, and otherwise for another seed', () => {
    expect(JSON.stringify(planYear({ now, tickets: 300 }))).toBe(JSON.stringify(planYear({ now, tickets: 300 })))
    expect(JSON.stringify(planYear({ now, tickets: 300, seed: 'other' }))).not.toBe(JSON.stringify(planYear({ now, tickets: 300 })))
  })
})

describe('the ten told stories', () => {
  it('are all there', () => {
    expect(Object.keys(storyNames).sort()).toEqual([...new Set(year.tickets.flatMap((plan) => plan.story ?? []))].sort())
    expect(Object.keys(storyNames)).toHaveLength(10)
  })
  it('a VPN outage brings 14 tickets in one morning', () => {
    const tickets = storyTickets('vpn')
    expect(tickets).toHaveLength(14)
    const starts = tickets.map((plan) => plan.steps[0]!.at)
    expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(4 * 3_600_000)
    expect(new Set(tickets.map(subjectOf)).size).toBe(14)
  })
  it('one printer comes up three times in a month', () => {
    const tickets = storyTickets('printer')
    expect(tickets).toHaveLength(3)
    expect(tickets.every((plan) => subjectOf(plan).includes('K-HALLE-ETI03') && plan.steps[0]!.at > now - 40 * day)).toBe(true)
    const starts = tickets.map((plan) => plan.steps[0]!.at)
    expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(31 * day)
  })
  it('one thread has sixty messages, with screenshots and a PDF', () => {
    const [sixty] = storyTickets('sixty')
    expect(messagesOf(sixty!.steps)).toBe(60)
    const files = sixty!.steps.flatMap(({ act }) => ('files' in act ? (act.files ?? []) : []))
    const bytes = files.map((file) => file.bytes())
    expect(bytes.filter((one) => one.subarray(1, 4).toString() === 'PNG').length).toBeGreaterThanOrEqual(4)
    expect(bytes.filter((one) => one.subarray(0, 5).toString() === '%PDF-').length).toBeGreaterThanOrEqual(1)
  })
  it('one ticket is passed on five times before somebody keeps it', () => {
    const passes = storyTickets('passed')[0]!.steps.filter(({ act }) => act.do === 'pass')
    expect(passes.length).toBeGreaterThanOrEqual(5)
    expect(new Set(passes.map(({ act }) => act.do === 'pass' && act.team)).size).toBeGreaterThanOrEqual(5)
  })
  it('a vendor has not answered to this day', () => {
    const [vendor] = storyTickets('vendor')
    expect(vendor!.open).toBe(true)
    expect(vendor!.steps.filter(({ act }) => act.do === 'answer').at(-1)!.act).toMatchObject({ meaning: 'waiting-vendor' })
  })
  it('the phishing report is kept among few, the VIP is called first, the wrong team hands over', () => {
    expect(storyTickets('phishing')[0]!.steps.some(({ act }) => act.do === 'restrict')).toBe(true)
    expect(storyTickets('vip')[0]!.steps.some(({ act }) => act.do === 'write' && act.via === 'phone')).toBe(true)
    expect(storyTickets('wrong-team')[0]!.steps.filter(({ act }) => act.do === 'pass').length).toBe(2)
    expect(storyTickets('starter')[0]!.steps.some(({ act }) => act.do === 'resolve')).toBe(true)
    expect(storyTickets('mixed')[0]!.steps.some(({ act }) => act.do === 'copies')).toBe(true)
  })
})
