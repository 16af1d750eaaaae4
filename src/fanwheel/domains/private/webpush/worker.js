// Shows what is pushed. The brand's own worker loads this file: importScripts('…?file=worker.js').
/* global FANWHEEL_HOOK, FANWHEEL_PUBLIC_KEY */
;(() => {
  const tell = (body) =>
    fetch(FANWHEEL_HOOK, { method: 'POST', body: JSON.stringify(body), keepalive: true }).catch(() => undefined)

  const remember = async (id) => (await caches.open('fanwheel')).put('/fanwheel-id', new Response(id))
  const recall = async () => {
    const kept = await (await caches.open('fanwheel')).match('/fanwheel-id')
    return kept ? kept.text() : ''
  }

  self.addEventListener('message', (event) => {
    if (event.data && event.data.fanwheelId) event.waitUntil(remember(event.data.fanwheelId))
  })

  self.addEventListener('push', (event) => {
    if (!event.data) return
    const told = event.data.json()
    if (!told.key) return
    const actions = (told.actions || []).map((each, index) => ({ action: String(index), title: each.title }))
    const options = { body: told.body, icon: told.icon, image: told.image, actions, tag: told.key, data: told }
    event.waitUntil(
      self.registration
        .showNotification(told.title || self.location.hostname, options)
        .then(() => tell({ do: 'shown', key: told.key, seal: told.seal })),
    )
  })

  self.addEventListener('notificationclick', (event) => {
    const told = event.notification.data || {}
    const action = (told.actions || [])[Number(event.action)]
    const url = (event.action && action ? action.url : told.url) || '/'
    event.notification.close()
    event.waitUntil(
      Promise.all([self.clients.openWindow(url), tell({ do: 'clicked', key: told.key, seal: told.seal, url })]),
    )
  })

  self.addEventListener('pushsubscriptionchange', (event) => {
    const again = async () => {
      const id = await recall()
      const options = { userVisibleOnly: true, applicationServerKey: FANWHEEL_PUBLIC_KEY }
      const subscription = await self.registration.pushManager.subscribe(options)
      if (id) await tell({ do: 'subscribe', anonymous_id: id, subscription: subscription.toJSON() })
    }
    event.waitUntil(again())
  })
})()
