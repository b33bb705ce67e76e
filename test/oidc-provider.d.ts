/** The few words of oidc-provider that the tests say; it brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  type Exchange = { path: string; method: string; body: unknown; oidc?: { params?: Record<string, unknown> } }
  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    use(step: (exchange: Exchange, next: () => Promise<void>) => Promise<void>): void
    callback(): (request: IncomingMessage, response: ServerResponse) => void
  }
}
