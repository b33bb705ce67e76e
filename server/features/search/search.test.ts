import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { reindex } from './jobs.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let asker: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent')
  lead = await desk.person('lead')
  asker = await desk.person('requester')
})
const open = (subject: string, body = '', more = {}) =>
  desk.call('POST /api/tickets', { as: lead, body: { subject, body, requesterId: asker.id, ...more } })
const find = (q: string, more: Record<string, unknown> = {}, as = agent) => desk.call('GET /api/search', { as, query: { q, ...more } })
const ids = async (q: string, more = {}, as = agent) => (await find(q, more, as)).items.map((hit) => hit.id)

describe('what is found', () => {
  it('a ticket by its subject, its first message, a later one and its resolution, as one line', async () => {
    const made = await open('Beamer zeigt kein Bild', 'The quagga cable is dead.')
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Ordered an okapi adapter.' } })
    await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id: made.id },
      ifMatch: 1,
      body: { code: 'solved', text: 'Replaced by a numbat.' },
    })
    for (const word of ['beamer', 'quagga', 'okapi', 'numbat']) expect(await ids(word)).toEqual([made.id])
    const { items } = await find('okapi')
    expect(items[0]).toMatchObject({
      kind: 'ticket',
      title: 'Beamer zeigt kein Bild',
      ticketId: made.id,
      snippet: 'Ordered an \u0002okapi\u0003 adapter.',
    })
  })

  it('by stem in English and German, without accents, and while it is being typed', async () => {
    const [en, de] = [
      await open('Batteries', 'My printers keep crashing'),
      await open('Zugänge', 'Die Bildschirme flackern, Störung im Büro'),
    ]
    expect(await ids('printer crash')).toEqual([en.id])
    expect(await ids('battery')).toEqual([en.id])
    expect(await ids('bildschirm')).toEqual([de.id])
    expect(await ids('zugang')).toEqual([de.id])
    expect(await ids('storung buro')).toEqual([de.id])
    expect(await ids('flac')).toEqual([de.id])
    expect(await ids('flac ')).toEqual([])
  })

  it('what stands in the subject comes before what stands in a text', async () => {
    const inText = await open('Something', 'the wombat is broken')
    const inSubject = await open('Wombat', 'it is broken')
    await open('Something else', 'wombats here too')
    expect((await ids('wombat'))[0]).toBe(inSubject.id)
    expect(await ids('wombat')).toContain(inText.id)
  })

  it('a phrase stands together, and a word with minus does not occur', async () => {
    const [jam, tray] = [await open('Paper jam in tray'), await open('Jam of paper in tray')]
    expect(await ids('"paper jam"')).toEqual([jam.id])
    expect(await ids('paper -"jam"')).toEqual([])
    expect(new Set(await ids('tray -toner'))).toEqual(new Set([jam.id, tray.id]))
    expect(await ids('-toner')).toEqual([])
  })

  it('a question in many words finds what holds the telling ones', async () => {
    for (let n = 0; n < 12; n++) await open(`Please help ${n}`, 'I would like to ask about something on my computer')
    const made = await open('Reading .epub documents', 'Use a viewer.')
    expect((await ids('Which software on my computer can I use to view epub documents?'))[0]).toBe(made.id)
  })

  it('parts of a path and words in angle brackets', async () => {
    const made = await open('Adjust gamma/brightness', 'in <display settings>')
    expect(await ids('brightness')).toEqual([made.id])
    expect(await ids('display')).toEqual([made.id])
  })

  it('a misspelt title or name', async () => {
    const made = await open('Projector in the meeting room')
    expect(await ids('projektor')).toEqual([made.id])
    const ada = await desk.person('requester', { name: 'Adalbert Kwiatkowski' })
    await reindex(desk.kernel, () => {})
    expect((await find('Kwiatkowsky')).items[0]).toMatchObject({ kind: 'person', id: ada.id })
  })

  it('a tag, and no longer when it is taken off; a changed subject', async () => {
    const made = await open('Old words', '', { tags: ['narwhal'] })
    expect(await ids('narwhal')).toEqual([made.id])
    await desk.call('PATCH /api/tickets/:id', {
      as: agent,
      params: { id: made.id },
      ifMatch: 1,
      body: { tags: [], subject: 'New axolotl' },
    })
    expect(await ids('narwhal')).toEqual([])
    expect(await ids('axolotl')).toEqual([made.id])
  })

  it('the text of plain and HTML attachments', async () => {
    const boundary = 'x1'
    const part = (name: string, type: string, text: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`
    const sent = await desk.app.inject({
      method: 'POST',
      url: '/api/uploads',
      headers: { authorization: `Bearer ${agent.token}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: `${part('log.txt', 'text/plain', 'kernel pangolin panic')}${part('page.html', 'text/html', '<p>the <b>tapir</b><script>capybara</script></p>')}--${boundary}--\r\n`,
    })
    const uploadIds = sent.json().items.map((f: { id: string }) => f.id)
    const made = await open('Crash', 'see file')
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Attached.', uploadIds } })
    await desk.work()
    expect(await ids('pangolin')).toEqual([made.id])
    expect(await ids('tapir')).toEqual([made.id])
    expect(await ids('capybara')).toEqual([])
  })

  it('a person by name, address, phone and department, before texts', async () => {
    const made = await desk.call('POST /api/people', {
      as: lead,
      body: {
        name: 'Grace Hopper',
        email: 'grace@navy.example',
        department: 'Compilers',
        phones: [{ kind: 'work', number: '+49 30 123456' }],
      },
    })
    await open('Call Grace back')
    for (const q of ['grace', 'hopp', 'navy', 'compilers', '4930123456'])
      expect((await find(q)).items[0], q).toMatchObject({ kind: 'person', id: made.id, title: 'Grace Hopper' })
    expect((await find('grace', { kind: 'ticket' })).items.map((h) => h.kind)).toEqual(['ticket'])
  })

  it('an organisation by name and domain; an archived person no more', async () => {
    const made = await desk.call('POST /api/organisations', { as: lead, body: { name: 'Acme Zoo', domains: ['zoo.example'] } })
    expect((await find('acme')).items[0]).toMatchObject({ kind: 'organisation', id: made.id, snippet: 'zoo.example' })
    const person = await desk.call('POST /api/people', { as: lead, body: { name: 'Mister Gone' } })
    await desk.call('POST /api/people/:id/archive', { as: lead, params: { id: person.id } })
    expect(await ids('mister')).toEqual([])
  })

  it('messages, one line each, when they are asked for', async () => {
    const made = await open('Quoll', 'first quoll')
    const reply = await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'second quoll' } })
    const { items } = await find('quoll', { kind: 'message' })
    expect(items).toHaveLength(2)
    expect(items).toContainEqual(expect.objectContaining({ kind: 'message', id: reply.id, ticketId: made.id }))
  })
})

describe('straight there', () => {
  it('by number, with or without marks, and by address', async () => {
    const made = await open('Numbered')
    for (const q of [made.id, `#${made.id}`, `[#${made.id}]`])
      expect(await find(q)).toMatchObject({ jump: { kind: 'ticket', id: made.id }, items: [{ kind: 'ticket', id: made.id }] })
    expect((await find(asker.email)).jump).toEqual({ kind: 'person', id: asker.id })
    expect((await find('#999999')).jump).toBeNull()
  })
  it('not to a restricted ticket', async () => {
    const made = await open('Secret personnel matter')
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id: made.id }, body: { to: { personIds: [], teamIds: [] } } })
    expect(await find(`#${made.id}`)).toEqual({ items: [], jump: null, partial: false })
  })
})

describe('who finds what', () => {
  it('GEN-12 a restricted, a deleted and a withdrawn text is found by nobody who may not see it', async () => {
    const secret = await open('Restricted dugong')
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: secret.id },
      body: { to: { personIds: [], teamIds: [] } },
    })
    const spam = await open('Spam dugong')
    await desk.call('POST /api/tickets/:id/remove', { as: lead, params: { id: spam.id } })
    const made = await open('Plain')
    const reply = await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'dugong' } })
    await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: reply.id } })
    expect(await ids('dugong')).toEqual([])
    expect(await ids('dugon')).toEqual([])
    expect(await ids('dugong', {}, lead)).toEqual([secret.id])
    expect(await ids('restrikted', {})).toEqual([])
  })

  it("an agent limited to a customer finds only that customer's tickets and people", async () => {
    const [ours, theirs] = [await desk.organisation('Ours'), await desk.organisation('Theirs')]
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const [a, b] = [
      await desk.person('requester', { organisationId: ours.id, name: 'Kiwi One' }),
      await desk.person('requester', { organisationId: theirs.id, name: 'Kiwi Two' }),
    ]
    const mine = await open('Kiwi ticket', '', { requesterId: a.id })
    await open('Kiwi ticket', '', { requesterId: b.id })
    await reindex(desk.kernel, () => {})
    const { items } = await find('kiwi', {}, limited)
    expect(items.map((h) => [h.kind, h.id]).sort()).toEqual([
      ['person', a.id],
      ['ticket', mine.id],
    ])
  })

  it('who sees a ticket only as its requester does not find its internal notes', async () => {
    const ours = await desk.organisation()
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const made = await open('Own matter', 'public lemming', { requesterId: limited.id })
    await desk.call('POST /api/tickets/:id/replies', {
      as: lead,
      params: { id: made.id },
      body: { body: 'internal marmot', internal: true },
    })
    expect(await ids('lemming', {}, limited)).toEqual([made.id])
    expect(await ids('marmot', {}, limited)).toEqual([])
    expect(await ids('marmot')).toEqual([made.id])
  })

  it('a requester may not search the desk', async () => {
    await desk.refused('not_allowed', 'GET /api/search', { as: asker, query: { q: 'x' } })
  })
})

describe('nothing breaks it', () => {
  it.each(["'", '"', '\\', '-', '()', ':*', '!!', "a'b:*", 'the', '%', '<->', 'x'.repeat(300), '☃ 你好', '"unclosed phrase', '\u0000'])(
    '%j',
    async (q) => {
      await find(q)
    },
  )
  it('a reindex finds all again', async () => {
    const made = await open('Reindexed ocelot', 'x', { tags: ['serval'] })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'caracal' } })
    await reindex(desk.kernel, () => {})
    for (const word of ['ocelot', 'serval', 'caracal']) expect(await ids(word)).toEqual([made.id])
  })
})
