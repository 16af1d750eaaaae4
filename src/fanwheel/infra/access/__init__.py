"""Access: who is asking, for which workspace, and what they may do there."""

from fanwheel.infra.access.rules import PERMISSIONS, Permission, Role

__all__ = ["PERMISSIONS", "Permission", "Role"]
