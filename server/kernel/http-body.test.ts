import { describe, expect, it } from 'vitest'
import { useDesk } from '../../test/harness.ts'
import { nameGivenTwice } from './http-body.ts'

describe('F-077: what a body says, it says once', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":{"b":1,"b":2}}', 'b'],
    ['[{"x":1},{"x":1,"x":2}]', 'x'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a" \n : 1, "a"\t:2}', 'a'],
    ['{"q\\"":1,"q\\"":2}', 'q"'],
    ['{"":1,"":2}', ''],
  ])('%s is given twice', (text, name) => expect(nameGivenTwice(text)).toBe(name))

  it.each([
    '{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}',
    '{"a":"a","b":"a","c":["a","a"]}',
    '{"a":"{\\"x\\":1,\\"x\\":2}"}',
    '{"a":"\\\\","b":"\\\\"}',
    '{"a"',
    '"',
    '}}}',
    '',
  ])('%s is not', (text) => expect(nameGivenTwice(text)).toBeUndefined())
})

describe('the doors', () => {
  const desk = useDesk()
  const post = async (type: string, payload: string) => {
    const agent = await desk.person('agent')
    const answer = await desk.app.inject({
      method: 'POST',
      url: '/api/tickets',
      payload,
      headers: { 'content-type': type, authorization: `Bearer ${agent.token}` },
    })
    return { status: answer.statusCode, body: answer.json(), tickets: (await desk.call('GET /api/tickets', { as: agent })).items.length }
  }

  it('F-077 a subject given twice makes no ticket, and the answer names the field', async () => {
    expect(await post('application/json', '{"subject":"first","subject":"second"}')).toMatchObject({
      status: 400,
      body: { code: 'body_unreadable', title: expect.stringContaining('"subject"') },
      tickets: 0,
    })
  })

  it('a form is taken by the calls that telephone systems make, and by no other', async () => {
    expect(await post('application/x-www-form-urlencoded', 'subject=Printed')).toMatchObject({ status: 415, tickets: 0 })
  })
})
