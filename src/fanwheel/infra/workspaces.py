"""What the slices above add to the life of a workspace, each within the transaction that changes it."""

from collections.abc import Awaitable, Callable
from typing import Final

from fanwheel.infra.postgres import Transaction

Hook = Callable[[Transaction], Awaitable[None]]
# What a new workspace begins with is known to the slices above.
on_workspace_created: Final[list[Hook]] = []
# Rates or the reporting currency changed: sums kept in the reporting currency are to be made again.
on_money_changed: Final[list[Hook]] = []
