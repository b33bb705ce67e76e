import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Grafana signs what it sends: HMAC-SHA256 in hexadecimal digits over the body, or over `timestamp:body` where its contact
 * point names a header for the time. A timestamp must be younger than five minutes, so that nothing heard on the way can
 * be said again later. Pure.
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const signatureHeader = 'X-Grafana-Alerting-Signature'
const longest = 5 * 60

export type Signed = { body: string; signature: string; timestamp: string | null }

export function isSigned({ body, signature, timestamp }: Signed, secret: string, nowMilliseconds: number): boolean {
  if (timestamp !== null && !(/^\d{1,12}$/.test(timestamp) && Math.abs(nowMilliseconds / 1000 - Number(timestamp)) <= longest)) return false
  const right = createHmac('sha256', secret)
    .update(timestamp === null ? body : `${timestamp}:${body}`)
    .digest()
  const given = /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(0)
  return given.length === right.length && timingSafeEqual(given, right)
}
