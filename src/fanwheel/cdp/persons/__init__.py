"""Persons: who is who, and what is known of them."""

from fanwheel.cdp.persons.contracts import NewEdge, NewIdentifier
from fanwheel.cdp.persons.identifiers import KINDS, STRONG_KINDS, WEAK_KINDS, IdentifierKind, identifier_hash, normalize
from fanwheel.cdp.persons.portrait import refold, refold_stale, restate_revenue
from fanwheel.cdp.persons.resolving import resolve
from fanwheel.cdp.persons.service import erase, get_living, merge, tag, unmerge

__all__ = [
    "KINDS",
    "STRONG_KINDS",
    "WEAK_KINDS",
    "IdentifierKind",
    "NewEdge",
    "NewIdentifier",
    "erase",
    "get_living",
    "identifier_hash",
    "merge",
    "normalize",
    "refold",
    "refold_stale",
    "resolve",
    "restate_revenue",
    "tag",
    "unmerge",
]
