import { describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()

describe('people', () => {
  it('an administrator sees who they are and what they may', async () => {
    const admin = await desk.person('administrator')
    const me = await desk.call('GET /api/me', { as: admin })
    expect(me).toMatchObject({ id: admin.id, staff: true, roles: ['administrator'] })
  })
})
