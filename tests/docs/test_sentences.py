"""What the server says in English, the web app can say in Chinese."""

from pathlib import Path
from typing import Any

import pytest
from tools import sentences

from fanwheel.entrypoints.http import create_app
from fanwheel.infra.settings import Settings

BOOK = sentences.read_catalog()


def test_every_sentence_of_the_server_has_its_chinese_and_no_other_has_one() -> None:
    said = sentences.sentences()

    assert {text: place for text, place in said.items() if text not in BOOK["sentences"]} == {}
    assert [text for text in BOOK["sentences"] if text not in said] == []


def test_the_sentences_are_those_of_errors_their_messages_their_hints_and_of_findings() -> None:
    said = sentences.sentences()

    assert "There is no such broadcast." in said  # a class's docstring
    assert "There is a list “{0}” already." in said  # a message of its own
    assert "Compare with numbers by: {0}." in said  # a hint
    assert "No account is chosen, or it is gone." in said  # a finding, which no error carries
    assert "Here belongs {0}." in said  # blanks that follow one another are one


def test_every_sentence_of_pydantic_has_its_chinese_and_no_other_has_one() -> None:
    said = sentences.pydantic_sentences()

    assert {text: kind for text, kind in said.items() if text not in BOOK["pydantic"]} == {}
    assert [text for text in BOOK["pydantic"] if text not in said] == []


@pytest.mark.parametrize("part", ["sentences", "frames"])
def test_the_chinese_fills_in_what_the_english_fills_in(part: str) -> None:
    # What only programs need is left out: its Chinese is empty.
    said = {text: told for text, told in BOOK[part].items() if told}
    uneven = [text for text, told in said.items() if sentences.blanks(text) != sentences.blanks(told)]

    assert uneven == []


@pytest.mark.parametrize("part", ["pydantic", "parts"])
def test_the_chinese_fills_in_nothing_else(part: str) -> None:
    uneven = [text for text, told in BOOK[part].items() if sentences.blanks(told) - sentences.blanks(text)]

    assert uneven == []


def test_every_field_of_what_is_sent_has_the_name_that_forms_give_it(tmp_path: Path) -> None:
    described = create_app(Settings(home=tmp_path), "postgresql://").openapi()

    fields = {name for schema in _sent(described) for name in schema.get("properties", {})}

    assert {"template_id", "segment_id"} <= fields
    assert sorted(fields - BOOK["names"].keys()) == []


def _sent(described: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas of requests, with those that they hold."""
    schemas = described["components"]["schemas"]
    operations = [each for path in described["paths"].values() for each in path.values() if isinstance(each, dict)]
    names = {name for each in operations for name in _named(each.get("requestBody"))}
    waiting = list(names)
    while waiting:
        more = set(_named(schemas[waiting.pop()])) - names
        names |= more
        waiting += more
    return [schemas[name] for name in sorted(names)]


def _named(part: Any) -> list[str]:
    if isinstance(part, dict):
        here = [part["$ref"].rpartition("/")[2]] if isinstance(part.get("$ref"), str) else []
        return here + [name for each in part.values() for name in _named(each)]
    return [name for each in part for name in _named(each)] if isinstance(part, list) else []
