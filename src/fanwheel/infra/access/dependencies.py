"""What a route declares: the permission it needs, or that it is open to all."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Depends, Request, Response

from fanwheel.infra.access import callers, cookies, rules
from fanwheel.infra.access.contracts import Principal
from fanwheel.infra.access.errors import CsrfError, NotAllowedError
from fanwheel.infra.access.rules import PERMISSIONS, Permission
from fanwheel.kernel.clock import utc_now


@dataclass(frozen=True, slots=True)
class Allow:
    """Lets a caller pass whose role has ``permission``."""

    permission: Permission

    async def __call__(self, request: Request, response: Response) -> Principal:
        """The caller, once it is clear who it is and that the role suffices."""
        caller = await callers.identify(request)
        callers.require_proof(request, caller)
        # Kept answers are given again only to who may still ask: see idempotency.py.
        request.scope[callers.PERMISSION] = self.permission
        if not rules.permits(caller.principal.role, self.permission, by_key=caller.session is None):
            raise _refusal(caller, self.permission)
        if caller.session is not None and rules.must_slide(caller.session.expires_at, now=utc_now()):
            await callers.slide(request, caller)
            cookies.give(response, request, caller.credential)
        return caller.principal


@dataclass(frozen=True, slots=True)
class OpenToAll:
    """Lets anyone pass, but no page of another site: signing in is an act too."""

    async def __call__(self, request: Request) -> None:
        """Refuse what a foreign page makes a browser send."""
        if request.method not in callers.SAFE_METHODS and not callers.is_from_here(request):
            raise CsrfError(hint="Open the cockpit itself and sign in there.")


def allow(permission: Permission) -> Any:
    """A dependency that gives the ``Principal``, if its role has ``permission``.

    Use it as ``principal: Annotated[Principal, allow("people:read")]``.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission!r} is no permission; see infra/access/rules.py")
    return Depends(Allow(permission))


open_to_all: Final[Any] = Depends(OpenToAll())


def _refusal(caller: callers.Caller, permission: Permission) -> NotAllowedError:
    if caller.session is None and permission.startswith("me:"):
        return NotAllowedError("A key has no account of its own.", hint="Sign in as a user for that.")
    return NotAllowedError(
        f"The role “{caller.principal.role}” does not have the permission “{permission}”.",
        hint="Ask an owner of the workspace for another role. docs/reference/roles.md lists what each may do.",
    )
