// Lets a page ask for permission: await fanwheelPush.subscribe({ anonymousId, worker: '/worker.js' }).
/* global FANWHEEL_HOOK, FANWHEEL_PUBLIC_KEY */
;(() => {
  const tell = async (body) => {
    const answer = await fetch(FANWHEEL_HOOK, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`The subscription was not taken (${answer.status}).`)
  }

  window.fanwheelPush = {
    isPossible: () => 'serviceWorker' in navigator && 'PushManager' in window,

    async subscribe({ anonymousId, worker = '/fanwheel-worker.js' }) {
      if ((await Notification.requestPermission()) !== 'granted') return false
      await navigator.serviceWorker.register(worker)
      const registration = await navigator.serviceWorker.ready
      const options = { userVisibleOnly: true, applicationServerKey: FANWHEEL_PUBLIC_KEY }
      const subscription = await registration.pushManager.subscribe(options)
      registration.active.postMessage({ fanwheelId: anonymousId })
      await tell({ do: 'subscribe', anonymous_id: anonymousId, subscription: subscription.toJSON() })
      return true
    },

    async unsubscribe({ anonymousId }) {
      const registration = await navigator.serviceWorker.ready
      const subscription = await registration.pushManager.getSubscription()
      if (!subscription) return
      await subscription.unsubscribe()
      await tell({ do: 'unsubscribe', anonymous_id: anonymousId, endpoint: subscription.endpoint })
    },
  }
})()
