"""Every router of the management API."""

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from fastapi import APIRouter

_MODULES: Final = (
    "fanwheel.infra.access.router",
    "fanwheel.cdp.events.router",
    "fanwheel.cdp.persons.router",
    "fanwheel.cdp.sources.router",
    "fanwheel.loop.convert.orders.router",
    "fanwheel.domains.commercial.spend.router",
    "fanwheel.measure.reports.router",
)


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


ROUTERS: Final[list[APIRouter]] = [import_module(name).router for name in _MODULES if _exists(name)]
