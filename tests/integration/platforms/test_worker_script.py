"""The scripts that sites load, run in Node with a browser's parts put in."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.channels import Desk

from fanwheel.domains.private.webpush import WebPush

NODE = Path(sys.executable).with_name("node")

# A browser's worker and page, as far as the scripts use them; what they told and showed is printed in the end.
BROWSER = """
const told = [], shown = [], opened = [], heard = {}
const kept = new Map()
const subscription = {
  endpoint: 'https://fcm.googleapis.com/x',
  toJSON: () => ({ endpoint: 'https://fcm.googleapis.com/x', keys: {} }),
  unsubscribe: async () => true,
}
const registration = {
  showNotification: async (title, options) => shown.push({ title, ...options }),
  active: { postMessage: (data) => shown.push({ posted: data }) },
  pushManager: {
    subscribe: async (options) => (shown.push(options), subscription),
    getSubscription: async () => subscription,
  },
}
const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
define('self', globalThis)
define('window', globalThis)
define('registration', registration)
define('location', { hostname: 'shop.example' })
define('clients', { openWindow: async (url) => opened.push(url) })
define('addEventListener', (name, handler) => { heard[name] = handler })
const serviceWorker = { register: async (file) => shown.push({ file }), ready: Promise.resolve(registration) }
define('navigator', { serviceWorker })
define('Notification', { requestPermission: async () => 'granted' })
define('PushManager', {})
define('caches', { open: async () => ({
  put: async (name, answer) => kept.set(name, await answer.text()),
  match: async (name) => (kept.has(name) ? new Response(kept.get(name)) : undefined),
}) })
define('fetch', async (url, options) => (told.push({ url, ...JSON.parse(options.body) }), { ok: true }))
const fire = async (name, event) => {
  const waits = []
  heard[name]({ waitUntil: (work) => waits.push(work), ...event })
  await Promise.all(waits)
}
"""


def run(script: str, steps: str) -> Any:
    made, secrets = WebPush.prepare({"origins": "https://shop.example"}, {})
    desk = Desk(WebPush, made, secrets)
    source = desk.receive(method="GET", query={"file": script}).answer.body.decode()
    program = (
        f"{BROWSER}\n{source}\n;(async () => {{ {steps}\nconsole.log(JSON.stringify({{ told, shown, opened }})) }})()"
    )
    ran = subprocess.run([NODE, "-e", program], capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_the_worker_shows_what_is_pushed_and_tells_of_it() -> None:
    pushed = {"title": "Sale", "body": "20 % off", "url": "https://x", "actions": [{"title": "Go", "url": "https://y"}]}
    event = json.dumps({**pushed, "key": "m1", "seal": "s"})

    out = run(
        "worker.js",
        f"""await fire('push', {{ data: {{ json: () => ({event}) }} }})
        const notification = {{ data: shown[0].data, close: () => undefined }}
        await fire('notificationclick', {{ notification, action: '' }})
        await fire('notificationclick', {{ notification, action: '0' }})
        await fire('push', {{ data: {{ json: () => ({{ other: 'program' }}) }} }})""",
    )

    (notification,) = out["shown"]
    assert (notification["title"], notification["tag"]) == ("Sale", "m1")
    assert notification["actions"] == [{"action": "0", "title": "Go"}]
    assert out["opened"] == ["https://x", "https://y"]
    assert [(each["do"], each["key"], each["seal"]) for each in out["told"]] == [
        ("shown", "m1", "s"),
        ("clicked", "m1", "s"),
        ("clicked", "m1", "s"),
    ]


def test_the_worker_subscribes_again_under_the_same_name() -> None:
    out = run(
        "worker.js",
        """await fire('message', { data: { fanwheelId: 'a1' } })
        await fire('pushsubscriptionchange', {})""",
    )

    (told,) = out["told"]
    assert (told["do"], told["anonymous_id"]) == ("subscribe", "a1")
    assert told["subscription"]["endpoint"] == "https://fcm.googleapis.com/x"


def test_a_page_asks_and_takes_it_back() -> None:
    out = run(
        "subscribe.js",
        """if (!fanwheelPush.isPossible()) throw new Error('it is possible')
        if (!(await fanwheelPush.subscribe({ anonymousId: 'a1' }))) throw new Error('it was allowed')
        await fanwheelPush.unsubscribe({ anonymousId: 'a1' })""",
    )

    assert [(each["do"], each["anonymous_id"]) for each in out["told"]] == [("subscribe", "a1"), ("unsubscribe", "a1")]
    assert {"file": "/fanwheel-worker.js"} in out["shown"]
    assert {"posted": {"fanwheelId": "a1"}} in out["shown"]
