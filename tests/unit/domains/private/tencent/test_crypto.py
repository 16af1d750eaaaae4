"""Signing and sealing as Tencent does: against published vectors, and against a client that others wrote."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from fanwheel.domains.private.channels.errors import ForgedError
from fanwheel.domains.private.tencent import Envelope, is_signed, read, sign, write

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).resolve().parents[4] / "data" / "tencent_vectors.json").read_text(encoding="utf-8")
)
KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
TIMESTAMP, NONCE = "1411525903", "461056294"
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=200)


def named(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def an_envelope(**changed: str) -> Envelope:
    return Envelope(**({"token": "word", "encoding_aes_key": KEY, "receive_id": "wx49f0ab532d5d035a"} | changed))


def opened(envelope: Envelope, vector: dict[str, Any]) -> str:
    return envelope.open(
        vector["encrypt"],
        signature=vector["msg_signature"],
        timestamp=vector["timestamp"],
        nonce=vector["nonce"],
    ).decode()


def of(vector: dict[str, Any]) -> Envelope:
    return Envelope(
        token=vector["token"], encoding_aes_key=vector["encoding_aes_key"], receive_id=vector["receive_id"]
    )  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS["signatures"], ids=named)
def test_signature_is_the_published_one(vector: dict[str, Any]) -> None:
    assert sign(vector["token"], vector["timestamp"], vector["nonce"]) == vector["signature"]


@pytest.mark.parametrize("vector", VECTORS["sealed"], ids=named)
def test_published_message_opens(vector: dict[str, Any]) -> None:
    message = opened(of(vector), vector)

    assert message == vector.get("message", message)
    assert vector.get("message_contains", "") in message


def test_signature_in_the_address_does_not_open_a_sealed_message() -> None:
    vector = VECTORS["sealed"][0]

    with pytest.raises(ForgedError):
        opened(of(vector), {**vector, "msg_signature": vector["url_signature_not_proof"]})


@pytest.mark.parametrize("vector", VECTORS["to_seal"], ids=named)
def test_message_is_sealed_to_the_published_bytes(vector: dict[str, Any]) -> None:
    sealed = of(vector).seal(
        vector["message"].encode(),
        timestamp=vector["timestamp"],
        nonce=vector["nonce"],
        random=lambda _length: vector["random"].encode(),
    )

    assert sealed.encrypted == vector["encrypt"]
    assert vector["msg_signature"] in {None, sealed.signature}


@given(message=WORDS)
def test_what_we_seal_wechatpy_opens(message: str) -> None:
    sealed = an_envelope().seal(message.encode(), timestamp=TIMESTAMP, nonce=NONCE)
    xml = write("xml", {"ToUserName": "wx49f0ab532d5d035a", "Encrypt": sealed.encrypted})

    for theirs in (WeChatCrypto, WeComCrypto):
        opener = theirs("word", KEY, "wx49f0ab532d5d035a")
        assert opener.decrypt_message(xml, sealed.signature, TIMESTAMP, NONCE) == message


@given(message=WORDS)
def test_what_wechatpy_seals_we_open(message: str) -> None:
    for theirs in (WeChatCrypto, WeComCrypto):
        sealed = read(theirs("word", KEY, "wx49f0ab532d5d035a").encrypt_message(message, NONCE, TIMESTAMP).encode())

        found = an_envelope().open(
            sealed.get("Encrypt"),
            signature=sealed.get("MsgSignature"),
            timestamp=sealed.get("TimeStamp"),
            nonce=sealed.get("Nonce"),
        )
        assert found.decode() == message


def test_wechatpy_takes_our_signatures_and_no_others() -> None:
    check_signature("word", sign("word", TIMESTAMP, NONCE), TIMESTAMP, NONCE)

    with pytest.raises(InvalidSignatureException):
        check_signature("word", sign("other", TIMESTAMP, NONCE), TIMESTAMP, NONCE)


def test_message_for_another_receiver_is_refused() -> None:
    sealed = an_envelope().seal(b"hello", timestamp=TIMESTAMP, nonce=NONCE)

    with pytest.raises(ForgedError, match="another receiver"):
        an_envelope(receive_id="wx0000000000000000").open(
            sealed.encrypted, signature=sealed.signature, timestamp=TIMESTAMP, nonce=NONCE
        )


@pytest.mark.parametrize("changed", ["signature", "timestamp", "nonce", "encrypted"])
def test_whatever_is_changed_is_noticed(changed: str) -> None:
    sealed = an_envelope().seal(b"hello", timestamp=TIMESTAMP, nonce=NONCE)
    given_ = {**sealed._asdict(), changed: "0" + getattr(sealed, changed)[1:]}
    if given_[changed] == getattr(sealed, changed):
        given_[changed] = "1" + getattr(sealed, changed)[1:]

    with pytest.raises(ForgedError):
        an_envelope().open(
            given_["encrypted"], signature=given_["signature"], timestamp=given_["timestamp"], nonce=given_["nonce"]
        )


def raw(plain: bytes) -> dict[str, str]:
    """Whatever bytes, encrypted and signed with the right key and token."""
    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    encrypted = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()
    return {"encrypted": encrypted, "signature": sign("word", TIMESTAMP, NONCE, encrypted)}


@pytest.mark.parametrize(
    ("plain", "why"),
    [
        (b"r" * 16 + b"\0\0\0\x05hello" + b"wx49f0ab532d5d035a" + b"\0" * 21, "padding of nothing"),
        (b"r" * 16 + b"\0\0\0\x05hello" + b"wx49f0ab532d5d035a" + b"\x21" * 21, "padding beyond a block"),
        (b"r" * 16 + b"\0\0\0\x05hello" + b"wx49f0ab532d5d035a" + b"\x14" * 20 + b"\x15", "uneven padding"),
        (b"r" * 16 + b"\xff\xff\xff\xffhello" + b"wx49f0ab532d5d035a" + b"\x15" * 21, "length beyond the end"),
        (b"r" * 15 + b"\x11" * 17, "no room for a length"),
        (b"\x20" * 32, "padding alone"),
    ],
)
def test_sealed_nonsense_is_refused(plain: bytes, why: str) -> None:
    sealed = raw(plain)

    with pytest.raises(ForgedError):
        an_envelope().open(sealed["encrypted"], signature=sealed["signature"], timestamp=TIMESTAMP, nonce=NONCE)


@given(body=st.binary(max_size=200))
def test_no_signed_bytes_whatever_break_the_opening(body: bytes) -> None:
    text = base64.b64encode(body).decode()

    with pytest.raises(ForgedError):
        an_envelope().open(
            text, signature=sign("word", TIMESTAMP, NONCE, text), timestamp=TIMESTAMP, nonce=NONCE
        )  # fmt: skip


@pytest.mark.parametrize("key", ["", "short", "A" * 42, "!" * 43])
def test_key_of_another_form_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        an_envelope(encoding_aes_key=key)


def test_no_signature_is_no_proof() -> None:
    assert not is_signed("", "word", TIMESTAMP, NONCE)
    assert not is_signed("\udcff", "word", TIMESTAMP, NONCE)
