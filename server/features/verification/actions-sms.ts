import type { Kernel } from '../../kernel/context.ts'
import { callOutside, isLocalDesk } from '../../kernel/outbound.ts'
import { type Gateway, gatewayPlace } from './access-telephone.ts'

/** As Twilio takes it, and those who speak like it. The gateway's own id of the message; null: it named none. */
export async function sendSms(kernel: Kernel, gateway: Gateway, to: string, text: string, tellAt?: string): Promise<string | null> {
  const token = kernel.secrets.open(gateway.secret, gatewayPlace)
  const address = `${gateway.base_url.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(gateway.account)}/Messages.json`
  const from = gateway.sender.startsWith('MG') ? { MessagingServiceSid: gateway.sender } : { From: gateway.sender }
  const answer = await callOutside(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${gateway.account}:${token}`).toString('base64')}`,
    },
    body: new URLSearchParams({ To: to, ...from, Body: text, ...(tellAt ? { StatusCallback: tellAt } : {}) }).toString(),
    loopback: isLocalDesk(kernel.settings),
  })
  if (!answer.ok) throw new Error(`The SMS gateway answered ${answer.status}.`)
  const said = (await answer.json().catch(() => ({}))) as { sid?: unknown; status?: unknown }
  return typeof said.sid === 'string' && said.status !== 'failed' && said.status !== 'undelivered' ? said.sid : null
}
