"""Traits: what a brand wants to know of people, by names and types that it declares."""

from fanwheel.cdp.traits.contracts import Change, Definition, Option
from fanwheel.cdp.traits.saying import check, put_back, state
from fanwheel.cdp.traits.service import list_definitions
from fanwheel.cdp.traits.values import list_readers

__all__ = ["Change", "Definition", "Option", "check", "list_definitions", "list_readers", "put_back", "state"]
