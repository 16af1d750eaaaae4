"""Every route of the application, whatever router it hides in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route

from fanwheel.infra.access import Allow, OpenToAll, Permission
from tests.support import rows

_DOCS = "/api/docs"  # the API's description of itself
# What stands in an address for something that has a name instead of a number.
_NAMES = {"order_id": "theirs", "name": "theirs-marker", "tag": "theirs-marker", "key": "theirs-marker"}


@dataclass(frozen=True)
class Endpoint:
    """One method of one route, and what it declares."""

    method: str
    template: str
    declared: tuple[Allow | OpenToAll, ...]

    @property
    def path(self) -> str:
        """The path with the ids that ``rows`` gives to every row."""
        path = self.template
        while "{" in path:
            before, _, rest = path.partition("{")
            name, _, after = rest.partition("}")
            path = f"{before}{_NAMES.get(name, rows.NUMBER)}{after}"
        return path

    @property
    def permission(self) -> Permission | None:
        """The permission it needs; None if it is open to all."""
        found = self.declared[0] if self.declared else None
        return found.permission if isinstance(found, Allow) else None

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


def walk(app: FastAPI) -> Iterator[tuple[str, BaseRoute]]:
    """Every route with its path, those of included routers too."""
    yield from _walk(app.routes)


def endpoints(app: FastAPI) -> list[Endpoint]:
    """Every method of every route below /api/, but for the API's own description."""
    return [
        Endpoint(method, path.replace(":path}", "}"), tuple(_declared(route.dependant)))
        for path, route in walk(app)
        if isinstance(route, APIRoute) and _is_management(path)
        for method in sorted(route.methods or ())
    ]


def pages(app: FastAPI) -> set[str]:
    """Paths of all other routes."""
    found = set()
    for path, route in walk(app):
        if isinstance(route, APIRoute) and _is_management(path):
            continue
        assert isinstance(route, Route), f"a route of a kind that the walk does not know: {route!r}"
        if not path.startswith(_DOCS):
            found.add(path)
    return found


def _is_management(path: str) -> bool:
    return path.startswith("/api/") and not path.startswith(_DOCS)


def _walk(routes: list[Any], prefix: str = "") -> Iterator[tuple[str, BaseRoute]]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield prefix + route.path, route
        else:
            yield from _walk(included.routes, prefix + route.include_context.prefix)


def _declared(dependant: Any) -> Iterator[Allow | OpenToAll]:
    for part in dependant.dependencies:
        if isinstance(part.call, Allow | OpenToAll):
            yield part.call
        yield from _declared(part)
