// Sends events with one of the real Node SDKs: node drive.mjs SDK URL KEY PREFIX COUNT
// Every event is named "<prefix> <n>"; prints {"acknowledged": [names]} for those that the SDK reports as delivered.
import { Analytics } from '@segment/analytics-node'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { PostHog } from 'posthog-node'

const [sdk, url, key, prefix, countText] = process.argv.slice(2)
const count = Number(countText)
const user = `${prefix}-user`
const anonymous = `${prefix}-anon`
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

async function segment() {
  const client = new Analytics({ writeKey: key, host: url, path: '/v1/batch', maxEventsInBatch: 5, maxRetries: 30 })
  const sent = []
  const track = (event) =>
    new Promise((done, fail) =>
      client.track({ userId: user, event, properties: { n: event } }, (error) => (error ? fail(error) : done(sent.push(event)))),
    )
  client.identify({ userId: user, anonymousId: anonymous, traits: { email: `${user}@brand.example` } })
  client.page({ userId: user, name: 'Home', properties: { url: 'https://shop.example/' } })
  client.screen({ userId: user, name: 'Main' })
  client.group({ userId: user, groupId: 'g1', traits: { plan: 'gold' } })
  client.alias({ userId: user, previousId: `${prefix}-before` })
  const waits = []
  for (let i = 0; i < count; i++) {
    waits.push(track(`${prefix} ${i}`))
    await pause(2)
  }
  await Promise.all(waits)
  await client.closeAndFlush({ timeout: 60000 })
  return sent
}

async function rudder() {
  const Rudder = RudderAnalytics.default ?? RudderAnalytics
  const client = new Rudder(key, { dataPlaneUrl: url, flushAt: 5, flushInterval: 100, maxQueueSize: 1e7 })
  const sent = []
  client.identify({ userId: user, anonymousId: anonymous, traits: { email: `${user}@brand.example` } })
  client.page({ userId: user, name: 'Home' })
  client.group({ userId: user, groupId: 'g1' })
  client.alias({ userId: user, previousId: `${prefix}-before` })
  const waits = []
  for (let i = 0; i < count; i++) {
    const event = `${prefix} ${i}`
    waits.push(new Promise((done) => client.track({ userId: user, event }, (error) => done(error || sent.push(event)))))
    await pause(2)
  }
  await client.flush()
  await Promise.race([Promise.all(waits), pause(60000)])
  return sent
}

async function posthog() {
  const client = new PostHog(key, { host: url, flushAt: 5, flushInterval: 100, fetchRetryCount: 30, fetchRetryDelay: 300 })
  let failed = false
  client.on('error', () => {
    failed = true
  })
  client.identify({ distinctId: user, properties: { email: `${user}@brand.example` } })
  client.alias({ distinctId: user, alias: `${prefix}-before` })
  const sent = []
  for (let i = 0; i < count; i++) {
    client.capture({ distinctId: user, event: `${prefix} ${i}`, properties: { n: i } })
    sent.push(`${prefix} ${i}`)
    await pause(2)
  }
  await client.shutdown(60000)
  return failed ? [] : sent
}

const acknowledged = await { segment, rudder, posthog }[sdk]()
console.log(JSON.stringify({ acknowledged }))
process.exit(0)
