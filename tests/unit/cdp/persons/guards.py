"""Guards that small graphs set off."""

from collections.abc import Iterator
from contextlib import contextmanager

from fanwheel.cdp.persons.rules import partition as rules
from fanwheel.cdp.persons.rules.partition import Group


@contextmanager
def low_limits() -> Iterator[None]:
    """Within the block, guards go off at two to four neighbors and four users together."""
    limits, together = dict(rules.LIMITS), rules.MAX_USERS_TOGETHER
    rules.LIMITS.update({Group.USER: (3, 3, 4), Group.CONTACT: (2, 2, 3), Group.DEVICE: (3, 2, 2)})
    rules.MAX_USERS_TOGETHER = 4
    try:
        yield
    finally:
        rules.LIMITS.update(limits)
        rules.MAX_USERS_TOGETHER = together
