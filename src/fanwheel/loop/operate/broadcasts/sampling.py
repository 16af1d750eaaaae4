"""Who hears what in a test of variants: a salted hash of the person decides, so nothing needs to be written down."""

from collections.abc import Sequence
from hashlib import blake2b


def is_sampled(person_id: int, *, salt: str, share: float) -> bool:
    """Whether a person is among the share that the variants are tried on."""
    return place("sample", person_id, salt=salt) < share


def variant_of(person_id: int, *, salt: str, variants: Sequence[str]) -> str:
    """Which of the variants a person hears: each is as likely."""
    return variants[int(place("variant", person_id, salt=salt) * len(variants))]


def place(name: str, person_id: int, *, salt: str) -> float:
    """Where a person stands in an order, from 0 up to 1."""
    digest = blake2b(f"{salt}/{name}/{person_id}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / (1 << 48)
