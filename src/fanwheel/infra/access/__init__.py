"""Access: who is asking, for which workspace, and what they may do there."""

from fanwheel.infra.access import audit
from fanwheel.infra.access.contracts import KeyInfo, KeyKind, Principal
from fanwheel.infra.access.dependencies import Allow, OpenToAll, allow, open_to_all
from fanwheel.infra.access.idempotency import Idempotency
from fanwheel.infra.access.lookups import find_write_key
from fanwheel.infra.access.members import reset_from_server
from fanwheel.infra.access.rules import GRANTS, PERMISSIONS, Permission, Role, permits
from fanwheel.infra.access.service import create_key, passing_keys
from fanwheel.infra.access.setup import bootstrap
from fanwheel.infra.access.workspaces import Draft, ensure_workspace

__all__ = [
    "GRANTS",
    "PERMISSIONS",
    "Allow",
    "Draft",
    "Idempotency",
    "KeyInfo",
    "KeyKind",
    "OpenToAll",
    "Permission",
    "Principal",
    "Role",
    "allow",
    "audit",
    "bootstrap",
    "create_key",
    "ensure_workspace",
    "find_write_key",
    "open_to_all",
    "passing_keys",
    "permits",
    "reset_from_server",
]
