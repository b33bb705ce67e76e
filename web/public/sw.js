/**
 * What runs while no page of ours is open: it shows a page as it comes in, and opens its link. It keeps nothing and
 * stands between no page and the network.
 */
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('push', (event) => {
  const said = event.data ? event.data.json() : {}
  event.waitUntil(
    self.registration.showNotification(said.title || 'Firstline', {
      body: said.body || '',
      // The same message twice is shown once.
      tag: said.tag,
      requireInteraction: !said.calm,
      vibrate: said.calm ? [100] : [300, 100, 300, 100, 600],
      icon: '/icon-192.png',
      data: { url: said.url },
    }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const url = event.notification.data?.url
  if (url) event.waitUntil(self.clients.openWindow(url))
})
