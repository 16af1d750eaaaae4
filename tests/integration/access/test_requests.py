"""What every request is held to: the size of its body, and HEAD."""

from collections.abc import AsyncIterator

import pytest
from tests.support.house import House

MB = b" " * (1 << 20)


async def endless() -> AsyncIterator[bytes]:
    """A body that says nothing of its length; whoever reads on past 8 MB fails."""
    for _ in range(9):
        yield MB
    raise AssertionError("was read to its end")


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}, {"Content-Length": str(9 << 20)}])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    house: House, workspace: int, headers: dict[str, str]
) -> None:
    owner = house.member(workspace, "owner")

    answer = owner.ask("POST", "/api/sources", content=endless(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
def test_a_body_within_the_limit_arrives_whole_however_it_is_sent(
    house: House, workspace: int, headers: dict[str, str]
) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (MB * 7, b'{"slug": "leaf', b'let", "name": "Leaflet", ', b'"domain": "private"}'):
            yield part

    owner = house.member(workspace, "owner")

    answer = owner.ask("POST", "/api/sources", content=parts(), headers={"Content-Type": "application/json", **headers})

    assert answer.status_code < 300, answer.text
    assert "leaflet" in owner.get("/api/sources").text


@pytest.mark.parametrize("path", ["/", "/people/7", "/healthz", "/readyz", "/api/docs", "/api/auth/me", "/api/nowhere"])
def test_head_is_answered_as_get_without_the_body(house: House, workspace: int, path: str) -> None:
    viewer = house.member(workspace, "viewer")
    get = viewer.get(path)

    head = viewer.ask("HEAD", path)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert viewer.ask("HEAD", "/api/auth/login").status_code == 405
