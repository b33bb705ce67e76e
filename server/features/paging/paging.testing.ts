import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A real receiver on loopback that stands for ntfy, Slack, Twilio, a push service: it keeps what it is given and answers as told. */
export type Heard = { path: string; method: string; headers: IncomingHttpHeaders; raw: Buffer; text: string; form: URLSearchParams }
export type Receiver = {
  url: string
  heard: Heard[]
  /** By the beginning of the path; a number alone is a refusal. */
  answers: Record<string, () => { status: number; body?: string } | 'hang'>
  of(path: string): Heard[]
  stop(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const heard: Heard[] = []
  const answers: Receiver['answers'] = {}
  const usual = (path: string) => {
    if (path.startsWith('/2010-04-01/')) return { status: 201, body: JSON.stringify({ sid: `SM${heard.length}`, status: 'queued' }) }
    if (path.startsWith('/slack')) return { status: 200, body: 'ok' }
    if (path.startsWith('/_matrix')) return { status: 200, body: '{"event_id":"$1"}' }
    if (path.startsWith('/push')) return { status: 201, body: '' }
    return { status: 200, body: JSON.stringify({ id: `n${heard.length}` }) }
  }
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const raw = Buffer.concat(parts)
      const path = request.url ?? ''
      heard.push({
        path,
        method: request.method ?? '',
        headers: request.headers,
        raw,
        text: raw.toString(),
        form: new URLSearchParams(raw.toString()),
      })
      const told = Object.entries(answers).find(([start]) => path.startsWith(start))?.[1]()
      if (told === 'hang') return void response.destroy()
      const { status, body = '' } = told ?? usual(path)
      response.writeHead(status).end(body)
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answers,
    of: (path) => heard.filter((one) => one.path.startsWith(path)),
    stop: () => new Promise<void>((done) => void server.close(() => done())),
  }
}
