import webpush from 'web-push'
import type { Kernel } from '../../kernel/context.ts'
import { callOutside, isLocalDesk } from '../../kernel/outbound.ts'
import type { Vapid } from './access-settings.ts'
import { openWords } from './words.ts'

/**
 * One message handed to one provider. A provider that answers something else than it should when it took a message has
 * not taken it (FT-43): the next way is used rather than believed in.
 */
export type Outgoing = {
  kind: 'push' | 'webhook'
  format: 'ntfy' | 'slack' | 'teams' | 'matrix' | null
  address: Record<string, string>
  /** The same when it is sent again, so that a provider which can tell does not show it twice. */
  key: string
  title: string
  body: string
  url: string | null
  urgency: 'high' | 'low'
  language: 'en' | 'de'
  /** It wakes nobody and goes away by itself: a notice, no page. */
  calm?: true
}
export type Outcome = { sent: true; providerId: string | null } | { sent: false; cause: string; gone?: true }

type Request = { url: string; method?: string; headers: Record<string, string>; body: string | Buffer; taken: (text: string) => boolean }

export async function hand(kernel: Kernel, message: Outgoing, vapid: Vapid | null): Promise<Outcome> {
  try {
    const request = message.kind === 'push' ? pushRequest(kernel, message, vapid) : webhookRequest(message)
    const { url, method = 'POST', headers, body } = request
    const answer = await callOutside(url, { method, headers, body, loopback: isLocalDesk(kernel.settings), seconds: 8 })
    if (message.kind === 'push' && (answer.status === 404 || answer.status === 410))
      return { sent: false, cause: `HTTP ${answer.status}`, gone: true }
    if (!answer.ok) return { sent: false, cause: `HTTP ${answer.status}` }
    return request.taken(await answer.text()) ? { sent: true, providerId: null } : { sent: false, cause: 'UNEXPECTED_ANSWER' }
  } catch (cause) {
    return { sent: false, cause: causeOf(cause) }
  }
}

export function causeOf(cause: unknown): string {
  const { code, name, message } = cause as Error & { code?: string }
  return String(code ?? (name === 'TimeoutError' ? 'TIMEOUT' : message)).slice(0, 200)
}

/** RFC 8030, 8291, 8292: encrypted for the browser, which its maker's service only carries. */
function pushRequest(kernel: Kernel, message: Outgoing, vapid: Vapid | null): Request {
  if (!vapid) throw new Error('There are no keys for push yet.')
  const { endpoint = '', p256dh = '', auth = '' } = message.address
  const details = webpush.generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    JSON.stringify({ title: message.title, body: message.body.slice(0, 1000), url: message.url, tag: message.key, calm: message.calm }),
    {
      vapidDetails: { subject: `mailto:firstline@${kernel.settings.mailDomain}`, ...vapid },
      TTL: 3600,
      urgency: message.urgency === 'high' ? 'high' : 'normal',
      topic: message.key.slice(0, 32),
      contentEncoding: 'aes128gcm',
    },
  )
  const headers = Object.fromEntries(Object.entries(details.headers).map(([name, value]) => [name, String(value)]))
  return { url: details.endpoint, headers, body: details.body, taken: () => true }
}

const json = { 'content-type': 'application/json' }
const isJsonWith = (name: string) => (text: string) => {
  try {
    return typeof (JSON.parse(text) as Record<string, unknown>)[name] === 'string'
  } catch {
    return false
  }
}
/** Headers hold ASCII only (RFC 2047). */
const encoded = (text: string) => (/^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`)

function webhookRequest({ format, address, key, title, body, url: link, urgency, language }: Outgoing): Request {
  const { url = '', token, room = '' } = address
  const open = openWords(language)
  if (format === 'slack') {
    const text = [`*${slackText(title)}*`, slackText(body), ...(link ? [`<${link}|${open}>`] : [])].join('\n')
    return { url, headers: json, body: JSON.stringify({ text }), taken: (answer) => answer.trim() === 'ok' }
  }
  if (format === 'teams')
    return { url, headers: json, body: JSON.stringify(teamsCard(title, body, link, open)), taken: (answer) => !/error/i.test(answer) }
  if (format === 'matrix') {
    const text = [title, body, ...(link ? [link] : [])].join('\n')
    return {
      url: `${url.replace(/\/+$/, '')}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${encodeURIComponent(key)}`,
      method: 'PUT',
      headers: { ...json, authorization: `Bearer ${token ?? ''}` },
      // An empty m.mentions says that nobody is meant, whatever "@room" the text holds (MSC3952).
      body: JSON.stringify({ msgtype: 'm.text', body: text, 'm.mentions': {} }),
      taken: isJsonWith('event_id'),
    }
  }
  return {
    url,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      title: encoded(title),
      priority: urgency === 'high' ? '5' : '3',
      tags: 'rotating_light',
      ...(link ? { click: link, actions: encoded(`view, ${open}, ${link}`) } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body,
    taken: isJsonWith('id'),
  }
}

const slackText = (text: string): string => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign)

function teamsCard(title: string, body: string, link: string | null, open: string) {
  // Runs of text, because a text block reads Markdown: a subject is not to become a link.
  const text = (said: string, more: object = {}) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: said, ...more }] })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [text(title, { weight: 'Bolder', size: 'Medium' }), text(body)],
    ...(link ? { actions: [{ type: 'Action.OpenUrl', title: open, url: link }] } : {}),
  }
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] }
}
