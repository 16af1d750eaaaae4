"""What a route may ask for: the database and the settings of the running server."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request

from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings

T = TypeVar("T")


def database(request: Request) -> Database:
    """The pool of the running server."""
    return cast(Database, request.app.state.database)


def settings(request: Request) -> Settings:
    """The settings of the running server."""
    return cast(Settings, request.app.state.settings)


DatabaseDep = Annotated[Database, Depends(database)]
SettingsDep = Annotated[Settings, Depends(settings)]


def one_per_server(name: str, make: Callable[[Settings, str], T]) -> Callable[[Request], Awaitable[T]]:
    """What gives routes the running server's one ``name``: made from the settings and the DSN when first asked for."""

    # In the loop, not in a thread, so that two requests at once cannot make two.
    async def held(request: Request) -> T:
        state = request.app.state
        if not hasattr(state, name):
            setattr(state, name, make(state.settings, state.database.dsn))
        return cast(T, getattr(state, name))

    return held
