"""What a route may ask for: the database and the settings of the running server."""

from typing import Annotated, cast

from fastapi import Depends, Request

from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings


def database(request: Request) -> Database:
    """The pool of the running server."""
    return cast(Database, request.app.state.database)


def settings(request: Request) -> Settings:
    """The settings of the running server."""
    return cast(Settings, request.app.state.settings)


DatabaseDep = Annotated[Database, Depends(database)]
SettingsDep = Annotated[Settings, Depends(settings)]
