"""The examples of rules in the docs are rules."""

import re
from pathlib import Path

from fanwheel.cdp.segments import reading

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/segments.md"


def test_every_example_of_a_rule_can_be_read() -> None:
    examples = re.findall(r"^```json\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)

    rules = [reading.read_rule(example) for example in examples]

    assert len(rules) >= 4
    assert not any(reading.warnings(rule) for rule in rules)


def test_every_condition_and_test_is_on_the_page() -> None:
    page = PAGE.read_text()
    words = re.findall(r'tag="(\w+)"', Path(reading.tree.__file__).read_text())

    assert len(words) > 30
    assert [word for word in words if f"`{word}`" not in page] == []
