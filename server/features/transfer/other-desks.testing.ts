import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Answers in the shape that Zammad's and GLPI's public API descriptions give, from a small HTTP server. It is not a live
 * Zammad or GLPI: what the descriptions do not say is not proved by it.
 */
export type OtherDesk = { url: string; asked: string[]; stop(): Promise<void>; fail(times: number, status: number): void }
type Answer = { status?: number; json?: unknown; bytes?: Buffer; headers?: Record<string, string> }

async function serve(answer: (path: string, query: URLSearchParams, request: IncomingMessage) => Answer): Promise<OtherDesk> {
  const asked: string[] = []
  let failing = { times: 0, status: 0 }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://x')
    asked.push(`${url.pathname}${url.search}`)
    const failed = failing.times-- > 0
    const {
      status = 200,
      json,
      bytes,
      headers = {},
    } = failed ? { status: failing.status, json: { error: 'busy' } } : answer(url.pathname, url.searchParams, request)
    response.writeHead(status, { 'content-type': bytes ? 'application/octet-stream' : 'application/json', ...headers })
    response.end(bytes ?? JSON.stringify(json ?? {}))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    fail: (times, status) => {
      failing = { times, status }
    },
    stop: () => new Promise((done) => server.close(() => done())),
  }
}

const picture = Buffer.from('89504e470d0a1a0a', 'hex')

/** `articles` may grow between two imports. */
export const zammadArticles = () => [
  {
    id: 1,
    ticket_id: 5,
    from: 'Ada Lovelace <ada@acme.example>',
    to: 'help@old.example',
    cc: null,
    subject: 'Printer',
    message_id: '<first@acme.example>',
    content_type: 'text/html',
    body: '<p>It <b>jams</b> <img src="cid:pic@zammad"><script>alert(1)</script></p>',
    internal: false,
    type: 'email',
    sender: 'Customer',
    created_by_id: 3,
    origin_by_id: null,
    created_at: '2024-02-01T08:00:00.000Z',
    attachments: [{ id: 77, filename: 'shot.png', size: '8', preferences: { 'Mime-Type': 'image/png', 'Content-ID': 'pic@zammad' } }],
  },
  {
    id: 2,
    ticket_id: 5,
    from: 'Agnes Agent',
    to: '',
    cc: '',
    subject: '',
    message_id: null,
    content_type: 'text/plain',
    body: 'Ask the vendor',
    internal: true,
    type: 'note',
    sender: 'Agent',
    created_by_id: 4,
    created_at: '2024-02-01T09:00:00.000Z',
    attachments: [],
  },
  {
    id: 3,
    ticket_id: 5,
    from: 'Help <help@old.example>',
    to: 'ada@acme.example',
    cc: 'boss@acme.example',
    subject: 'Re: Printer',
    message_id: '<second@old.example>',
    content_type: 'text/plain',
    body: 'New rollers are in.',
    internal: false,
    type: 'email',
    sender: 'Agent',
    created_by_id: 4,
    created_at: '2024-02-01T10:00:00.000Z',
    attachments: [],
  },
]

export function startZammad(articles: ReturnType<typeof zammadArticles>): Promise<OtherDesk> {
  const pages: Record<string, unknown[]> = {
    organizations: [{ id: 1, name: 'Acme', domain: 'acme.example', note: '<b>x</b>', active: true }],
    groups: [
      { id: 1, name: 'Users', active: true },
      { id: 2, name: 'Second Level', active: true },
    ],
    users: [
      { id: 1, login: '-', firstname: '-', lastname: '', email: '', active: false },
      {
        id: 3,
        login: 'ada@acme.example',
        firstname: 'Ada',
        lastname: 'Lovelace',
        email: 'ada@acme.example',
        organization_id: 1,
        phone: '+49 30 1',
        mobile: '',
        department: 'Research',
        active: true,
      },
      { id: 4, login: 'agnes', firstname: 'Agnes', lastname: 'Agent', email: 'agnes@old.example', organization_id: null, active: true },
      { id: 9, login: 'gone', firstname: 'Gone', lastname: 'Person', email: 'gone@acme.example', organization_id: 1, active: false },
    ],
    tickets: [
      {
        id: 5,
        number: '22005',
        title: 'Printer',
        state: 'closed',
        priority: '2 normal',
        group_id: 2,
        customer_id: 3,
        owner_id: 4,
        organization_id: 1,
        create_article_type: 'email',
        close_at: '2024-02-02T10:00:00.000Z',
        created_at: '2024-02-01T08:00:00.000Z',
        updated_at: '2024-02-02T10:00:00.000Z',
      },
      {
        id: 6,
        number: '22006',
        title: 'Odd state',
        state: 'with the boss',
        priority: '2 normal',
        group_id: 1,
        customer_id: 3,
        owner_id: 1,
        organization_id: 1,
        created_at: '2024-02-01T08:00:00.000Z',
        updated_at: '2024-02-02T10:00:00.000Z',
      },
    ],
  }
  return serve((path, query, request) => {
    if (request.headers.authorization !== 'Token token=good-token') return { status: 401, json: { error: 'Invalid token' } }
    const name = path.replace('/api/v1/', '')
    const rows = pages[name]
    if (rows) {
      const [page, size] = [Number(query.get('page')), Number(query.get('per_page'))]
      return { json: rows.slice((page - 1) * size, page * size) }
    }
    if (name === 'users/me') return { json: { id: 4 } }
    if (name === 'ticket_states')
      return {
        json: [
          { id: 2, name: 'open' },
          { id: 9, name: 'with the boss' },
        ],
      }
    if (name === 'ticket_priorities') return { json: [{ id: 2, name: '2 normal' }] }
    if (name.startsWith('ticket_articles/by_ticket/')) return { json: name.endsWith('/5') ? articles : [] }
    if (name === 'tags') return { json: { tags: query.get('o_id') === '5' ? ['hardware'] : [] } }
    if (name === 'ticket_attachment/5/1/77') return { bytes: picture }
    return { status: 404, json: { error: 'not found' } }
  })
}

export function startGlpi(): Promise<OtherDesk> {
  const ticket = {
    id: 31,
    name: 'VPN &#38; Wi-Fi',
    content: '&lt;p&gt;No &lt;b&gt;VPN&lt;/b&gt;&lt;/p&gt;',
    status: 5,
    urgency: 4,
    impact: 3,
    priority: 4,
    type: 1,
    entities_id: 2,
    itilcategories_id: 8,
    requesttypes_id: 2,
    users_id_recipient: 11,
    date: '2024-02-01 09:00:00',
    solvedate: '2024-02-03 09:00:00',
    closedate: null,
    is_deleted: 0,
  }
  const lists: Record<string, unknown[]> = {
    ITILCategory: [{ id: 8, name: 'VPN and remote work', completename: 'Network > VPN and remote work' }],
    Entity: [
      { id: 0, name: 'Root' },
      { id: 2, name: 'Acme', mail_domain: '@acme.example', address: 'Main Street 1', postcode: '10115', town: 'Berlin', comment: '' },
    ],
    Group: [{ id: 3, name: 'Network', completename: 'IT > Network' }],
    User: [
      {
        id: 11,
        name: 'alovelace',
        realname: 'Lovelace',
        firstname: 'Ada',
        phone: '1',
        mobile: '',
        language: 'de_DE',
        entities_id: 2,
        is_active: 1,
        is_deleted: 0,
      },
      { id: 12, name: 'tech', realname: 'Tech', firstname: 'Tom', entities_id: 0, is_active: 1, is_deleted: 0 },
    ],
    'User/11/UserEmail': [{ email: 'ada@acme.example', is_default: 1 }],
    'User/12/UserEmail': [],
    Ticket: [ticket, { ...ticket, id: 32, is_deleted: 1 }],
    'Ticket/31/Ticket_User': [
      { users_id: 11, type: 1 },
      { users_id: 12, type: 2 },
    ],
    'Ticket/31/Group_Ticket': [{ groups_id: 3, type: 2 }],
    'Ticket/31/ITILFollowup': [
      { id: 1, content: '<p>Which client?</p>', users_id: 12, is_private: 0, date: '2024-02-01 10:00:00' },
      { id: 2, content: 'Looks like MTU', users_id: 12, is_private: 1, date: '2024-02-01 11:00:00' },
    ],
    'Ticket/31/ITILSolution': [{ id: 1, content: '<p>MTU 1400</p>', users_id: 12, date_creation: '2024-02-03 09:00:00' }],
    'Ticket/31/TicketTask': [{ id: 1, content: 'Change MTU', users_id: 12, is_private: 1, date: '2024-02-02 09:00:00' }],
    'Ticket/31/Document_Item': [{ documents_id: 5 }],
  }
  return serve((path, query, request) => {
    const name = path.replace('/apirest.php/', '')
    if (name === 'initSession')
      return request.headers.authorization === 'user_token good-token' && request.headers['app-token'] === 'app-token'
        ? { json: { session_token: 's1' } }
        : { status: 401, json: ['ERROR_LOGIN_PARAMETERS_MISSING', ''] }
    if (request.headers['session-token'] !== 's1') return { status: 401, json: ['ERROR_SESSION_TOKEN_INVALID', ''] }
    if (name === 'Document/5')
      return query.get('alt') === 'media' ? { bytes: Buffer.from('log lines') } : { json: { filename: 'client.log', mime: 'text/plain' } }
    const rows = lists[name]
    if (!rows) return { status: 404, json: ['ERROR_ITEM_NOT_FOUND', ''] }
    const [from = 0, to = 49] = (query.get('range') ?? '0-49').split('-').map(Number)
    if (from > rows.length) return { status: 400, json: ['ERROR_RANGE_EXCEED_TOTAL', ''] }
    return {
      status: rows.length > to - from + 1 ? 206 : 200,
      json: rows.slice(from, to + 1),
      headers: { 'content-range': `${from}-${Math.min(to, rows.length - 1)}/${rows.length}` },
    }
  })
}
