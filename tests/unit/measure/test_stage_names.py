"""The reports turn stages by the same event names as the loop, though neither may import the other."""

import re

import pytest

from fanwheel.kernel.semantics import HELD_OUT_KIND, NO_TOUCH
from fanwheel.loop.operate import contact
from fanwheel.loop.share import referral
from fanwheel.loop.wheel.turns import TURNS
from fanwheel.measure.reports.datasets import KEPT


def named_for(column: str) -> set[str]:
    """The event names in the condition of a column of reach.sql."""
    condition = KEPT["reach"].split(f"AS {column}")[0].rsplit("name IN", maxsplit=1)[1]
    return set(re.findall(r"'([^']+)'", condition))


def test_what_the_brand_did_is_no_touch_for_either() -> None:
    condition = KEPT["touch"].rsplit("NOT IN", maxsplit=1)[1]

    assert set(re.findall(r"'([^']+)'", condition)) == NO_TOUCH


@pytest.mark.parametrize("name", ["touch", "reach"])
def test_what_a_holdout_kept_from_happening_counts_for_neither(name: str) -> None:
    assert f"kind <> {HELD_OUT_KIND}" in KEPT[name]


def test_two_way_contact_has_the_same_names() -> None:
    assert named_for("operated_at") == {
        name for name, turn in TURNS.items() if turn in (contact.answer, contact.join_channel)
    }


def test_sharing_has_the_same_names() -> None:
    assert named_for("shared_at") == {name for name, turn in TURNS.items() if turn in (referral.share, referral.send)}
