"""Every failure leaves as ``{"code", "message", "hint"?}``."""

from typing import Any, Final

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from fanwheel.kernel.errors import ErrorKind, FanwheelError

_log: Final = structlog.get_logger()
_CODES: Final = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
}


def install_error_handlers(app: FastAPI) -> None:
    """Make ``app`` answer failures in the one shape."""
    app.add_exception_handler(FanwheelError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(psycopg.DataError, _unstorable)
    app.add_exception_handler(Exception, _unexpected)


class Problem(BaseModel):
    """A failure: ``code`` is for programs and stays, ``message`` and ``hint`` are for people.

    ``path`` says where in a rule the fault is.
    """

    code: str
    message: str
    hint: str | None = None
    path: str | None = None


# Any route may answer so; FastAPI would describe the 422 of its own, which never leaves this server.
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    code: {"model": Problem, "description": text}
    for code, text in ((422, "A value cannot be used."), ("4XX", "Refused."), ("5XX", "Failed; try again."))
}


def error_body(code: str, message: str, hint: str | None = None, path: object = None) -> dict[str, str]:
    """The shape of an error."""
    more = {"hint": hint, "path": path if isinstance(path, str) else None}
    return {"code": code, "message": message, **{name: text for name, text in more.items() if text}}


async def _ours(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, FanwheelError)
    headers = {}
    if error.kind in (ErrorKind.THROTTLED, ErrorKind.UNAVAILABLE):
        headers["Retry-After"] = str(error.context.get("retry_after", 1))
    body = error_body(error.code, error.message, error.hint, error.context.get("path"))
    return JSONResponse(body, error.kind.value, headers)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        message = f"The body is no JSON: {first['ctx']['error']}."
        return JSONResponse(error_body("invalid_json", message, "Send a JSON object."), 422)
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    message = f"“{place}”: {first['msg']}." if place else f"{first['msg']}."
    takes = f"what “{place}” takes" if place else "what it takes"
    return JSONResponse(error_body("invalid_request", message, f"See /api/docs for {takes}."), 422)


async def _unstorable(request: Request, error: Exception) -> JSONResponse:
    """A value that passed our checks, but that PostgreSQL has no room or no character for."""
    _log.warning("a value cannot be stored", path=request.scope["route"].path, error=type(error).__name__)
    message = "A value is out of range, or holds a character that cannot be stored."
    return JSONResponse(error_body("invalid_value", message, "Send smaller numbers, and text without NUL."), 422)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, f"http_{error.status_code}")
    path = request.url.path
    lost = {404: f"There is no {path}.", 405: f"{path} does not take {request.method}."}
    message, hint = lost.get(error.status_code), "See /api/docs for what there is."
    if error.status_code == 400:  # what no library could make anything of
        message, hint = "The body cannot be read.", "Send JSON in UTF-8 that is not nested hundreds of levels deep."
    body = error_body(code, message, hint) if message else error_body(code, f"{error.detail}.")
    return JSONResponse(body, error.status_code, error.headers)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _log.error("request failed", path=request.url.path, error=type(error).__name__, exc_info=error)
    return JSONResponse(error_body("internal", "Something went wrong here; it was logged."), 500)
