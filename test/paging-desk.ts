import { afterAll, beforeAll, beforeEach } from 'vitest'
import { connectTo, type Sink, startSink } from '../server/features/mail/mail.testing.ts'
import { type Receiver, startReceiver } from '../server/features/paging/paging.testing.ts'
import type { TestPerson } from './factories.ts'
import { useDesk } from './harness.ts'

/** Who is there and what hears of it; made anew before each test. */
type PagingParty = { relay: Sink; outside: Receiver; lead: TestPerson; anna: TestPerson; ben: TestPerson; team: { id: string } }

/** A desk whose team Network, Anna and Ben, is paged by mail and by ways outside: over real sockets, with the clock moved. */
export function usePagingDesk() {
  const desk = useDesk()
  const here = {} as PagingParty
  beforeAll(async () => {
    here.relay = await startSink()
    here.outside = await startReceiver()
  })
  afterAll(async () => {
    await here.relay.stop()
    await here.outside.stop()
  })
  beforeEach(async () => {
    here.relay.taken.length = 0
    delete here.relay.answer.rcpt
    connectTo(desk.kernel, here.relay)
    here.outside.heard.length = 0
    for (const path of Object.keys(here.outside.answers)) delete here.outside.answers[path]
    await desk.mailbox('help@desk.example')
    here.lead = await desk.person('lead', { name: 'Lea' })
    here.anna = await desk.person('agent', { name: 'Anna' })
    here.ben = await desk.person('agent', { name: 'Ben' })
    here.team = await desk.team('Network', 2, [here.anna, here.ben])
  })
  const addPolicy = (steps: unknown[], more: object = {}) =>
    desk.call('POST /api/paging/policies', {
      as: here.lead,
      body: { name: 'Network at night', teamIds: [here.team.id], steps, loops: 0, ...more } as never,
    })
  const open = (more: object = {}) =>
    desk.call('POST /api/tickets', {
      as: here.lead,
      body: { subject: 'Line is down', teamId: here.team.id, acknowledge: false, ...more } as never,
    })
  const page = (id: string, more: object = {}) => desk.call('POST /api/tickets/:id/pages', { as: here.lead, params: { id }, body: more })
  const see = (id: string) => desk.call('GET /api/pages/:id', { as: here.lead, params: { id } })
  const ntfy = (who: TestPerson, more: object = {}) =>
    desk.call('POST /api/me/paging/channels', {
      as: who,
      body: { kind: 'webhook', format: 'ntfy', url: `${here.outside.url}/ntfy-${who.id}`, highAfter: 0, ...more } as never,
    })
  const mailTo = (who: TestPerson) => here.relay.taken.filter((mail) => mail.to.includes(who.email))
  return { desk, here, addPolicy, open, page, see, ntfy, mailTo }
}

export const person = (id: string) => ({ kind: 'person' as const, id })
export const step = (targets: unknown[], more: object = {}) => ({ targets, wait: 10, ...more })
export const linkIn = (text: string) => /\/page\/([\w-]{22})/.exec(text)?.[1] ?? ''
