import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let ada: TestPerson
let org: { id: string; name: string }
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Ann' })
  lead = await desk.person('lead', { name: 'Lea' })
  org = await desk.organisation('Nordwind', ['nordwind.example'])
  ada = await desk.person('requester', { name: 'Ada', organisationId: org.id })
})
const of = (id = org.id) => ({ params: { id } })

async function upload(as: TestPerson, name = 'contract.pdf', text = 'pages'): Promise<string> {
  const payload = `--x\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\nContent-Type: application/pdf\r\n\r\n${text}\r\n--x--\r\n`
  const headers = { authorization: `Bearer ${as.token}`, 'content-type': 'multipart/form-data; boundary=x' }
  return (await desk.app.inject({ method: 'POST', url: '/api/uploads', headers, payload })).json().items[0].id
}
const file = async (more: Record<string, unknown> = {}, text = 'pages') =>
  desk.call('POST /api/organisations/:id/documents', {
    as: lead,
    ...of(),
    body: { uploadId: await upload(lead, 'contract.pdf', text), ...more },
  })
const bytes = (id: string, as: TestPerson) => desk.ask('GET /api/document-files/:id', { as, params: { id } })

describe('documents of a customer', () => {
  it('keep their versions; what is for the customer is read by its viewers, in the version in force', async () => {
    const viewer = await desk.person('organisation-viewer', { organisationId: org.id, limitedTo: { organisationId: org.id } })
    const document = await file({ title: 'Contract', audience: 'customer' }, 'first')
    const newer = await desk.call('POST /api/documents/:id/files', {
      as: lead,
      params: { id: document.id },
      body: { uploadId: await upload(lead, 'contract-2.pdf', 'second') },
    })
    const [second, first] = newer.files
    expect([second, first]).toMatchObject([
      { number: 2, name: 'contract-2.pdf', addedBy: { name: 'Lea' } },
      { number: 1, name: 'contract.pdf' },
    ])
    expect((await bytes(first!.id, agent)).text).toBe('first')
    const mine = await desk.call('GET /api/documents', { as: viewer })
    expect(mine.items).toMatchObject([{ title: 'Contract', files: [{ id: second!.id, addedBy: null }] }])
    expect((await bytes(second!.id, viewer)).text).toBe('second')
    expect((await bytes(first!.id, viewer)).status).toBe(404)
  })

  it('of staff are not found by anybody else, nor are those of another customer, on any way', async () => {
    const viewer = await desk.person('organisation-viewer', { organisationId: org.id, limitedTo: { organisationId: org.id } })
    const other = await desk.organisation('Other')
    const stranger = await desk.person('organisation-viewer', { organisationId: other.id, limitedTo: { organisationId: other.id } })
    const limited = await desk.person('lead', { limitedTo: { organisationId: other.id } })
    const [inside, theirs] = [await file({ title: 'Passwords' }), await file({ title: 'Contract', audience: 'customer' })]
    const of = (one: typeof inside) => one.files[0]!.id
    expect((await bytes(of(theirs), viewer)).status).toBe(200)
    for (const [who, id] of [
      [viewer, of(inside)],
      [ada, of(inside)],
      [ada, of(theirs)],
      [stranger, of(theirs)],
      [limited, of(theirs)],
    ] as const)
      expect((await bytes(id, who)).status, who.name).toBe(404)
    expect((await desk.call('GET /api/documents', { as: viewer })).items.map((one) => one.title)).toEqual(['Contract'])
    for (const nobody of [ada, stranger, agent]) expect((await desk.call('GET /api/documents', { as: nobody })).items).toEqual([])
    await desk.refused('not_found', 'PATCH /api/documents/:id', {
      as: limited,
      params: { id: theirs.id },
      ifMatch: 1,
      body: { title: 'x' },
    })
    await desk.call('PATCH /api/documents/:id', { as: lead, params: { id: theirs.id }, ifMatch: 1, body: { audience: 'staff' } })
    expect((await bytes(of(theirs), viewer)).status).toBe(404)
  })

  it('are made only of uploads of one’s own, and a script is a download', async () => {
    const foreign = await upload(agent)
    const refused = await desk.refused('validation_failed', 'POST /api/organisations/:id/documents', {
      as: lead,
      ...of(),
      body: { uploadId: foreign },
    })
    expect(refused.issues?.[0]).toMatchObject({ path: 'uploadId', code: 'unknown' })
    const made = await desk.call('POST /api/organisations/:id/documents', {
      as: lead,
      ...of(),
      body: { uploadId: await upload(lead, 'page.html', '<script>1</script>') },
    })
    expect((await bytes(made.files[0]!.id, agent)).headers['content-disposition']).toMatch(/^attachment/)
  })

  it('are removed for good with their bytes, and are kept by the sweep as long as they stand', async () => {
    const document = await file()
    const has = async () => (await bytes(document.files[0]!.id, agent)).status
    const sweep = async () => {
      const { forgetOwnerless } = await import('../health/actions.ts')
      const after = desk.clock.now().add({ hours: 48 })
      return desk.kernel.asSystem((context) => forgetOwnerless(context, after))
    }
    expect(await sweep()).toEqual([])
    expect(await has()).toBe(200)
    await desk.call('DELETE /api/documents/:id', { as: lead, params: { id: document.id } })
    expect(await has()).toBe(404)
    expect(await sweep()).toHaveLength(1)
  })

  it('stand behind the second wall too: PostgreSQL itself shows a viewer what is for them, others nothing, and nobody writes', async () => {
    await file({ title: 'Passwords' })
    await file({ title: 'Contract', audience: 'customer' })
    const body = { personId: ada.id }
    await desk.call('POST /api/organisations/:id/contacts', { as: lead, ...of(), body })
    await desk.call('POST /api/organisations/:id/notes', { as: agent, ...of(), body: { body: 'Moves in May.' } })
    const client = desk.sandbox.client
    const rows = async (table: string) => (await client.query(`select 1 from ${table}`)).rowCount
    await desk.sandbox.transaction(async () => {
      for (const name of ['scope', 'organisations', 'person', 'staff'])
        await client.query(`select set_config('firstline.${name}', '', true)`)
      for (const table of ['document', 'document_file', 'customer_contact', 'customer_note']) expect(await rows(table), table).toBe(0)
      await client.query(`select set_config('firstline.organisations', '{${org.id}}', true)`)
      expect([await rows('document'), await rows('document_file'), await rows('customer_note')]).toEqual([1, 1, 0])
      expect((await client.query(`delete from document where audience = 'staff'`)).rowCount).toBe(0)
      await client.query(`select set_config('firstline.staff', 'on', true)`)
      expect([await rows('document'), await rows('customer_contact'), await rows('customer_note')]).toEqual([2, 1, 1])
    })
  })
})
