import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { testSettings, useDesk } from '../../test/harness.ts'
import { judgeDomain } from '../features/health/rules-domains.ts'
import { WrongSetting } from '../kernel/settings.ts'
import type { Tools } from './command.ts'
import { doctor } from './doctor.ts'

const records: Record<string, string[][]> = {
  'TXT desk.test-domain.org': [['v=spf1 include:relay.org ', '-all']],
  'TXT _dmarc.desk.test-domain.org': [['v=DMARC1; p=quarantine']],
  'TXT google._domainkey.desk.test-domain.org': [['v=DKIM1; k=rsa; p=MIIB']],
}
const asked: string[] = []
const desk = useDesk({
  outside: {
    resolveDns: (name, type) => {
      asked.push(name)
      if (type === 'MX') return Promise.resolve([{ exchange: 'mx.test-domain.org', priority: 10 }] as never)
      const found = records[`${type} ${name}`]
      return found ? Promise.resolve(found) : Promise.reject(Object.assign(new Error('none'), { code: 'ENODATA' }))
    },
  },
})
const servers: Server[] = []
afterEach(() => void servers.splice(0).map((server) => server.close()))

async function examine(more: Partial<Tools> = {}) {
  const lines: string[] = []
  const tools = {
    settings: desk.kernel.settings,
    say: (line: string) => void lines.push(line),
    note: () => {},
    program: () => Promise.reject(new Error('none')),
    kernel: async () => desk.kernel,
    ...more,
  } as Tools
  return { code: await doctor.run(tools, []), text: lines.join('\n') }
}

/** A mail server that greets, takes EHLO and refuses every password. */
function mailServer(): Promise<number> {
  const server = createServer((socket) => {
    socket.write('220 desk.example\r\n')
    socket.on('error', () => {})
    socket.on('data', (bytes) =>
      socket.write(/^EHLO/i.test(bytes.toString()) ? '250-desk.example\r\n250 AUTH PLAIN\r\n' : '535 5.7.8 Password refused\r\n'),
    )
  })
  servers.push(server)
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)))
}

describe('doctor', () => {
  it('says in words what is wrong and what to do, and judges the domain that sends', async () => {
    await desk.mailbox('support@desk.test-domain.org')
    await desk.mailbox('support@desk.example')
    const { code, text } = await examine()
    // The only bad thing here, but for a full disk, is true: the tests' own database runs without fsync.
    const bad = text.match(/^BAD .*$/gm)?.filter((line) => !line.includes('The disk of DATA_DIR'))
    expect(bad).toEqual([expect.stringContaining('fsync is off')])
    expect(code).toBe(1)
    expect(text).toContain('No mail goes out: SMTP_URL is not set.')
    expect(text).toMatch(/-> Set SMTP_URL/)
    for (const word of ['(SPF)', 'DKIM key. (domain desk.test-domain.org, selector google)', 'policy quarantine', 'Nobody takes mail'])
      expect(text).toContain(word)
    expect(asked.some((name) => name.endsWith('desk.example'))).toBe(false)
  })

  it('ends with 1 when the database cannot be opened, and still looks at the rest', async () => {
    const { code, text } = await examine({ kernel: () => Promise.reject(new Error('connect ECONNREFUSED')) })
    expect(code).toBe(1)
    expect(text).toContain('BAD      The database cannot be opened: connect ECONNREFUSED')
    expect(text).toContain('Nobody takes mail')
  })

  it('ends with 1 and names the setting that is wrong', async () => {
    const tools = {
      get settings(): never {
        throw new WrongSetting('The setting PORT ("x") is wrong.')
      },
    }
    const lines: string[] = []
    expect(
      await doctor.run(
        {
          ...desk,
          say: (line: string) => void lines.push(line),
          note: () => {},
          get settings() {
            return tools.settings
          },
        } as never,
        [],
      ),
    ).toBe(1)
    expect(lines.join('\n')).toContain('The setting PORT ("x") is wrong.')
  })

  it('knocks at both doors of mail', async () => {
    const port = await mailServer()
    const settings = testSettings(desk.kernel.settings.DATA_DIR, {
      SMTP_PORT: String(port),
      SMTP_URL: `smtp://user:wrong@127.0.0.1:${port}`,
    })
    const { code, text } = await examine({ settings })
    expect(text).toContain('The door for incoming mail is open.')
    expect(text).toMatch(/BAD .*does not let us in: .*Password refused/)
    expect(code).toBe(1)
  })
})

describe('a sending domain', () => {
  const none = { error: 'ENODATA' }
  const judged = (more: object) =>
    judgeDomain({ domain: 'a.org', mx: { records: ['mx.a.org'] }, txt: none, dmarc: none, dkim: [], ...more }).map((one) => one.key)
  it.each<[object, string]>([
    [{}, 'domain.no-spf'],
    [{ txt: { records: ['v=spf1 -all', 'v=spf1 ~all'] } }, 'domain.two-spf'],
    [{ txt: { records: ['v=spf1 +all'] } }, 'domain.open-spf'],
    [{ txt: { records: ['google-site-verification=x', 'v=spf1 mx -all'] } }, 'domain.spf'],
    [{ dmarc: { records: ['v=DMARC1; p=none'] } }, 'domain.dmarc'],
    [{ dmarc: { records: ['v=DMARC1'] } }, 'domain.no-dmarc'],
    [{ dkim: [{ selector: 's1', answer: { records: ['v=DKIM1; p='] } }] }, 'domain.no-dkim'],
    [{ mx: none }, 'domain.no-mx'],
    [{ mx: { error: 'ETIMEOUT' }, txt: { error: 'ETIMEOUT' }, dmarc: { error: 'ECONNREFUSED' } }, 'domain.no-dns'],
  ])('%j: %s', (answers, key) => {
    expect(judged(answers)).toContain(key)
  })
})
