import { call } from '../../kernel/call.ts'

/** Makes a passkey on this device and keeps it. False: the person broke it off. */
export async function addPasskey(name: string): Promise<boolean> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const { options, challenge } = await call('POST /api/me/passkeys/start')
  const answer = await startRegistration({ optionsJSON: options as never }).catch(() => undefined)
  if (!answer) return false
  await call('POST /api/me/passkeys', { body: { challenge, name, answer: { ...answer } } })
  return true
}
export const canPasskey = (): boolean => window.isSecureContext && 'PublicKeyCredential' in window && !/^[\d.]+$|:/.test(location.hostname)
