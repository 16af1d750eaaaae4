"""Settings from the environment."""

from pathlib import Path

import pytest

from fanwheel.infra.settings import BadSettingError, load


def test_defaults_hold_without_variables() -> None:
    settings = load({"PATH": "/bin"})

    assert settings.port == 8400
    assert settings.home == Path("~/.fanwheel").expanduser()
    assert settings.url == "http://localhost:8400"


def test_values_are_converted() -> None:
    settings = load(
        {"FANWHEEL_PORT": "9000", "FANWHEEL_HOME": "/srv/wheel", "FANWHEEL_PUBLIC_URL": "https://w.example/"}
    )

    assert (settings.port, settings.home, settings.url) == (9000, Path("/srv/wheel"), "https://w.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FANWHEEL_PROT", "8400"),
        ("FANWHEEL_PORT", "http"),
        ("FANWHEEL_PORT", "70000"),
        ("FANWHEEL_ENGINE", "oracle"),
        ("FANWHEEL_HOT_DAYS", "3"),
        ("FANWHEEL_SEGMENT_HISTORY_DAYS", "30"),
        ("FANWHEEL_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_does_not_fit_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSettingError, match=name):
        load({name: value})


def test_an_empty_variable_counts_as_unset() -> None:
    assert load({"FANWHEEL_DATABASE_URL": ""}).database_url is None
