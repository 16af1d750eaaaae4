"""What a route may ask for to reach a platform."""

from typing import Annotated, cast

from fastapi import Depends, Request

from fanwheel.domains.private.channels.accounts.opening import Opener


def opener_of(request: Request) -> Opener:
    """The opener of the running server, made when somebody first needs it; the server closes it."""
    state = request.app.state
    if not hasattr(state, "opener"):
        state.opener = Opener(state.settings, state.database, load_media=getattr(state, "load_media", None))
    return cast(Opener, state.opener)


OpenerDep = Annotated[Opener, Depends(opener_of)]
