import { describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { browserOn, takeMails } from '../../../test/signing-in.ts'
import { firstSetUp } from '../sessions/actions-set-up.ts'

const desk = useDesk()
const good = 'kkk-llm-rgt-77'
const png = `data:image/png;base64,${Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(50)]).toString('base64')}`

describe('the settings of the desk', () => {
  it('have defaults, are shown to everybody as far as everybody needs them, and change by an administrator', async () => {
    const [admin, manager] = [await desk.person('administrator'), await desk.person('manager')]
    expect(await desk.call('GET /api/company')).toEqual({
      name: 'Firstline',
      supports: 'own-staff',
      language: 'en',
      accent: null,
      logo: null,
      whoHasIt: 'first-name',
      closeAfterDays: 5,
    })
    expect(await desk.call('GET /api/company/settings', { as: admin })).toMatchObject({
      whoHasIt: 'first-name',
      closeAfterDays: 5,
      secondFactor: 'staff',
    })
    await desk.refused('not_allowed', 'PATCH /api/company/settings', { as: manager, body: { name: 'x' } })
    await desk.refused('not_allowed', 'GET /api/company/settings', { as: manager })
    await desk.call('PATCH /api/company/settings', { as: admin, body: { name: 'Help', supports: 'customers', logo: png } })
    expect(await desk.call('PATCH /api/company/settings', { as: admin, body: { closeAfterDays: 7 } })).toMatchObject({
      name: 'Help',
      supports: 'customers',
      closeAfterDays: 7,
    })
    expect(await desk.call('GET /api/company')).toMatchObject({ name: 'Help', logo: png })
  })

  it('take a picture as logo, and nothing that only says it is one', async () => {
    const admin = await desk.person('administrator')
    const svg = Buffer.from('<svg onload=alert(1)>').toString('base64')
    for (const logo of [
      `data:image/svg+xml;base64,${svg}`,
      `data:image/png;base64,${svg}`,
      'https://evil.example/x.png',
      `data:image/jpeg;base64,${png.split(',')[1]}`,
    ])
      await desk.refused('validation_failed', 'PATCH /api/company/settings', { as: admin, body: { logo } })
  })
})

describe('the first set-up', () => {
  const token = async () => (await firstSetUp(desk.kernel))?.replace('/set-up/', '') ?? ''

  it('is done once, by whoever holds the link of the console', async () => {
    expect((await desk.call('GET /api/sign-in')).setUpDone).toBe(false)
    const link = await token()
    expect(await desk.call('POST /api/sign-in/link/look', { body: { token: link } })).toEqual({ purpose: 'set-up', name: '', email: null })
    const browser = browserOn(desk)
    await browser.refused('validation_failed', 'POST /api/sign-in/link/use', { body: { token: link, name: 'Ada' } })
    await browser.refused('validation_failed', 'POST /api/sign-in/link/use', { body: { token: link, name: 'Ada', password: good } })
    await browser.refused('validation_failed', 'POST /api/sign-in/link/use', {
      body: { token: link, name: 'Ada', email: 'ada@x.example', password: 'password' },
    })
    const used = await browser.call('POST /api/sign-in/link/use', {
      body: { token: link, name: 'Ada', email: 'ada@x.example', password: good },
    })
    expect(used).toEqual({ purpose: 'set-up', next: 'second-factor-setup' })
    expect((await desk.call('GET /api/sign-in')).setUpDone).toBe(true)
    await desk.refused('link_expired', 'POST /api/sign-in/link/use', {
      body: { token: link, name: 'Eve', email: 'eve@x.example', password: good },
    })
    expect(await firstSetUp(desk.kernel)).toBeNull()
  })

  it('G-096 a link of an earlier start, of half an hour ago, or of a desk that has an administrator opens nothing', async () => {
    const use = (link: string) => ({ body: { token: link, name: 'Eve', email: 'eve@x.example', password: good } })
    const first = await token()
    const second = await token()
    await desk.refused('link_expired', 'POST /api/sign-in/link/use', use(first))
    desk.clock.advance({ minutes: 30 })
    await desk.refused('link_expired', 'POST /api/sign-in/link/use', use(second))
    const third = await token()
    await desk.person('administrator')
    await desk.refused('set_up_done', 'POST /api/sign-in/link/use', use(third))
  })

  it('names the administrator whom the command line made', async () => {
    const { firstAdministrator } = await import('../sessions/actions-set-up.ts')
    const { id } = await desk.kernel.asSystem((context) => firstAdministrator(context))
    await desk.call('POST /api/sign-in/link/use', { body: { token: await token(), name: 'Ada', email: 'ada@x.example', password: good } })
    const admin = await desk.person('administrator')
    expect(await desk.call('GET /api/people/:id', { as: admin, params: { id } })).toMatchObject({
      name: 'Ada',
      email: 'ada@x.example',
      grants: [{ role: 'administrator' }],
    })
  })

  it('goes on in steps, each done when its trace is there', async () => {
    const admin = await desk.person('administrator')
    const steps = async () => (await desk.call('GET /api/set-up', { as: admin })).steps.filter((s) => s.done).map((s) => s.key)
    expect(await steps()).toEqual([])
    await desk.call('PATCH /api/company/settings', { as: admin, body: { name: 'Help' } })
    await desk.mailbox()
    expect(await steps()).toEqual(['company', 'mailbox'])
    const people = [
      { name: 'Bob', email: 'bob@x.example' },
      { name: 'Cleo', email: 'cleo@x.example', role: 'lead' as const },
    ]
    expect(await desk.call('POST /api/set-up/colleagues', { as: admin, body: { people } })).toEqual({ invited: 2 })
    expect((await takeMails(desk)).map((mail) => [mail.kind, mail.address])).toEqual([
      ['invitation', 'bob@x.example'],
      ['invitation', 'cleo@x.example'],
    ])
    expect(await steps()).toEqual(['company', 'mailbox', 'colleagues'])
    expect((await desk.call('GET /api/people', { as: admin, query: { staff: true, q: 'cleo' } })).items).toHaveLength(1)
    expect((await desk.call('GET /api/set-up', { as: admin })).done).toBe(false)
    await desk.call('POST /api/set-up/done', { as: admin })
    await desk.call('POST /api/set-up/done', { as: admin })
    expect((await desk.call('GET /api/set-up', { as: admin })).done).toBe(true)
  })
})

describe('the sign-in page', () => {
  const cards = [{ key: 'agent', name: 'Ada', role: 'agent', personId: '0' }]
  async function sample() {
    const agent = await desk.person('agent')
    await desk.kernel.asSystem(({ db, now }) =>
      db
        .insertInto('setting')
        .values({ name: 'demo', value: JSON.stringify({ cards: [{ ...cards[0], personId: agent.id }] }), changed_at: now })
        .execute(),
    )
    return agent
  }

  it('shows cards in the sample company only, and a card opens the desk as that person', async () => {
    expect((await desk.call('GET /api/sign-in')).demoCards).toEqual([])
    await desk.refused('demo_only', 'POST /api/sign-in/demo', { body: { card: 'agent' } })
    const agent = await sample()
    expect((await desk.call('GET /api/sign-in')).demoCards).toEqual([{ ...cards[0], personId: agent.id }])
    const browser = browserOn(desk)
    expect(await browser.call('POST /api/sign-in/demo', { body: { card: 'agent' } })).toEqual({ next: 'done' })
    expect(await browser.call('GET /api/me')).toMatchObject({ id: agent.id, demo: true })
    await desk.refused('demo_only', 'POST /api/sign-in/demo', { body: { card: 'other' } })
  })

  it('shows none where the server listens beyond this machine', async () => {
    await sample()
    desk.kernel.settings.HOST = '0.0.0.0'
    try {
      expect((await desk.call('GET /api/sign-in')).demoCards).toEqual([])
      await desk.refused('demo_only', 'POST /api/sign-in/demo', { body: { card: 'agent' } })
    } finally {
      desk.kernel.settings.HOST = '127.0.0.1'
    }
  })

  it('says what plain HTTP makes impossible', async () => {
    expect(await desk.call('GET /api/sign-in')).toMatchObject({ secure: true, ways: ['passkey', 'password', 'link'] })
    const { baseUrl } = desk.kernel.settings
    desk.kernel.settings.baseUrl = 'http://desk.lan:8080'
    try {
      expect(await desk.call('GET /api/sign-in')).toMatchObject({
        secure: false,
        ways: ['password', 'link'],
        address: 'http://desk.lan:8080',
      })
    } finally {
      desk.kernel.settings.baseUrl = baseUrl
    }
  })
})
