"""The session's cookie."""

from typing import Final, cast

from starlette.requests import HTTPConnection
from starlette.responses import Response

from fanwheel.infra.access import rules
from fanwheel.infra.settings import Settings

NAME: Final = "fw_session"


def give(response: Response, request: HTTPConnection, token: str) -> None:
    """Hand the browser the session's secret, out of reach of scripts and of other sites."""
    response.set_cookie(
        NAME,
        token,
        max_age=int(rules.SESSION_LIFE.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
    )


def take(response: Response, request: HTTPConnection) -> None:
    """Make the browser forget the session."""
    response.delete_cookie(NAME, path="/", httponly=True, samesite="lax", secure=_is_secure(request))


def _is_secure(request: HTTPConnection) -> bool:
    # A proxy that ends TLS may not tell; then the address that people use does.
    settings = cast(Settings, request.app.state.settings)
    return request.url.scheme == "https" or settings.url.startswith("https://")
