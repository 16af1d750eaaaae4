"""What the two channels say of themselves, and the words with which the accounts page asks for it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.support.tencent import settings_of

from fanwheel.domains.private.channels.adapter import About
from fanwheel.domains.private.wechat import OfficialAccount
from fanwheel.domains.private.wecom import WeCom

LOCALES = Path(__file__).resolve().parents[5] / "web" / "src" / "domains" / "channels" / "locales"
ABOUTS = [OfficialAccount.about, WeCom.about]


def kind_of(about: About) -> str:
    return about.kind


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("about", ABOUTS, ids=kind_of)
def test_every_field_has_a_label_and_says_where_to_find_it(about: About, locale: str) -> None:
    words: dict[str, Any] = json.loads((LOCALES / f"{locale}.json").read_text(encoding="utf-8"))
    labels = words["field"] | words["fields"].get(about.kind, {})

    assert [field.name for field in about.fields if field.name not in labels] == []
    assert [field.name for field in about.fields if f"{about.kind}_{field.name}" not in words["hint"]] == []


@pytest.mark.parametrize(("about", "platform"), [(OfficialAccount.about, "wechat"), (WeCom.about, "wecom")])
def test_fields_take_what_the_consoles_give_and_nothing_else(about: About, platform: str) -> None:
    settings, secrets = settings_of(platform)
    given = settings | secrets

    for field in about.fields:
        if field.name in given:
            assert re.fullmatch(field.pattern, given[field.name])
        assert not re.fullmatch(field.pattern, "") or not field.is_required
    required = {field.name for field in about.fields if field.is_required and not field.default}
    assert required <= set(given)
    assert {field.name for field in about.fields if field.is_secret} >= set(secrets)


@pytest.mark.parametrize("about", ABOUTS, ids=kind_of)
def test_every_allowance_says_where_it_comes_from(about: About) -> None:
    assert [one.name for one in about.allowances if not (one.cite and one.as_of)] == []
    assert len({one.name for one in about.allowances}) == len(about.allowances)
