"""What can be done to many people, and how each of it is taken back."""

from collections.abc import Mapping
from typing import Final

from fanwheel.cdp.bulk.contracts import Effect, What
from fanwheel.cdp.bulk.effects.listing import AddToList, RemoveFromList
from fanwheel.cdp.bulk.effects.stating import SetTrait
from fanwheel.cdp.bulk.effects.tagging import Tag, Untag

EFFECTS: Final[Mapping[What, Effect]] = {
    "tag": Tag(),
    "untag": Untag(),
    "add_to_list": AddToList(),
    "remove_from_list": RemoveFromList(),
    "set_trait": SetTrait(),
}
