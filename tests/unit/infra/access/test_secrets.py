"""Keys, tokens, password hashes and places."""

import asyncio
import hashlib
import re

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from fanwheel.infra.access import keys, passwords, throttle
from fanwheel.infra.access.contracts import KeyKind

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("kind", ["write", "server"])
def test_a_key_has_its_form(kind: KeyKind) -> None:
    key = keys.new_key(kind)

    assert re.fullmatch(rf"fw_{kind}_[0-9A-Za-z]{{27}}", key.secret)
    assert key.secret.startswith(key.prefix)
    assert len(key.prefix) == len(f"fw_{kind}_") + 4
    assert key.digest == hashlib.sha256(key.secret.encode()).digest()
    assert keys.has_form(key.secret)


@given(st.binary(min_size=20, max_size=20))
def test_a_key_holds_all_of_its_160_bits(noise: bytes) -> None:
    secret = keys.new_key("write", random=lambda size: noise[:size]).secret

    number = 0
    for digit in secret.removeprefix("fw_write_"):
        number = number * 62 + _DIGITS.index(digit)
    assert number.to_bytes(20, "big") == noise


@pytest.mark.parametrize(
    "secret", ["", "fw_write_", "fw_read_" + "A" * 27, "fw_write_" + "A" * 26, "fw_write_" + "A" * 28, "x" * 36]
)
def test_anything_else_costs_no_look_up(secret: str) -> None:
    assert not keys.has_form(secret)


def test_tokens_hold_256_bits_and_differ() -> None:
    tokens = {keys.new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in tokens)


@pytest.mark.parametrize(("one", "other", "same"), [("a", "a", True), ("a", "b", False), ("", "é", False)])
def test_are_same(one: str, other: str, same: bool) -> None:
    assert keys.are_same(one, other) is same


def test_a_password_is_known_by_its_hash_alone() -> None:
    async def work() -> tuple[str, bool, bool]:
        made = await passwords.hash_password("correct horse")
        return made, await passwords.verify(made, "correct horse"), await passwords.verify(made, "wrong horse")

    made, right, wrong = asyncio.run(work())

    assert made.startswith("$argon2id$")
    assert "correct horse" not in made
    assert (right, wrong) == (True, False)
    assert not passwords.is_outdated(made)


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_without_a_good_hash_no_password_fits(stored: str | None) -> None:
    for password in ("", "no one has this password", "guess"):
        assert not asyncio.run(passwords.verify(stored, password))


def test_an_unknown_address_costs_the_same_work_as_a_known_one() -> None:
    made = asyncio.run(passwords.hash_password("correct horse"))

    assert extract_parameters(passwords.decoy()) == extract_parameters(made)
    # RFC 9106, second recommended option.
    parameters = extract_parameters(made)
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (64 * 1024, 3, 4)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),  # a provider gives a customer a /64
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        (None, "", True),
        ("somewhere", "elsewhere", False),
    ],
)
def test_a_place_is_what_one_customer_has(one: str | None, other: str | None, same: bool) -> None:
    assert (throttle.attempt("a@b.example", one).address == throttle.attempt("x", other).address) is same


def test_an_address_counts_however_it_is_written() -> None:
    assert throttle.attempt(" Ana@B.example", None).email == throttle.attempt("ana@b.example ", "::1").email
    assert throttle.attempt("192.0.2.1", None).email != throttle.attempt("", "192.0.2.1").address
