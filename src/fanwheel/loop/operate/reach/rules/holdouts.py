"""Holdouts: who is kept from messages so that it can be measured what they bring.

A salted hash of the person decides, so nobody needs to be written down, everybody stays where they are for ever, and a
larger share only adds to those who were held out before.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from fanwheel.loop.operate.reach.rules.case import Book, Case, Holdout, Ruling

UNIVERSAL: Final = "universal"


def holdout(case: Case, book: Book) -> Ruling | None:
    """The person must not be held out: of everything, of the channel, or of this step."""
    if case.purpose != "marketing" or case.person_id is None or case.is_trial:
        return None
    for each in _of(case, book):
        if is_held_out(each, case.person_id, salt=book.salt):
            return Ruling(outcome="held_out", detail={"holdout": each.name, "share": each.share})
    return None


def is_held_out(of: Holdout, person_id: int, *, salt: str) -> bool:
    """Whether a person is among the share that is kept from something."""
    return place(of.name, person_id, salt=salt) < of.share


def place(name: str, person_id: int, *, salt: str) -> float:
    """Where a person stands in the order of a holdout, from 0 up to 1."""
    digest = blake2b(f"{salt}/{name}/{person_id}".encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / (1 << 56)


def _of(case: Case, book: Book) -> Iterator[Holdout]:
    of_channel = f"channel:{case.channel}"
    yield from (each for each in book.holdouts if each.name in (UNIVERSAL, of_channel))
    if case.step in book.step_holdouts:
        yield Holdout(case.step, book.step_holdouts[case.step])
