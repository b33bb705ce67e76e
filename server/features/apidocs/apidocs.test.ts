import { describe, expect, it } from 'vitest'
import { api } from '../../../contract/api.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
// biome-ignore lint/suspicious/noExplicitAny: a document is walked
type Any = any
const read = async (): Promise<Any> => (await desk.app.inject({ method: 'GET', url: '/api/openapi.json' })).json()

function walk(node: Any, seen: (node: Any) => void): void {
  if (node === null || typeof node !== 'object') return
  if (!Array.isArray(node)) seen(node)
  for (const value of Object.values(node)) walk(value, seen)
}

describe('the description of the API', () => {
  it('names every call of the contract, and no other, each with an id of its own', async () => {
    const document = await read()
    expect(document.openapi).toBe('3.1.0')
    const named = Object.entries<Any>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    )
    expect(named.sort()).toEqual(Object.keys(api).sort())
    const ids = Object.values<Any>(document.paths).flatMap((methods) => Object.values<Any>(methods).map((one) => one.operationId))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => /^[a-z]+_\w+$/.test(id))).toBe(true)
  })

  it('has no dead reference, no unknown type, and every parameter of a path', async () => {
    const document = await read()
    walk(document, (node) => {
      if (typeof node.$ref === 'string')
        expect(
          node.$ref
            .slice(2)
            .split('/')
            .reduce((at: Any, key: string) => at?.[key], document),
          node.$ref,
        ).toBeDefined()
      if (typeof node.type === 'string' && !node.scheme)
        expect(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']).toContain(node.type)
    })
    for (const [path, methods] of Object.entries<Any>(document.paths))
      for (const one of Object.values<Any>(methods)) {
        const inPath = one.parameters.filter((p: Any) => p.in === 'path').map((p: Any) => `{${p.name}}`)
        expect(path.match(/\{\w+\}/g) ?? []).toEqual(inPath)
        expect(Object.keys(one.responses).length).toBeGreaterThan(1)
        expect(one.summary).not.toBe('')
      }
  })

  it('says what is taken and given as it goes over the wire, and who may', async () => {
    const document = await read()
    const create = document.paths['/api/tickets'].post
    expect(create.requestBody.content['application/json'].schema.required).toEqual(['subject'])
    expect(create.responses['201'].content['application/json'].schema.properties.id).toMatchObject({ type: 'string' })
    expect(create.parameters.map((p: Any) => p.name)).toContain('Idempotency-Key')
    expect(create.description).toContain('ticket.create')
    expect(document.paths['/api/tickets/{id}'].patch.parameters.map((p: Any) => p.name)).toContain('If-Match')
    expect(document.paths['/api/health'].get.security).toEqual([])
  })
})

describe('the reference', () => {
  it('is a page of our own files only, under the policy of all pages', async () => {
    const page = await desk.app.inject({ method: 'GET', url: '/api/docs' })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toContain("script-src 'self'")
    expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)/)
    const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
    for (const address of addresses) {
      expect(address.startsWith('/api/')).toBe(true)
      expect((await desk.app.inject({ method: 'GET', url: address })).statusCode, address).toBe(200)
    }
  })
})
