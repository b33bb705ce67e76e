import { describe, expect, it } from 'vitest'
import { mailIn, readMachineMail } from './rules-mail.ts'
import { usualMailMapping, wholeMapping } from './rules-mapping.ts'
import { isSigned } from './rules-signature.ts'

const from = 'monitor@mon.example'
const read = (subject: string, text = '', mapping = usualMailMapping) => readMachineMail({ subject, text, from }, mapping)

describe('the mails of machines', () => {
  it.each([
    ['** PROBLEM Service Alert: web01/HTTP is CRITICAL **', 'trigger', 'critical', 'Service Alert web01/HTTP'],
    ['** PROBLEM Service Alert: web01/HTTP is WARNING **', 'trigger', 'warning', 'Service Alert web01/HTTP'],
    ['** RECOVERY Service Alert: web01/HTTP is OK **', 'resolve', 'warning', 'Service Alert web01/HTTP'],
    ['** ACKNOWLEDGEMENT Service Alert: web01/HTTP is CRITICAL **', 'acknowledge', 'critical', 'Service Alert web01/HTTP'],
    ['** PROBLEM Host Alert: srv1 is DOWN **', 'trigger', 'critical', 'Host Alert srv1'],
    ['** RECOVERY Host Alert: srv1 is UP **', 'resolve', 'warning', 'Host Alert srv1'],
    ['[PROBLEM] Ping on 10.0.0.5 is WARNING!', 'trigger', 'warning', 'Ping on 10.0.0.5'],
    ['[RECOVERY] Ping on 10.0.0.5 is OK!', 'resolve', 'warning', 'Ping on 10.0.0.5'],
    ['Problem: High CPU utilization on db-01', 'trigger', 'error', 'CPU utilization on db-01'],
    ['Resolved in 5m 3s: High CPU utilization on db-01', 'resolve', 'error', 'CPU utilization on db-01'],
    ['OK: Server is down', 'resolve', 'critical', 'Server'],
    ['[Failed] Backup Job SQL (3 objects) 1 failed', 'trigger', 'error', 'Backup Job SQL objects'],
    ['[Success] Backup Job SQL (3 objects)', 'resolve', 'warning', 'Backup Job SQL objects'],
    ['[Warning] Backup Job SQL (3 objects) 1 warning', 'trigger', 'warning', 'Backup Job SQL objects'],
    ['[EXTERNAL] [Failed] Backup Job Mail', 'trigger', 'error', 'Backup Job Mail'],
    ['[Intranet] [🔴 Down] connect ECONNREFUSED 10.0.0.5:443', 'trigger', 'critical', 'Intranet'],
    ['[Intranet] [✅ Up] 200 - OK', 'resolve', 'warning', 'Intranet'],
    ['Backup failed on SRV1', 'trigger', 'error', 'Backup on SRV1'],
    ['Backup completed successfully on SRV1', 'resolve', 'warning', 'Backup on SRV1'],
    ['Backup on SRV1 completed with 0 errors', 'resolve', 'warning', 'Backup on SRV1 with'],
    ['Backup on SRV1 completed with 3 errors', 'trigger', 'error', 'Backup on SRV1 with'],
    ['Sicherung auf SRV1 fehlgeschlagen', 'trigger', 'error', 'Sicherung auf SRV1'],
    ['WG: Sicherung auf SRV1 erfolgreich', 'resolve', 'warning', 'Sicherung auf SRV1'],
    ['Back up of SRV1 failed', 'trigger', 'error', 'Back of SRV1'],
    ['Re: AW: Disk 93% on srv-01 since 12:03', 'trigger', 'warning', 'Disk on srv-01 since'],
  ])('“%s” is read as %s, %s, of %s', (subject, action, severity, condition) => {
    const told = read(subject)
    expect(told).toMatchObject({ action, severity, condition, device: from, key: `${from} | ${condition}` })
  })

  it('lines that name things count before the subject: by a colon, an equals sign, or as cells of a table', () => {
    const text = '***** Nagios *****\n\n*Host:* web01\nService = HTTP\nState   CRITICAL\nURL: https://mon.example/1\n> Host: quoted'
    expect(read('Alarm 17', text)).toMatchObject({
      key: 'web01 | HTTP',
      device: 'web01',
      condition: 'HTTP',
      severity: 'critical',
      action: 'trigger',
      summary: 'Alarm 17',
      links: [{ href: 'https://mon.example/1' }],
    })
    expect(read('Alarm 18', text.replace('CRITICAL', 'OK (was CRITICAL)'))).toMatchObject({ key: 'web01 | HTTP', action: 'resolve' })
  })

  it('names and words are the source’s own', () => {
    const mapping = wholeMapping('mail', { device: 'Maschine', cleared: 'alles gut', critical: 'brennt' })
    expect(read('Es brennt', 'Maschine: Presse 4', mapping)).toMatchObject({ device: 'Presse 4', severity: 'critical', condition: 'Es' })
    expect(read('Alles gut', 'Maschine: Presse 4', mapping)).toMatchObject({ action: 'resolve' })
    expect(read('OK', 'Maschine: Presse 4', mapping)).toMatchObject({ action: 'trigger' })
  })

  it('an empty mail is an alert too, and one that is made to be slow is read as any other', () => {
    expect(readMachineMail({ subject: '', text: '', from: '' }, usualMailMapping)).toMatchObject({
      action: 'trigger',
      key: 'mail',
      summary: 'mail',
    })
    const hostile = ['[', ':', '=', ' ', '+', 'a.', '1,', 'Re:', '[['].map((sign) => sign.repeat(200_000))
    for (const one of hostile)
      expect(read(one, `${one}\n`.repeat(3), { ...usualMailMapping, cleared: 'b '.repeat(250) })).toMatchObject({ action: 'trigger' })
  })

  it('an example is a mail with its head, or a subject and a text', () => {
    expect(mailIn('From: Veeam <veeam@mon.example>\nSubject: [Failed] Job: A\n\nStatus: Failed')).toEqual({
      from: 'veeam@mon.example',
      subject: '[Failed] Job: A',
      text: 'Status: Failed',
    })
    expect(mailIn('[Failed] Job A\nHost: b')).toEqual({ from: '', subject: '[Failed] Job A', text: 'Host: b' })
  })
})

describe('what Grafana signs', () => {
  // Made with openssl dgst -sha256 -hmac, not with the code under test.
  const body = '{"alerts":[]}'
  const secret = 'a-secret-of-grafana'
  const plain = 'ad8f4ba27dcff6b0f4f722153d987cb30e56659fe962556308381b08b0e99208'
  const timed = '9168e78df57863eb239c464be33192124caf443e0100f7bd178e4276a78b653b'
  it('is believed when the digits are right, and when its time is not long ago', () => {
    expect(isSigned({ body, signature: plain, timestamp: null }, secret, 0)).toBe(true)
    expect(isSigned({ body, signature: timed, timestamp: '1700000000' }, secret, 1_700_000_299_000)).toBe(true)
    expect(isSigned({ body, signature: timed, timestamp: '1700000000' }, secret, 1_700_000_301_000)).toBe(false)
    expect(isSigned({ body, signature: timed, timestamp: '1700000001' }, secret, 1_700_000_000_000)).toBe(false)
    for (const signature of ['', 'zz', plain.slice(1), `${plain}00`])
      expect(isSigned({ body, signature, timestamp: null }, secret, 0)).toBe(false)
    expect(isSigned({ body: `${body} `, signature: plain, timestamp: null }, secret, 0)).toBe(false)
  })
})
