"""Looking at stored events from outside."""

import time

import psycopg

from tests.support.product import Product


def names_of(product: Product, prefix: str, *, at_least: int = 0, seconds: float = 30) -> list[str]:
    """Names of the stored events that begin with ``prefix``, as often as they are stored."""
    deadline = time.monotonic() + seconds
    while True:
        with psycopg.connect(product.dsn) as conn:
            rows = conn.execute("SELECT name FROM event WHERE starts_with(name, %s)", [f"{prefix} "]).fetchall()
        if len(rows) >= at_least or time.monotonic() > deadline:
            return [row[0] for row in rows]
        time.sleep(0.2)
