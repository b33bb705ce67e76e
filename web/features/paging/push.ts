/** This browser as a way: what it can, and its subscription with our key. */
const isApple = () => /iphone|ipad/i.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1)
const isInstalled = () => window.matchMedia('(display-mode: standalone)').matches

/** Why no push can arrive here; undefined: it can. */
export function whyNoPush(secure: boolean): 'pushInsecure' | 'pushIos' | 'pushNone' | 'pushDenied' | undefined {
  if (!secure || !window.isSecureContext) return 'pushInsecure'
  if (isApple() && !isInstalled()) return 'pushIos'
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return 'pushNone'
  return Notification.permission === 'denied' ? 'pushDenied' : undefined
}

export async function subscribe(key: string): Promise<{ endpoint: string; keys: { p256dh: string; auth: string } } | undefined> {
  if ((await Notification.requestPermission()) !== 'granted') return undefined
  await navigator.serviceWorker.register('/sw.js')
  const { pushManager } = await navigator.serviceWorker.ready
  const known = await pushManager.getSubscription()
  const made = known ?? (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
  const { endpoint = '', keys = {} } = made.toJSON()
  return { endpoint, keys: { p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '' } }
}

export const browserName = (): string =>
  `${/edg/i.test(navigator.userAgent) ? 'Edge' : /firefox/i.test(navigator.userAgent) ? 'Firefox' : /chrome/i.test(navigator.userAgent) ? 'Chrome' : 'Safari'}${
    /android/i.test(navigator.userAgent) ? ', Android' : isApple() ? ', iOS' : ''
  }`
