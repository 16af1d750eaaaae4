"""What a rule says is refused where something in it could never be filled in."""

import pytest

from fanwheel.loop.operate.autoreply import checking
from fanwheel.loop.operate.autoreply.contracts import Definition
from fanwheel.loop.operate.autoreply.errors import BadRuleError

TRIGGER = {"kind": "keyword", "words": [{"how": "contains", "text": "tea"}]}


def check(*actions: dict[str, str]) -> None:
    rule = {"trigger": TRIGGER, "actions": list(actions), "when": {}}
    checking.check_rule(checking.read(rule, Definition, "rule"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hello {{ nmae }}", "{{ nmae }}"),
        ("Hello {{ person }}", "{{ person }}"),
        ("Hello {{ name }", "{{"),
        ("Hello name }}", "}}"),
        ("{% if name %}Hello{% endif %}", "{%"),
        ("Your code: {{ coupon }}", "{{ coupon }}"),  # no coupon is given
    ],
)
def test_a_blank_that_nothing_fills_is_refused_with_what_there_is(text: str, told: str) -> None:
    with pytest.raises(BadRuleError) as caught:
        check({"do": "text", "text": text})

    assert f"“{told}”" in caught.value.message
    assert "{{ name }}" in (caught.value.hint or "")


def test_names_brands_traits_and_coupons_are_blanks() -> None:
    check(
        {"do": "text", "text": '{{ name | default: "friend" }}, {{ person.city }} {{traits.city}} {{ brand }} {a}'},
        {"do": "coupon", "text": "{{ name }}: {{ coupon }}", "code": "TEA10"},
        {"do": "card", "title": "For {{ name }}"},
    )
