import { describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { statements } from '../../kernel/db.ts'
import { personOfSender } from './actions-sender.ts'

const desk = useDesk()

describe('who sees whom', () => {
  it('everybody sees who they are, and a requester their own organisation', async () => {
    const acme = await desk.organisation('Acme')
    const admin = await desk.person('administrator')
    const ada = await desk.person('requester', { organisationId: acme.id })
    expect(await desk.call('GET /api/me', { as: admin })).toMatchObject({
      id: admin.id,
      staff: true,
      roles: ['administrator'],
      demo: false,
    })
    expect(await desk.call('GET /api/me', { as: ada })).toMatchObject({
      roles: ['requester'],
      rights: ['ticket.create'],
      organisation: acme,
    })
  })

  it('a requester sees neither people nor organisations', async () => {
    const ada = await desk.person('requester')
    const agent = await desk.person('agent')
    await desk.call('GET /api/people', { as: agent })
    for (const call of ['GET /api/people', 'GET /api/organisations', 'GET /api/teams', 'GET /api/skills'] as const)
      await desk.refused('not_allowed', call, { as: ada })
    await desk.refused('not_allowed', 'GET /api/people/:id', { as: ada, params: { id: agent.id } })
  })

  it('E-060 an agent of one customer sees the people and the organisation of that customer only', async () => {
    const [acme, beta] = [await desk.organisation('Acme'), await desk.organisation('Beta')]
    const [ann, bob] = [
      await desk.person('requester', { name: 'Ann', organisationId: acme.id }),
      await desk.person('requester', { name: 'Bob', organisationId: beta.id }),
    ]
    const all = await desk.person('agent', { name: 'Everywhere' })
    const limited = await desk.person('agent', { name: 'Limited', limitedTo: { organisationId: acme.id } })
    const names = async (as: typeof all) => (await desk.call('GET /api/people', { as })).items.map((p) => p.name)
    expect(await names(all)).toEqual(['Ann', 'Bob', 'Everywhere', 'Limited'])
    expect(await names(limited)).toEqual(['Ann', 'Everywhere', 'Limited'])
    expect((await desk.call('GET /api/people', { as: limited, query: { q: 'Bob' } })).items).toEqual([])
    expect((await desk.call('GET /api/people', { as: limited, query: { organisationId: beta.id } })).items).toEqual([])
    expect((await desk.call('GET /api/organisations', { as: limited })).items.map((o) => o.name)).toEqual(['Acme'])
    expect((await desk.call('GET /api/people/:id', { as: limited, params: { id: ann.id } })).can).toEqual({ edit: true, grant: false })
    await desk.refused('not_found', 'GET /api/people/:id', { as: limited, params: { id: bob.id } })
    await desk.refused('not_found', 'PATCH /api/people/:id', { as: limited, params: { id: bob.id }, ifMatch: 1, body: { name: 'Bobby' } })
    await desk.refused('not_found', 'GET /api/organisations/:id', { as: limited, params: { id: beta.id } })
    // nor by pointing at it
    await desk.refused('validation_failed', 'PATCH /api/people/:id', {
      as: limited,
      params: { id: ann.id },
      ifMatch: 1,
      body: { organisationId: beta.id },
    })
    await desk.refused('validation_failed', 'PATCH /api/people/:id', {
      as: limited,
      params: { id: ann.id },
      ifMatch: 1,
      body: { memberOf: [beta.id] },
    })
    await desk.refused('not_allowed', 'POST /api/people', { as: limited, body: { name: 'Nobody of theirs' } })
    expect((await desk.call('POST /api/people', { as: limited, body: { name: 'Anton', organisationId: acme.id } })).organisation).toEqual(
      acme,
    )
  })

  it('E-061 without a scope row-level security shows no person, no organisation and no site', async () => {
    const acme = await desk.organisation('Acme')
    await desk.person('requester', { organisationId: acme.id })
    const client = desk.sandbox.client
    await desk.sandbox.transaction(async () => {
      for (const name of ['scope', 'organisations', 'person', 'staff'])
        await client.query(`select set_config('firstline.${name}', '', true)`)
      for (const table of ['person', 'organisation', 'site']) expect((await client.query(`select 1 from ${table}`)).rowCount, table).toBe(0)
      await client.query(`select set_config('firstline.scope', 'all', true)`)
      expect((await client.query('select 1 from person')).rowCount).toBe(1)
    })
  })
})

describe('the list of people', () => {
  it('is in the order of names, page by page, without loss or repetition', async () => {
    const agent = await desk.person('agent', { name: 'Zoe' })
    for (const name of ['Özil', 'Olaf', 'anna', 'Bea', 'Ähre', 'Ähre', 'Paul']) await desk.person('requester', { name })
    const names: string[] = []
    let after: string | undefined
    do {
      const page = await desk.call('GET /api/people', { as: agent, query: { limit: 3, ...(after ? { after } : {}) } })
      names.push(...page.items.map((p) => p.name))
      after = page.next ?? undefined
    } while (after)
    expect(names).toEqual(['Ähre', 'Ähre', 'anna', 'Bea', 'Olaf', 'Özil', 'Paul', 'Zoe'])
    await desk.refused('validation_failed', 'GET /api/people', { as: agent, query: { after: 'nonsense' } })
  })

  it('finds by parts of name and address, without accents, and over a typing error; signs are signs', async () => {
    const agent = await desk.person('agent', { name: 'Agent' })
    await desk.person('requester', { name: 'Jürgen Müller', email: 'j.mueller@acme.example' })
    await desk.person('requester', { name: 'Marianne Schmidt', email: 'marianne@beta.example' })
    const found = async (q: string) => (await desk.call('GET /api/people', { as: agent, query: { q } })).items.map((p) => p.name)
    expect(await found('jurgen mul')).toEqual(['Jürgen Müller'])
    expect(await found('acme.example')).toEqual(['Jürgen Müller'])
    expect(await found('mariane schmit')).toEqual(['Marianne Schmidt'])
    expect(await found('%')).toEqual([])
    expect(await found("' or 1=1 --")).toEqual([])
  })

  it('costs the same number of statements for one person as for thirty', async () => {
    const agent = await desk.person('agent')
    const cost = async () => {
      desk.kernel.actors.forgetAll()
      const before = statements.sent
      await desk.call('GET /api/people', { as: agent })
      return statements.sent - before
    }
    await cost() // the first call notes that the token is in use
    const few = await cost()
    for (let i = 0; i < 30; i++) await desk.person('requester')
    expect(await cost()).toBe(few)
  })
})

describe('changing people', () => {
  it('says who changed what, but not to what, and shows the other change to whoever comes second', async () => {
    const agent = await desk.person('agent')
    const made = await desk.call('POST /api/people', {
      as: agent,
      body: { name: 'Ada', email: 'ada@acme.example', phones: [{ kind: 'work', number: '+49 30 1' }] },
    })
    expect(made).toMatchObject({ version: 1, staff: false, verified: false, phones: [{ kind: 'work', number: '+49 30 1' }] })
    const changed = await desk.call('PATCH /api/people/:id', {
      as: agent,
      params: { id: made.id },
      ifMatch: 1,
      body: { department: 'Sales', specialHandling: 'Ring first.' },
    })
    expect(changed).toMatchObject({ version: 2, department: 'Sales', specialHandling: 'Ring first.' })
    await desk.refused('version_missing', 'PATCH /api/people/:id', { as: agent, params: { id: made.id }, body: { department: 'IT' } })
    const stale = await desk.refused('version_stale', 'PATCH /api/people/:id', {
      as: agent,
      params: { id: made.id },
      ifMatch: 1,
      body: { department: 'IT' },
    })
    expect(stale.current).toMatchObject({ department: 'Sales', version: 2 })
    const events = await desk.kernel.asSystem(({ db }) =>
      db.selectFrom('event').select(['type', 'actor_id', 'data']).where('subject_id', '=', made.id).orderBy('id').execute(),
    )
    expect(events).toEqual([
      { type: 'person.created', actor_id: agent.id, data: {} },
      { type: 'person.changed', actor_id: agent.id, data: { fields: ['department', 'specialHandling'] } },
    ])
  })

  it('an address belongs to one person, whatever its case, and never to the desk itself (C-034)', async () => {
    const agent = await desk.person('agent')
    await desk.mailbox('help@desk.example')
    const ada = await desk.call('POST /api/people', { as: agent, body: { name: 'Ada', email: 'ada@acme.example' } })
    await desk.refused('already_exists', 'POST /api/people', { as: agent, body: { name: 'Eve', email: 'ADA@acme.example' } })
    await desk.refused('own_address', 'POST /api/people', { as: agent, body: { name: 'Desk', email: 'Help@desk.example' } })
    await desk.refused('own_address', 'PATCH /api/people/:id', {
      as: agent,
      params: { id: ada.id },
      ifMatch: 1,
      body: { email: 'help@desk.example' },
    })
    const eve = await desk.call('POST /api/people', { as: agent, body: { name: 'Eve' } })
    await desk.refused('already_exists', 'PATCH /api/people/:id', {
      as: agent,
      params: { id: eve.id },
      ifMatch: 1,
      body: { email: 'ada@acme.example' },
    })
  })

  it('C-037 a name is one line, and nothing in it can become a header', async () => {
    const agent = await desk.person('agent')
    await desk.refused('validation_failed', 'POST /api/people', { as: agent, body: { name: 'x\r\nBcc: victim@x.example' } })
    for (const email of ['"evil@x.com"@our.tld, b@x.com', 'a@x.com, b@x.com', 'a@x.com\r\nBcc: b@x.com', 'group: a@x.com;'])
      await desk.refused('validation_failed', 'POST /api/people', { as: agent, body: { name: 'x', email } })
    const made = await desk.kernel.asSystem((context) =>
      personOfSender(context, { email: 'x@acme.example', name: 'Eve\r\nBcc: victim@x.example\u202e' }),
    )
    expect(made.name).toBe('Eve Bcc: victim@x.example')
  })

  it('F-069 nobody changes more of themself than the contract names', async () => {
    const ada = await desk.person('requester')
    for (const field of ['role', 'staff', 'rights', 'email', 'organisationId', 'verified_at', 'id', 'version', 'grants', 'specialHandling'])
      await desk.refused('validation_failed', 'PATCH /api/me', { as: ada, body: { [field]: 'x' } as never })
    expect(
      await desk.call('PATCH /api/me', { as: ada, body: { name: 'Ada Lovelace', language: 'de', timeZone: 'Europe/Berlin' } }),
    ).toMatchObject({
      name: 'Ada Lovelace',
      language: 'de',
      timeZone: 'Europe/Berlin',
    })
    await desk.refused('not_allowed', 'PATCH /api/me', { as: ada, body: { state: 'busy' } })
  })

  it('F-070 an agent changes no colleague, and gives no role', async () => {
    const [agent, admin] = [await desk.person('agent'), await desk.person('administrator')]
    const ada = await desk.person('requester')
    await desk.refused('not_allowed', 'PATCH /api/people/:id', {
      as: agent,
      params: { id: admin.id },
      ifMatch: 1,
      body: { email: 'mine@x.example' },
    })
    await desk.refused('not_allowed', 'POST /api/people/:id/archive', { as: agent, params: { id: admin.id } })
    await desk.refused('not_allowed', 'POST /api/people/:id/grants', {
      as: agent,
      params: { id: agent.id },
      body: { role: 'administrator' },
    })
    const lifted = await desk.call('POST /api/people/:id/grants', { as: admin, params: { id: ada.id }, body: { role: 'agent' } })
    expect(lifted).toMatchObject({ staff: true, grants: [{ role: 'agent', organisation: null, team: null }] })
    expect((await desk.call('GET /api/me', { as: ada })).roles).toEqual(['agent'])
    const lowered = await desk.call('DELETE /api/people/:id/grants/:grantId', {
      as: admin,
      params: { id: ada.id, grantId: lifted.grants[0]!.id },
    })
    expect(lowered).toMatchObject({ staff: false, grants: [] })
    expect((await desk.call('GET /api/me', { as: ada })).roles).toEqual(['requester'])
  })

  it('the last administrator keeps the role', async () => {
    const admin = await desk.person('administrator')
    const grantId = (await desk.call('GET /api/people/:id', { as: admin, params: { id: admin.id } })).grants[0]!.id
    await desk.refused('still_in_use', 'DELETE /api/people/:id/grants/:grantId', { as: admin, params: { id: admin.id, grantId } })
    expect((await desk.call('GET /api/me', { as: admin })).roles).toEqual(['administrator'])
  })

  it('whoever is archived is signed out at once, and comes back without the old tokens', async () => {
    const admin = await desk.person('administrator')
    const agent = await desk.person('agent')
    await desk.call('GET /api/me', { as: agent })
    expect((await desk.call('POST /api/people/:id/archive', { as: admin, params: { id: agent.id } })).archived).toBe(true)
    await desk.refused('sign_in_needed', 'GET /api/me', { as: agent })
    expect((await desk.call('POST /api/people/:id/restore', { as: admin, params: { id: agent.id } })).archived).toBe(false)
    await desk.refused('sign_in_needed', 'GET /api/me', { as: agent })
    await desk.refused('not_allowed', 'POST /api/people/:id/archive', { as: admin, params: { id: admin.id } })
  })
})

describe('unknown senders', () => {
  const sender = (email: string) => desk.kernel.asSystem((context) => personOfSender(context, { email, name: 'New', language: 'de' }))

  it('join the organisation of their domain, once, and speak their language', async () => {
    const acme = await desk.organisation('Acme', ['acme.example'])
    const first = await sender('new@ACME.example')
    expect(first).toMatchObject({ organisationId: acme.id, language: 'de', name: 'New' })
    expect((await sender('NEW@acme.example')).id).toBe(first.id)
    expect((await sender('new@sub.acme.example')).organisationId).toBeNull()
    expect((await sender('new@acme.example.evil.example')).organisationId).toBeNull()
  })

  it('of a free-mail domain join none, even where somebody wrote it down as theirs', async () => {
    const lead = await desk.person('lead')
    const acme = await desk.organisation('Acme')
    await desk.refused('validation_failed', 'PATCH /api/organisations/:id', {
      as: lead,
      params: { id: acme.id },
      ifMatch: 1,
      body: { domains: ['gmail.com'] },
    })
    await desk.kernel.asSystem(({ db }) =>
      db.insertInto('organisation_domain').values({ domain: 'gmx.de', organisation_id: acme.id }).execute(),
    )
    expect((await sender('somebody@gmx.de')).organisationId).toBeNull()
  })

  it('cannot be the desk itself', async () => {
    await desk.mailbox('help@desk.example')
    await expect(sender('help@desk.example')).rejects.toMatchObject({ code: 'own_address' })
  })
})

describe('organisations', () => {
  it('have a name and domains of their own', async () => {
    const lead = await desk.person('lead')
    const acme = await desk.call('POST /api/organisations', { as: lead, body: { name: 'Acme', domains: ['acme.example', 'acme.test'] } })
    expect(acme).toMatchObject({ domains: ['acme.example', 'acme.test'], people: 0, openTickets: 0, can: { edit: true } })
    await desk.refused('already_exists', 'POST /api/organisations', { as: lead, body: { name: 'ACMÉ' } })
    await desk.refused('already_exists', 'POST /api/organisations', { as: lead, body: { name: 'Beta', domains: ['acme.test'] } })
    const beta = await desk.call('POST /api/organisations', { as: lead, body: { name: 'Beta' } })
    await desk.refused('already_exists', 'PATCH /api/organisations/:id', {
      as: lead,
      params: { id: beta.id },
      ifMatch: 1,
      body: { domains: ['acme.test'] },
    })
    expect(
      (await desk.call('PATCH /api/organisations/:id', { as: lead, params: { id: acme.id }, ifMatch: 1, body: { domains: [] } })).domains,
    ).toEqual([])
    expect(
      (
        await desk.call('PATCH /api/organisations/:id', {
          as: lead,
          params: { id: beta.id },
          ifMatch: 1,
          body: { domains: ['acme.test'], note: 'n' },
        })
      ).version,
    ).toBe(2)
  })

  it('come back from the archive, unless another one has taken the name', async () => {
    const [lead, agent] = [await desk.person('lead'), await desk.person('agent')]
    const acme = await desk.organisation('Acme')
    const params = { id: acme.id }
    await desk.call('POST /api/organisations/:id/archive', { as: lead, params })
    expect((await desk.call('GET /api/search', { as: agent, query: { q: 'acme' } })).items).toEqual([])
    await desk.refused('not_allowed', 'POST /api/organisations/:id/restore', { as: agent, params })
    expect((await desk.call('POST /api/organisations/:id/restore', { as: lead, params })).archived).toBe(false)
    expect((await desk.call('GET /api/search', { as: agent, query: { q: 'acme' } })).items).toMatchObject([{ id: acme.id }])
    await desk.call('POST /api/organisations/:id/restore', { as: lead, params })
    await desk.call('POST /api/organisations/:id/archive', { as: lead, params })
    await desk.call('POST /api/organisations', { as: lead, body: { name: 'ACME' } })
    await desk.refused('already_exists', 'POST /api/organisations/:id/restore', { as: lead, params })
  })

  it('have sites, which change by themselves', async () => {
    const lead = await desk.person('lead')
    const agent = await desk.person('agent')
    const acme = await desk.organisation('Acme')
    const site = await desk.call('POST /api/organisations/:id/sites', {
      as: lead,
      params: { id: acme.id },
      body: { name: 'Berlin', timeZone: 'Europe/Berlin' },
    })
    await desk.call('PATCH /api/sites/:id', { as: lead, params: { id: site.id }, ifMatch: 1, body: { accessNote: 'Ring twice.' } })
    expect((await desk.call('GET /api/organisations/:id', { as: agent, params: { id: acme.id } })).sites).toMatchObject([
      { name: 'Berlin', version: 2, accessNote: 'Ring twice.' },
    ])
    await desk.refused('version_stale', 'PATCH /api/sites/:id', { as: lead, params: { id: site.id }, ifMatch: 1, body: { name: 'B' } })
    await desk.refused('not_allowed', 'PATCH /api/sites/:id', { as: agent, params: { id: site.id }, ifMatch: 2, body: { name: 'B' } })
    const ada = await desk.call('POST /api/people', { as: agent, body: { name: 'Ada', organisationId: acme.id, siteId: site.id } })
    expect(ada.site).toEqual({ id: site.id, name: 'Berlin' })
  })

  it('are counted without restricted tickets', async () => {
    const agent = await desk.person('agent')
    const acme = await desk.organisation('Acme')
    const ada = await desk.person('requester', { organisationId: acme.id })
    for (const restricted of [null, desk.clock.now()])
      await desk.kernel.asSystem(async ({ db, now }) => {
        const status = await db.selectFrom('status').select('id').where('meaning', '=', 'new').executeTakeFirstOrThrow()
        const fields = {
          kind: 'incident',
          subject: 's',
          status_id: status.id,
          meaning: 'new',
          impact: 1,
          urgency: 1,
          priority: 5,
          initial_priority: 5,
          channel: 'api',
        }
        const whose = { requester_id: ada.id, organisation_id: acme.id, created_at: now, changed_at: now, restricted_at: restricted }
        await db
          .insertInto('ticket')
          .values({ ...fields, ...whose })
          .execute()
      })
    expect((await desk.call('GET /api/organisations/:id', { as: agent, params: { id: acme.id } })).openTickets).toBe(1)
  })
})

describe('teams', () => {
  it('have staff as members and know their leads', async () => {
    const [lead, agent, ada] = [await desk.person('lead'), await desk.person('agent'), await desk.person('requester')]
    const team = await desk.call('POST /api/teams', { as: lead, body: { name: 'Network', tier: 2 } })
    await desk.refused('already_exists', 'POST /api/teams', { as: lead, body: { name: 'network' } })
    const set = await desk.call('PUT /api/teams/:id/members', {
      as: lead,
      params: { id: team.id },
      body: { members: [{ personId: lead.id, lead: true }, { personId: agent.id }] },
    })
    expect(set.members.map((m) => [m.id, m.lead])).toEqual([
      [lead.id, true],
      [agent.id, false],
    ])
    await desk.refused('validation_failed', 'PUT /api/teams/:id/members', {
      as: lead,
      params: { id: team.id },
      body: { members: [{ personId: ada.id }] },
    })
    await desk.refused('not_allowed', 'PUT /api/teams/:id/members', { as: agent, params: { id: team.id }, body: { members: [] } })
    expect((await desk.call('GET /api/me', { as: agent })).teams).toEqual([{ id: team.id, name: 'Network' }])
    expect((await desk.call('POST /api/teams/:id/archive', { as: lead, params: { id: team.id } })).archived).toBe(true)
    expect((await desk.call('GET /api/teams', { as: agent })).items).toEqual([])
    await desk.refused('not_allowed', 'POST /api/teams/:id/restore', { as: agent, params: { id: team.id } })
    const back = await desk.call('POST /api/teams/:id/restore', { as: lead, params: { id: team.id } })
    expect([back.archived, back.members.length]).toEqual([false, 2])
    await desk.call('POST /api/teams/:id/archive', { as: lead, params: { id: team.id } })
    await desk.call('POST /api/teams', { as: lead, body: { name: 'NETWORK' } })
    await desk.refused('already_exists', 'POST /api/teams/:id/restore', { as: lead, params: { id: team.id } })
  })

  it('know skills, which are renamed, and removed from whoever has them', async () => {
    const [lead, agent, admin] = [await desk.person('lead'), await desk.person('agent'), await desk.person('administrator')]
    const skill = (name: string) => desk.call('POST /api/skills', { as: lead, body: { name } })
    const [cisco, sap] = [await skill('Cisco'), await skill('SAP')]
    const ofAgent = async () => (await desk.call('GET /api/people/:id', { as: lead, params: { id: agent.id } })).skills
    await desk.call('PATCH /api/people/:id', { as: admin, params: { id: agent.id }, ifMatch: 1, body: { skillIds: [cisco.id, sap.id] } })
    const params = { id: cisco.id }
    await desk.refused('already_exists', 'PATCH /api/skills/:id', { as: lead, params, body: { name: 'sap' } })
    await desk.refused('not_allowed', 'PATCH /api/skills/:id', { as: agent, params, body: { name: 'Switches' } })
    await desk.call('PATCH /api/skills/:id', { as: lead, params, body: { name: 'Switches' } })
    expect((await ofAgent()).map((one) => one.name).sort()).toEqual(['SAP', 'Switches'])
    await desk.refused('not_allowed', 'DELETE /api/skills/:id', { as: agent, params })
    await desk.call('DELETE /api/skills/:id', { as: lead, params })
    expect(await ofAgent()).toEqual([sap])
    expect((await desk.call('GET /api/skills', { as: agent })).items).toEqual([sap])
    await desk.refused('not_found', 'DELETE /api/skills/:id', { as: lead, params })
  })
})
