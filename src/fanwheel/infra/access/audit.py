"""The audit log: every change of a workspace, and who made it."""

from collections.abc import Mapping

from fanwheel.infra.access.contracts import Principal
from fanwheel.infra.access.repository import WorkspaceRepository
from fanwheel.infra.postgres import Transaction


async def write(
    tx: Transaction,
    principal: Principal | str,
    action: str,
    target: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Note a change in the same transaction that makes it.

    ``principal`` is who did it, or ``"cli"`` or ``"system"``; ``action`` reads noun.verb, as in ``key.revoke``;
    ``detail`` never holds a secret or a person's identifiers.
    """
    actor = principal if isinstance(principal, str) else principal.actor
    await WorkspaceRepository(tx).add_audit(actor=actor, action=action, target=target, detail=detail or {})
