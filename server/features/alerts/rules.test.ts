import { describe, expect, it } from 'vitest'
import { type Action, type AlertState, isRipe, type Standing, type TicketStand, type Verb, verbFor } from './rules.ts'
import { readAlertmanager, readGeneric, readPagerDuty, severityIn } from './rules-reading.ts'

const minute = 60_000
const now = 1_800_000_000_000
const patience = { intervalMinutes: 60, flapAfter: 3 }
const standing = (state: AlertState, ticket: TicketStand, more: Partial<Standing> = {}): Standing => ({
  state,
  ticket,
  beganAt: null,
  clearedAt: state === 'cleared' ? now - 10 * minute : null,
  turns: [],
  held: false,
  ticketEndedAt: ticket === 'resolved' || ticket === 'closed' ? now - 10 * minute : null,
  ...more,
})

describe('FT-63 what becomes of an alert, by table', () => {
  const table: [string, Standing | undefined, Action, Verb][] = [
    ['nothing is known and it is told', undefined, 'trigger', 'begin'],
    ['a recovery comes before anything was told', undefined, 'resolve', 'nothing'],
    ['an acknowledgement comes before anything was told', undefined, 'acknowledge', 'nothing'],
    ['it is told again while it waits', standing('waiting', 'none'), 'trigger', 'count'],
    ['it goes away while it waits', standing('waiting', 'none'), 'resolve', 'clear'],
    ['it is acknowledged while it waits', standing('waiting', 'none'), 'acknowledge', 'nothing'],
    ['it is told again during planned work', standing('suppressed', 'none'), 'trigger', 'count'],
    ['it goes away during planned work', standing('suppressed', 'none'), 'resolve', 'clear'],
    ['it is told twice', standing('open', 'working'), 'trigger', 'count'],
    ['it is acknowledged', standing('open', 'working'), 'acknowledge', 'acknowledge'],
    ['it is acknowledged twice', standing('acknowledged', 'working'), 'acknowledge', 'nothing'],
    ['it is told again after it was acknowledged', standing('acknowledged', 'working'), 'trigger', 'count'],
    ['it goes away', standing('open', 'working'), 'resolve', 'clear'],
    ['it goes away after it was acknowledged', standing('acknowledged', 'working'), 'resolve', 'clear'],
    ['it is acknowledged after it went away', standing('cleared', 'resolved'), 'acknowledge', 'nothing'],
    ['it goes away twice', standing('cleared', 'resolved'), 'resolve', 'nothing'],
    ['it is back soon', standing('cleared', 'resolved'), 'trigger', 'return'],
    ['it is back late', standing('cleared', 'resolved', { clearedAt: now - 61 * minute }), 'trigger', 'renew'],
    [
      'it is back late and somebody still works on it',
      standing('cleared', 'working', { clearedAt: now - 61 * minute }),
      'trigger',
      'return',
    ],
    ['it is back soon and the ticket is closed', standing('cleared', 'closed'), 'trigger', 'renew'],
    ['it never had a ticket and is back', standing('cleared', 'none'), 'trigger', 'begin'],
    ['somebody resolved it just now and it is told again', standing('open', 'resolved'), 'trigger', 'count'],
    [
      'somebody resolved it long ago and it is told again',
      standing('open', 'resolved', { ticketEndedAt: now - 61 * minute }),
      'trigger',
      'renew',
    ],
    ['it turns too often', standing('open', 'working', { turns: [now - 2 * minute, now - minute] }), 'resolve', 'hold'],
    ['it turned often, but long ago', standing('open', 'working', { turns: [now - 40 * minute, now - 35 * minute] }), 'resolve', 'clear'],
    ['its recovery is being held and is told again', standing('open', 'working', { held: true }), 'resolve', 'nothing'],
  ]
  it.each(table)('%s', (_, alert, action, verb) => {
    expect(verbFor(alert, { action, beganAt: null }, patience, now)).toBe(verb)
  })

  it('tells the episodes of a source apart by when they began, whatever the order in which they arrive', () => {
    const open = standing('open', 'working', { beganAt: now - 5 * minute })
    const gone = standing('cleared', 'resolved', { beganAt: now - 5 * minute })
    const verb = (alert: Standing, action: Action, beganAt: number) => verbFor(alert, { action, beganAt }, patience, now)
    expect(verb(open, 'trigger', now - 5 * minute)).toBe('same')
    expect(verb(open, 'resolve', now - 9 * minute)).toBe('late')
    expect(verb(open, 'trigger', now - 9 * minute)).toBe('late')
    expect(verb(gone, 'trigger', now - 5 * minute)).toBe('late')
    expect(verb(gone, 'trigger', now - minute)).toBe('return')
  })

  it('waits for both the delay and the repeats', () => {
    const source = { consecutive: 3, delaySeconds: 60 }
    expect(isRipe({ streak: 2, firstAt: now - 2 * minute }, source, now)).toBe(false)
    expect(isRipe({ streak: 3, firstAt: now - minute / 2 }, source, now)).toBe(false)
    expect(isRipe({ streak: 3, firstAt: now - minute }, source, now)).toBe(true)
  })
})

describe('what machines send', () => {
  const mapping = {
    key: '',
    device: 'alert.host',
    condition: 'alert.check',
    severity: 'alert.level',
    summary: 'text,alert.check',
    state: 'alert.state',
    link: 'url',
    cleared: 'ok, up',
    critical: '',
    error: 'loud',
    warning: '',
    info: '',
  }

  it('is read by the paths of a mapping, and never beyond what the machine itself sent', () => {
    const sent = { alert: { host: 'sw-01', check: 'Ping', level: 'DISASTER', state: 'UP' }, url: 'https://mon.example/1' }
    expect(readGeneric(sent, mapping)).toMatchObject([
      {
        key: 'sw-01 | Ping',
        device: 'sw-01',
        severity: 'critical',
        action: 'resolve',
        summary: 'Ping',
        links: [{ href: 'https://mon.example/1' }],
      },
    ])
    expect(
      readGeneric({ a: 1 }, { ...mapping, device: 'constructor.name', condition: '__proto__.x', summary: 'toString.name' }),
    ).toBeUndefined()
    expect(readGeneric({ alert: { host: 'x', level: 'Loud' } }, mapping)?.[0]?.severity).toBe('error')
    expect(readGeneric({ alert: { host: 'x' }, url: 'javascript:alert(1)' }, mapping)?.[0]?.links).toEqual([])
  })

  it('PagerDuty: a long summary is cut, a missing one refused with its name, a long key stays one key', () => {
    const payload = { summary: 'x'.repeat(3000), source: 'h', severity: 'error' }
    const read = readPagerDuty({ event_action: 'trigger', payload })
    expect('told' in read && read.told.summary).toHaveLength(1024)
    expect('told' in read && read.told.key).toMatch(/^[0-9a-f]{32}$/)
    expect(readPagerDuty({ event_action: 'trigger', payload: { source: 'h', severity: 'loud' } })).toEqual({
      errors: ["'payload.summary' is missing or blank", "'payload.severity' is missing or is not one of critical, error, warning, info"],
    })
    expect(readPagerDuty({ event_action: 'resolve' })).toEqual({ errors: ["'dedup_key' is missing or blank"] })
    const keyed = (end: string) => readPagerDuty({ event_action: 'resolve', dedup_key: 'k'.repeat(400) + end })
    const keys = ['a', 'b'].map((end) => keyed(end)).map((one) => ('told' in one ? one.told.key : ''))
    expect(keys[0]).not.toBe(keys[1])
    expect(keys[0]!.length).toBeLessThanOrEqual(255)
  })

  it('Alertmanager: the year 1 is no time, no fingerprint is made of the labels, the port is no part of a device', () => {
    const alert = { status: 'firing', labels: { alertname: 'Down', instance: 'web-1:9100' }, startsAt: '0001-01-01T00:00:00Z' }
    const [told] = readAlertmanager({ alerts: [alert] }) ?? []
    expect(told).toMatchObject({ device: 'web-1', beganAt: null, summary: 'Down web-1:9100', severity: 'warning' })
    expect(told!.key).toMatch(/^[0-9a-f]{64}$/)
    expect(readAlertmanager({ alert: [] })).toBeUndefined()
  })

  it.each([
    ['Disaster', 'critical'],
    ['P2', 'error'],
    ['notice', 'info'],
    ['purple', 'warning'],
    [undefined, 'warning'],
  ])('the word %s means %s', (word, severity) => expect(severityIn(word)).toBe(severity))
})
