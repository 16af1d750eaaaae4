"""Mails over a real SMTP connection: what arrives, and what is said when it does not."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import dkim
import httpx
import pytest
from tests.support.certificates import self_signed
from tests.support.mail_sink import Sink, mail_sink

from fanwheel.domains.private.channels.adapter import Account, MediaFile, Tools
from fanwheel.domains.private.channels.contracts import Address, Email, Media, Outgoing, Reply, Text
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RecipientBusyError,
    RecipientGoneError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
    UnclearError,
)
from fanwheel.domains.private.email import Mail, unsubscribe_headers
from fanwheel.domains.private.email.marks import Marks
from fanwheel.domains.private.email.signing import new_key

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "fw-1-4242-ab12cd"
URL = "https://wheel.example/u/" + "x" * 60
T = TypeVar("T")


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_sink() as running:
        yield running


async def _no_media(media_id: int) -> MediaFile:
    return MediaFile(f"{media_id}.png", "image/png", b"\x89PNG")


async def _unused(*_: Any) -> Any:
    raise AssertionError("sending needs no token")


def tools() -> Tools:
    return Tools(httpx.AsyncClient(), lambda: NOON, _unused, _unused, _no_media)


def account(port: int, *, secrets: dict[str, str] | None = None, **settings: str) -> Account:
    known = {
        "provider": "smtp", "host": "127.0.0.1", "port": str(port), "security": "plain",
        "from_address": "hello@brand.example", "from_name": "小店 Brand",
    }  # fmt: skip
    return Account(7, "hook-key", known | settings, secrets or {}, "https://wheel.example/hooks/email/hook-key")


def letter(to: str = "mia@example.com", **more: Any) -> Outgoing:
    mail = {"subject": "春日 sale", "html": "<p>你好 Mia</p>", "text": "你好 Mia", "headers": unsubscribe_headers(URL)}
    return Outgoing(key=KEY, to=Address("email", to), parts=(Email(**(mail | more)),), purpose="marketing")


def send(runner: asyncio.Runner, opened: Account, *messages: Outgoing) -> list[str | SendError]:
    """What comes of each message, sent one after another through one adapter."""

    async def go() -> list[str | SendError]:
        adapter, results = Mail(opened, tools()), []
        for message in messages:
            try:
                results.append((await adapter.send(message)).platform_id or "")
            except SendError as error:
                results.append(error)
        await adapter.close()
        return results

    return runner.run(go())


def refusal(runner: asyncio.Runner, opened: Account, message: Outgoing) -> SendError:
    (result,) = send(runner, opened, message)
    assert isinstance(result, SendError)
    return result


def test_a_mail_arrives_as_text_and_html_with_its_headers(runner: asyncio.Runner, sink: Sink) -> None:
    (message_id,) = send(runner, account(sink.port, bounce_domain="bounce.brand.example"), letter())

    mail, envelope = sink.message(), sink.mails[0]
    assert mail["From"] == "小店 Brand <hello@brand.example>"
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == ("mia@example.com", "春日 sale", message_id)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in mail.iter_parts()] == ["你好 Mia", "<p>你好 Mia</p>"]
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (f"<{URL}>", "List-Unsubscribe=One-Click")
    assert mail["Feedback-ID"] == "marketing:7:mail:brand-example"
    assert envelope.rcpt_tos == ["mia@example.com"]
    assert Marks("hook-key").find(str(envelope.mail_from)) == KEY
    assert Marks("hook-key").find(str(message_id)) == KEY
    assert Marks("other-key").find(str(message_id)) is None


def test_the_signature_holds_and_covers_the_way_out(runner: asyncio.Runner, sink: Sink) -> None:
    opened = account(sink.port, secrets={"dkim_key": new_key()}, dkim_domain="brand.example", dkim_selector="s1")
    send(runner, opened, letter(), letter(text="x" * 3_000 + "\n.\n..\n \n\n", subject="a" * 300))
    record = runner.run(_check(opened))

    for envelope in sink.mails:
        content = envelope.content
        assert isinstance(content, bytes)
        assert _verifies(content, record)
        assert not _verifies(content.replace(b"/u/xx", b"/u/xy", 1), record)
        assert not _verifies(content.replace(b"One-Click", b"Two-Click", 1), record)
        assert not _verifies(b"From: other@brand.example\r\n" + content, record)


@pytest.mark.parametrize("pipelines", [False, True])
def test_one_connection_carries_many_mails(runner: asyncio.Runner, sink: Sink, pipelines: bool) -> None:
    sink.pipelines = pipelines
    sink.recipients["gone@example.com"] = "550 5.1.1 no such user"

    results = send(runner, account(sink.port), letter(), letter("gone@example.com"), letter("leo@example.com"))

    assert [isinstance(result, RecipientGoneError) for result in results] == [False, True, False]
    assert (len(sink.mails), sink.sessions) == (2, 1)


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        ("550 5.1.1 no such user mia@example.com", RecipientGoneError, "550 5.1.1"),
        ("550 no such user", RecipientGoneError, "550"),
        ("552 5.2.2 mailbox full", RefusedError, "552 5.2.2"),
        ("550 5.7.1 blocked", RefusedError, "550 5.7.1"),
        ("450 4.2.0 greylisted", RecipientBusyError, "450 4.2.0"),
        ("451 4.7.1 greylisted", RecipientBusyError, "451 4.7.1"),
        ("450 4.7.28 too much from you", ThrottledError, "450 4.7.28"),
        ("421 4.3.2 going down", ThrottledError, "421 4.3.2"),
        ("452 4.2.2 mailbox full", RecipientBusyError, "452 4.2.2"),
    ],
)
def test_a_refused_recipient_is_told_from_a_refused_mail(
    runner: asyncio.Runner, sink: Sink, reply: str, kind: type[SendError], code: str
) -> None:
    sink.recipients["mia@example.com"] = reply

    error = refusal(runner, account(sink.port), letter())

    assert (type(error), error.platform_code, error.may_have_gone_out) == (kind, code, False)
    assert "mia" not in str(error)


def test_a_refused_sender_is_the_accounts_fault(runner: asyncio.Runner, sink: Sink) -> None:
    sink.senders["hello@brand.example"] = "553 5.7.1 not yours"

    assert isinstance(refusal(runner, account(sink.port), letter()), BadAccountError)


@pytest.mark.parametrize(("reply", "kind"), [("554 5.7.1 spam", RefusedError), ("451 4.3.0 later", ThrottledError)])
def test_refused_content_has_surely_not_gone_out(
    runner: asyncio.Runner, sink: Sink, reply: str, kind: type[SendError]
) -> None:
    sink.data_reply = reply

    error = refusal(runner, account(sink.port), letter())

    assert (type(error), error.may_have_gone_out) == (kind, False)


def test_no_answer_after_the_content_is_unclear(runner: asyncio.Runner, sink: Sink) -> None:
    sink.hang_up_after = "DATA"

    error = refusal(runner, account(sink.port), letter())

    assert isinstance(error, UnclearError)
    assert len(sink.mails) == 1  # it had been taken


def test_an_idle_connection_that_was_closed_is_replaced(runner: asyncio.Runner, sink: Sink) -> None:
    async def go() -> None:
        adapter = Mail(account(sink.port), tools())
        await adapter.send(letter())
        sink.hang_up_after = "MAIL"
        await adapter.send(letter())
        await adapter.close()

    runner.run(go())

    assert len(sink.mails) == 2


def test_no_server_is_unavailable_and_nothing_went_out(runner: asyncio.Runner) -> None:
    with mail_sink() as gone:
        port = gone.port

    error = refusal(runner, account(port), letter())

    assert (type(error), error.may_have_gone_out) == (UnavailableError, False)


def test_a_wrong_password_is_the_accounts_fault(runner: asyncio.Runner) -> None:
    with mail_sink(password=("brand", "right")) as sink:
        opened = account(sink.port, secrets={"password": "wrong"}, username="brand")
        assert isinstance(refusal(runner, opened, letter()), BadAccountError)

        opened = account(sink.port, secrets={"password": "right"}, username="brand")
        send(runner, opened, letter())
        assert len(sink.mails) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_connection_needs_a_certificate_that_holds(
    runner: asyncio.Runner, tmp_path: Path, security: str
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*self_signed(tmp_path, "127.0.0.1"))
    with mail_sink(tls=context, is_tls_from_start=security == "tls") as sink:
        error = refusal(runner, account(sink.port, security=security), letter())

    assert isinstance(error, BadAccountError)
    assert error.platform_code == "certificate"


def test_without_encryption_mail_stays_on_this_machine(runner: asyncio.Runner) -> None:
    error = refusal(runner, account(25, host="mail.example"), letter())

    assert (type(error), error.platform_code) == (BadAccountError, "plain")


INJECTIONS = {
    "subject": {"subject": "Hi\r\nBcc: all@example.com"},
    "subject with a bare line feed": {"subject": "Hi\nBcc: all@example.com"},
    "reply-to": {"reply_to": "a@b.example\r\nBcc: all@example.com"},
    "a header's value": {"headers": {**unsubscribe_headers(URL), "X-Note": "a\r\n\r\n<script>"}},
    "a header's name": {"headers": {**unsubscribe_headers(URL), "X-Note: a\r\nBcc": "all@example.com"}},
    "another sender": {"headers": {**unsubscribe_headers(URL), "From": "boss@brand.example"}},
    "another content": {"headers": {**unsubscribe_headers(URL), "content-type": "text/x"}},
}


@pytest.mark.parametrize("more", INJECTIONS.values(), ids=INJECTIONS)
def test_header_injection_is_refused(runner: asyncio.Runner, sink: Sink, more: dict[str, Any]) -> None:
    error = refusal(runner, account(sink.port), letter(**more))

    assert isinstance(error, RefusedError)
    assert sink.mails == []


def test_a_recipient_cannot_smuggle_a_command(runner: asyncio.Runner, sink: Sink) -> None:
    error = refusal(runner, account(sink.port), letter("mia@example.com>\r\nRCPT TO:<all@example.com"))

    assert isinstance(error, RefusedError)
    assert sink.mails == []


def test_marketing_without_a_way_out_is_refused(runner: asyncio.Runner, sink: Sink) -> None:
    assert refusal(runner, account(sink.port), letter(headers={})).platform_code == "no_unsubscribe"


def test_an_answer_goes_out_as_text_in_the_same_thread(runner: asyncio.Runner, sink: Sink) -> None:
    reply = Reply(to="mail:1", context={"subject": "Size?", "message_id": "<q1@example.com>"})
    parts = (Text("Size M fits."), Media("image", media_id=5))
    send(runner, account(sink.port), Outgoing(key=KEY, to=Address("email", "mia@example.com"), parts=parts,
                                              purpose="service", reply=reply))  # fmt: skip

    mail = sink.message()
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Re: Size?", "<q1@example.com>")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Size M fits."
    assert [part.get_filename() for part in mail.iter_attachments()] == ["5.png"]


def test_the_connection_test_tells_what_to_put_into_the_dns(runner: asyncio.Runner, sink: Sink) -> None:
    settings, secrets = Mail.prepare({"dkim_domain": "brand.example"}, {})

    facts = runner.run(_facts(account(sink.port, secrets=secrets, **settings)))

    assert facts["fanwheel._domainkey.brand.example"].startswith("v=DKIM1; k=rsa; p=")
    assert sink.mails == []


async def _facts(opened: Account) -> dict[str, str]:
    adapter = Mail(opened, tools())
    checked = await adapter.check()
    await adapter.close()
    assert checked.is_fine
    return dict(checked.facts)


async def _check(opened: Account) -> str:
    return (await _facts(opened))["s1._domainkey.brand.example"]


def _verifies(mail: bytes, record: str) -> bool:
    try:
        return bool(dkim.verify(mail, dnsfunc=lambda *_, **__: record.encode()))
    except dkim.DKIMException:
        return False


def test_a_long_chinese_subject_arrives_whole_and_the_way_out_stays_on_one_line(
    runner: asyncio.Runner, sink: Sink
) -> None:
    opened = account(sink.port, secrets={"dkim_key": new_key()}, dkim_domain="brand.example", dkim_selector="s1")
    send(runner, opened, letter(subject="春茶上新，" * 30))

    content = sink.mails[0].content
    assert isinstance(content, bytes)
    assert sink.message()["Subject"] == "春茶上新，" * 30
    assert f"List-Unsubscribe: <{URL}>\r\n".encode() in content
    assert _verifies(content, runner.run(_check(opened)))
