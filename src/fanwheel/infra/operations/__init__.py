"""Operations: a backup that can be trusted, the way back from it, and a doctor."""

from fanwheel.infra.operations.backup import back_up
from fanwheel.infra.operations.lag import LagGauges
from fanwheel.infra.operations.readiness import require_ready
from fanwheel.infra.operations.restore import require_no_half_restore, restore

__all__ = ["LagGauges", "back_up", "require_no_half_restore", "require_ready", "restore"]
