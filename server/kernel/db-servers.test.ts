import { describe, expect, it } from 'vitest'
import { connectionTo, serversIn, withServer } from './db-servers.ts'

describe('an address with several database servers', () => {
  it.each([
    ['postgres://u:p@one/firstline', [['one', 5432]]],
    [
      'postgres://u:p@one:6000,two/firstline?sslmode=require',
      [
        ['one', 6000],
        ['two', 5432],
      ],
    ],
    [
      'postgresql://u:p@[::1]:6000,10.0.0.2:6001/db',
      [
        ['[::1]', 6000],
        ['10.0.0.2', 6001],
      ],
    ],
    [
      'postgres://u:p@localhost:6000/db?host=/run/one,/run/two',
      [
        ['/run/one', 6000],
        ['/run/two', 6000],
      ],
    ],
    [
      'postgres://u:p@localhost/db?host=one,two&port=1,2',
      [
        ['one', 1],
        ['two', 2],
      ],
    ],
  ])('is read as libpq reads it: %s', (url, expected) => {
    expect(serversIn(url).map(({ host, port }) => [host, port])).toEqual(expected)
  })

  it('gives node-postgres one of them, and keeps the rest of the address', () => {
    const url = 'postgres://u:p%40@one:6000,two:6001/firstline?sslmode=require&target_session_attrs=read-write'
    expect(serversIn(url).map((server) => withServer(url, server))).toEqual([
      'postgres://u:p%40@one:6000/firstline?sslmode=require',
      'postgres://u:p%40@two:6001/firstline?sslmode=require',
    ])
    const sockets = 'postgres://u:p@localhost/firstline?host=/run/a,/run/b'
    expect(withServer(sockets, serversIn(sockets)[1]!)).toBe('postgres://u:p@localhost:5432/firstline?host=%2Frun%2Fb')
  })

  it('an address with one server is left as it is', () => {
    expect(connectionTo('postgres://u:p@one/firstline')).toEqual({ connectionString: 'postgres://u:p@one/firstline' })
  })
})
