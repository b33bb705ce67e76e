import { beforeEach, expect, it } from 'vitest'
import type { ViewQuery } from '../../../contract/views.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent')
  lead = await desk.person('lead')
})
const open = (subject: string, more: { assigneeId?: string } = {}) =>
  desk.call('POST /api/tickets', { as: agent, body: { subject, ...more } })

it('GEN-4 a view is kept with its groups, read as a list with headings in any order, and one group of it by pages', async () => {
  const subjects = ['one', 'two', 'three']
  for (const subject of subjects) await open(subject)
  await open('taken', { assigneeId: lead.id })
  const query: ViewQuery = { all: [{ field: 'open', is: true }], any: [] }
  const view = await desk.call('POST /api/views', { as: agent, body: { name: 'All', query, grouping: 'assignee' } })
  expect(view.grouping).toBe('assignee')
  const read = async (sort: 'newest' | 'oldest') =>
    (await desk.call('GET /api/views/:id/board', { as: agent, params: { id: view.id }, query: { by: 'assignee', sort } })).groups.map(
      (group) => [group.key, group.count, ...group.items.map((row) => row.subject)],
    )
  expect(await read('oldest')).toEqual([
    ['none', 3, ...subjects],
    [lead.id, 1, 'taken'],
  ])
  expect((await read('newest'))[0]).toEqual(['none', 3, ...subjects.toReversed()])
  const page = (after?: string) =>
    desk.call('GET /api/views/:id/tickets', {
      as: agent,
      params: { id: view.id },
      query: { by: 'assignee', group: 'none', sort: 'oldest', limit: 2, ...(after ? { after } : {}) },
    })
  const first = await page()
  const second = await page(first.next ?? '')
  expect([...first.items, ...second.items].map((row) => row.subject)).toEqual(subjects)
  expect(second.next).toBeNull()
  const plain = { as: agent, params: { id: view.id }, ifMatch: view.version, body: { grouping: null } }
  expect((await desk.call('PATCH /api/views/:id', plain)).grouping).toBeNull()
})
