import { connect, type Socket } from 'node:net'

/** A lean HTTP/1.1 client over one keep-alive connection, so that the load generator takes little of the two cores. */
export type Request = { method: 'GET' | 'POST' | 'PATCH'; path: string; body?: string | Buffer; headers?: Record<string, string> }
export type Response = { status: number; body: Buffer }
export type Connection = { send(request: Request): Promise<Response>; close(): void }

export function openConnection(port: number, token: string): Promise<Connection> {
  return new Promise((ready, failed) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => ready(speak(socket, port, token)))
    socket.once('error', failed)
  })
}

function speak(socket: Socket, port: number, token: string): Connection {
  let chunks: Buffer[] = []
  let wanted = -1
  let have = 0
  let status = 0
  let waiting: { done: (r: Response) => void; failed: (e: Error) => void } | undefined
  socket.on('error', (cause) => waiting?.failed(cause))
  socket.on('close', () => waiting?.failed(new Error('The connection was closed.')))
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    have += chunk.length
    if (wanted < 0) {
      const all = chunks.length === 1 ? chunk : Buffer.concat(chunks)
      const end = all.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = all.subarray(0, end).toString('latin1')
      status = Number(head.slice(9, 12))
      const length = /\r\ncontent-length: (\d+)/i.exec(head)
      if (!length && status !== 204) throw new Error(`No content-length: ${head}`)
      wanted = end + 4 + Number(length?.[1] ?? 0)
      chunks = [all.subarray(end + 4)]
      have = all.length
    }
    if (have < wanted) return
    const answer = { status, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) }
    chunks = []
    wanted = -1
    have = 0
    const told = waiting
    waiting = undefined
    told?.done(answer)
  })
  return {
    send: ({ method, path, body, headers = {} }) =>
      new Promise((done, failed) => {
        waiting = { done, failed }
        const lines = [`${method} ${path} HTTP/1.1`, `host: 127.0.0.1:${port}`, `authorization: Bearer ${token}`]
        for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
        if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body)}`)
        if (typeof body === 'string') socket.write(`${lines.join('\r\n')}\r\ncontent-type: application/json\r\n\r\n${body}`)
        else {
          socket.write(`${lines.join('\r\n')}\r\n\r\n`)
          if (body) socket.write(body)
        }
      }),
    close: () => socket.destroy(),
  }
}
