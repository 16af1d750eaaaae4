"""How long to wait before a platform is asked again, and what its answer says in words of ours."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from fanwheel.domains.private.channels.contracts import Address
from fanwheel.infra.outbox import Fact
from fanwheel.loop.operate.recognition.contracts import Question

_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=12)
# No platform's quota lasts for more than a day.
_LONGEST_REST: Final = timedelta(days=1)
# With these waits an outage may last for almost three days.
MOST_ATTEMPTS: Final = 14

# By the platform's word. What else it tells concerns its own bookkeeping, such as tags and remarks of staff.
_NAMES: Final = {
    "name": "name", "nickname": "name", "avatar": "avatar", "corp_name": "company", "language": "language",
    "gender": "gender",
}  # fmt: skip
_GENDERS: Final = {1: "male", 2: "female"}


def wait(attempts: int, retry_after_s: float | None = None) -> timedelta | None:
    """How long to wait after so many attempts have failed, at least as long as the platform asks; None: no more."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return max(min(_FIRST_WAIT * (1 << attempts - 1), _LONGEST_WAIT), rest(retry_after_s))


def rest(retry_after_s: float | None) -> timedelta:
    """How long to ask a platform nothing at all that is away or asked for less."""
    return min(max(_FIRST_WAIT, timedelta(seconds=retry_after_s or 0)), _LONGEST_REST)


def traits(profile: Mapping[str, Any]) -> dict[str, str]:
    """What a platform's profile says of a person, as traits."""
    found: dict[str, str] = {}
    for word, value in profile.items():
        name = _NAMES.get(word)
        said = _said(name, value) if name else ""
        if name and said:
            found.setdefault(name, said)
    return found


def fact(
    account_id: int, question: Question, others: Sequence[Address], said: Mapping[str, str], *, had: Collection[str]
) -> Fact | None:
    """What is told of a person: further identifiers, and traits of which they ``had`` none; None: nothing."""
    new = {name: value for name, value in said.items() if name not in had}
    if question.kind is None or question.value is None or not (others or new):
        return None
    return Fact(
        # Once for each time they came: the brand may have joined its accounts in between.
        key=f"recognized:{account_id}:{question.home_id}:{question.came_at.timestamp():.6f}",
        # Whatever they say of themselves from then on is newer.
        at=question.came_at,
        refs=[(question.kind, question.value), *((other.kind, other.value) for other in others)],
        properties=new,
        kind="identify",
    )


def _said(name: str, value: object) -> str:
    if name == "gender":
        return _GENDERS.get(value, "") if isinstance(value, int) else ""
    text = value.strip() if isinstance(value, str) else ""
    return text.replace("_", "-") if name == "language" else text
