"""Persons: who is who, and what is known of them."""

from fanwheel.cdp.persons.contracts import NewEdge, NewIdentifier
from fanwheel.cdp.persons.identifiers import KINDS, STRONG_KINDS, WEAK_KINDS, IdentifierKind, identifier_hash, normalize
from fanwheel.cdp.persons.portrait import refold, restate_revenue
from fanwheel.cdp.persons.resolving import resolve
from fanwheel.cdp.persons.service import erase, get_living, merge, unmerge
from fanwheel.infra.workspaces import on_money_changed

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
    "resolve",
    "restate_revenue",
    "unmerge",
]

# What a person has brought is kept in the reporting currency.
on_money_changed.append(restate_revenue)
