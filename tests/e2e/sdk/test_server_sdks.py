"""Unmodified server SDKs of Segment, RudderStack and PostHog against a running product."""

import json
import secrets
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

import posthog
import pytest
import rudderstack.analytics.client as rudder
import segment.analytics.client as segment
from tests.support.events import names_of
from tests.support.product import Product

NODE = ("segment", "rudder", "posthog")


def drive(node: list[str], sdk: str, product: Product, prefix: str, count: int) -> list[str]:
    """Send events with a Node SDK; the names that it reports as delivered."""
    command = [*node, sdk, product.url, product.write_key, prefix, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return list(json.loads(done.stdout.splitlines()[-1])["acknowledged"])


def send_with_segment(product: Product, prefix: str, count: int, pause: float = 0) -> None:
    client = segment.Client(product.write_key, host=product.url, max_retries=60, upload_interval=0.05, upload_size=5)
    user = f"{prefix}-user"
    client.identify(user, {"email": f"{user}@brand.example"}, anonymous_id=f"{prefix}-anon")
    client.page(user, name="Home")
    client.screen(user, name="Main")
    client.group(user, "g1")
    client.alias(f"{prefix}-before", user)
    for number in range(count):
        client.track(user, f"{prefix} {number}", {"n": number})
        time.sleep(pause)
    client.shutdown()


def send_with_rudder(product: Product, prefix: str, count: int, pause: float = 0) -> None:
    client = rudder.Client(product.write_key, host=product.url, max_retries=60, upload_interval=0.05, upload_size=5)
    user = f"{prefix}-user"
    client.identify(user, {"email": f"{user}@brand.example"}, anonymous_id=f"{prefix}-anon")
    client.page(user, name="Home")
    client.group(user, "g1")
    client.alias(f"{prefix}-before", user)
    for number in range(count):
        client.track(user, f"{prefix} {number}", {"n": number})
        time.sleep(pause)
    client.shutdown()


def send_with_posthog(product: Product, prefix: str, count: int, pause: float = 0) -> None:
    client = posthog.Posthog(product.write_key, host=product.url, max_retries=60, flush_interval=0.05, flush_at=5)
    user = f"{prefix}-user"
    client.capture("Signed In", distinct_id=user, properties={"$set": {"email": f"{user}@brand.example"}})
    client.alias(f"{prefix}-before", user)
    for number in range(count):
        client.capture(f"{prefix} {number}", distinct_id=user, properties={"n": number})
        time.sleep(pause)
    client.shutdown()


PYTHON: dict[str, Callable[..., None]] = {
    "segment": send_with_segment,
    "rudder": send_with_rudder,
    "posthog": send_with_posthog,
}


def the_person(product: Product, prefix: str) -> Any:
    """The one person that an SDK's calls amount to, with identifiers."""
    email = f"{prefix}-user@brand.example"
    found = product.eventually("/api/people", lambda page: page["items"], q=email)
    assert len(found["items"]) == 1
    return product.get(f"/api/people/{found['items'][0]['id']}")


def identifiers(person: Any) -> set[tuple[str, str]]:
    return {(item["kind"], item["value"]) for item in person["identifiers"]}


@pytest.mark.parametrize("sdk", NODE)
def test_every_event_of_a_node_sdk_arrives_once(product: Product, node: list[str], sdk: str) -> None:
    prefix = f"node-{sdk}-{secrets.token_hex(3)}"

    acknowledged = drive(node, sdk, product, prefix, 25)

    assert sorted(acknowledged) == sorted(f"{prefix} {n}" for n in range(25))
    assert sorted(names_of(product, prefix)) == sorted(acknowledged)
    assert {("user_id", f"{prefix}-user"), ("user_id", f"{prefix}-before")} <= identifiers(the_person(product, prefix))


@pytest.mark.parametrize("sdk", list(PYTHON))
def test_every_event_of_a_python_sdk_arrives_once(product: Product, sdk: str) -> None:
    prefix = f"python-{sdk}-{secrets.token_hex(3)}"

    PYTHON[sdk](product, prefix, 25)

    product_names = names_of(product, prefix, at_least=25)
    assert sorted(product_names) == sorted(f"{prefix} {n}" for n in range(25))
    assert {("user_id", f"{prefix}-user"), ("user_id", f"{prefix}-before")} <= identifiers(the_person(product, prefix))


def test_a_server_killed_mid_stream_loses_and_doubles_nothing(own_product: Product, node: list[str]) -> None:
    acknowledged: list[str] = []
    senders = [threading.Thread(target=PYTHON[sdk], args=(own_product, f"killed-{sdk}", 150, 0.03)) for sdk in PYTHON]
    by_node = threading.Thread(
        target=lambda: acknowledged.extend(drive(node, "segment", own_product, "killed-node", 1500))
    )

    by_node.start()
    assert names_of(own_product, "killed-node", at_least=1, seconds=90)
    for sender in senders:
        sender.start()
    for sdk in PYTHON:
        assert names_of(own_product, f"killed-{sdk}", at_least=1, seconds=90)
    own_product.kill()
    own_product.start()
    for sender in (*senders, by_node):
        sender.join(timeout=200)

    for sdk in PYTHON:
        names = names_of(own_product, f"killed-{sdk}", at_least=150, seconds=120)
        assert sorted(names) == sorted(f"killed-{sdk} {n}" for n in range(150))
    stored = names_of(own_product, "killed-node", at_least=len(acknowledged))
    assert acknowledged
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
