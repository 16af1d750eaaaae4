"""Mails that a mailbox passes on: bounces, complaints, answers, and everything else."""

from datetime import UTC, datetime

import pytest

from fanwheel.domains.private.channels.adapter import Account
from fanwheel.domains.private.channels.contracts import Message, Receipt, Request, Text
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.email import mailbox
from fanwheel.domains.private.email.marks import Marks
from fanwheel.domains.private.email.passwords import require_password

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "fw-1-4242-ab12cd"
MARKS = Marks("hook-key")
MARK = MARKS.make(KEY)

DSN = """\
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Sun, 01 Mar 2026 11:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Original-Recipient: rfc822;mia@example.com
Final-Recipient: rfc822; mia@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <mia@example.com>: no such user

--b
Content-Type: {kind}

Message-ID: <{quoted}@brand.example>
Subject: Spring

--b--
"""
ARF = """\
From: complaints@mailbox.example
To: abuse@brand.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Mailbox/1.0
Version: 1

--b
Content-Type: message/rfc822

From: hello@brand.example
To: redacted
Message-ID: <{quoted}@brand.example>
Subject: Spring

Hello
--b--
"""
EXIM = """\
From: Mail Delivery System <Mailer-Daemon@mx.example>
To: {to}
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: mia@example.com

This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its recipients.
"""
ANSWER = """\
From: =?utf-8?b?57Gz5aiF?= <Mia@Example.com>
To: hello@brand.example
Subject: Re: Spring
Message-ID: <a1@example.com>
References: <a0@example.com>
 <fw@brand.example>
Date: Sun, 01 Mar 2026 11:30:00 +0000
Content-Type: text/plain; charset=utf-8

多少钱？

On Sun, 1 Mar 2026, Brand wrote:
> Spring sale
"""


def read(text: str) -> list[object]:
    return list(mailbox.read(text.encode().replace(b"\n", b"\r\n"), MARKS, received_at=NOW))


def dsn(
    *, to: str = f"{MARK}@bounce.brand.example", action: str = "failed", status: str = "5.1.1",
    kind: str = "message/rfc822", quoted: str = "x",
) -> str:  # fmt: skip
    return DSN.format(to=to, action=action, status=status, kind=kind, quoted=quoted)


@pytest.mark.parametrize(
    "report",
    [
        dsn(),
        dsn(to=f"<{MARK.upper()}@BOUNCE.brand.example>"),
        dsn(to="hello@brand.example", quoted=MARK),
        dsn(to="hello@brand.example", quoted=MARK, kind="text/rfc822-headers"),
        EXIM.format(to=f"{MARK}@bounce.brand.example"),
    ],
)
def test_a_bounce_is_found_by_its_mark(report: str) -> None:
    (receipt,) = read(report)

    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.is_permanent, receipt.message) == ("bounced", True, KEY)
    assert receipt.sender is None  # the message knows whom it went to, a report may say anything


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        ("failed", "4.2.2", [("bounced", False)]),
        ("delayed", "4.4.1", []),
        ("delivered", "2.0.0", [("delivered", False)]),
        ("relayed", "2.0.0", []),
    ],
)
def test_what_a_report_says_is_taken_at_its_word(action: str, status: str, expected: list[tuple[str, bool]]) -> None:
    found = [item for item in read(dsn(action=action, status=status)) if isinstance(item, Receipt)]

    assert [(item.state, item.is_permanent) for item in found] == expected


@pytest.mark.parametrize(
    "report",
    [
        dsn(to="hello@brand.example"),
        dsn(to=f"{Marks('other-account').make(KEY)}@bounce.brand.example"),
        dsn(to=f"{MARK[:20]}{'a' if MARK[20] != 'a' else 'b'}{MARK[21:]}@bounce.brand.example"),
        EXIM.format(to="hello@brand.example"),
        ARF.format(kind="abuse", quoted="b-mfrggzdfmztwq2lknnwg23tpobyxe43u"),
    ],
)
def test_a_report_without_our_mark_is_nobodys(report: str) -> None:
    assert read(report) == []


@pytest.mark.parametrize(("kind", "count"), [("abuse", 1), ("fraud", 1), ("not-spam", 0)])
def test_a_complaint_is_found_by_the_mail_that_it_quotes(kind: str, count: int) -> None:
    found = read(ARF.format(kind=kind, quoted=MARK))

    assert [(item.state, item.message) for item in found if isinstance(item, Receipt)] == [("complained", KEY)] * count


def test_an_answer_is_a_message_without_what_it_quotes() -> None:
    (message,) = read(ANSWER)

    assert isinstance(message, Message)
    assert message.sender is not None
    assert (message.sender.value, message.profile) == ("mia@example.com", {"name": "米娅"})
    assert message.parts == (Text("多少钱？"),)
    assert message.context == {
        "subject": "Re: Spring",
        "message_id": "<a1@example.com>",
        "references": "<a0@example.com> <fw@brand.example>",
    }
    assert message.key == "mail:<a1@example.com>"


HTML = {
    # As Gmail, Outlook, QQ Mail and Apple Mail write an answer.
    "gmail": (
        '<div dir="ltr">Where is <b>my</b> order?<br><br>Mia</div><br><div class="gmail_quote"><div class="gmail_attr">'
        "On Mon, Nov 2, 2026 Shop wrote:<br></div><blockquote>Spring is here</blockquote></div>",
        "Where is my order?\n\nMia",
    ),
    "outlook": (
        "<html><head><style>p {color:red}</style></head><body><p>It&nbsp;is&nbsp;broken &lt;3</p>"
        '<div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Shop<br><b>Sent:</b> Monday<br></p></div>'
        "<p>Spring is here</p></body></html>",
        "It is broken <3",
    ),
    "outlook on the web": ('<div>Hi</div><div id="appendonsend"></div><hr><div>Spring</div>', "Hi"),
    "qq": (
        "<div>想退货</div>\n <div>尺码不对</div>\n <div>---&nbsp;原始邮件&nbsp;---</div><div>春天来了</div>",
        "想退货\n尺码不对",
    ),
    "apple": (
        '<body>多少钱？<br><blockquote type="cite"><div>On Nov 2, Shop wrote:</div>Spring</blockquote>Thanks</body>',
        "多少钱？\nThanks",
    ),
    "nothing but a quote": ("<blockquote>Forwarded words</blockquote>", "Forwarded words"),
    "what nobody sees": (
        '<div style="display: none">Preview</div><script>alert(1)</script><p hidden>No</p><title>No</title>Yes',
        "Yes",
    ),
    "a list and links": (
        '<ul><li>One</li><li><a href="https://evil.example/x">https://shop.example</a></li></ul>'
        '<a href="javascript:alert(1)">Two</a> <a href="https://a.example/1">a.example</a>',
        "- One\n- https://shop.example (https://evil.example/x)\nTwo a.example",
    ),
    "never closed": ("<head><style>x</style><body><p>Hello <b>there<div>a < b <3 &amp; c", "Hello there\na < b <3 & c"),
    "meant to take for ever": ("Hi" + "<a" * 40_000 + "<a x='" * 20_000 + "<!--" * 20_000, None),
}


@pytest.mark.parametrize("name", HTML)
def test_the_words_of_a_mail_that_has_only_html_are_read(name: str) -> None:
    html, said = HTML[name]

    (message,) = read(f"From: mia@example.com\nContent-Type: text/html; charset=utf-8\n\n{html}")

    assert isinstance(message, Message)
    (text,) = message.parts
    assert isinstance(text, Text)
    assert text.text == said if said is not None else text.text.startswith("Hi")


def test_the_body_is_neither_a_file_nor_a_mail_that_goes_along() -> None:
    (message,) = read(
        "From: mia@example.com\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain\n\n \n"
        "--c\nContent-Type: text/html\n\n<p>See the file\n--c--\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nThe file\n"
        "--b\nContent-Type: message/rfc822\n\nSubject: x\n\nThe other mail\n--b--\n"
    )

    assert isinstance(message, Message)
    assert message.parts == (Text("See the file"),)


def test_a_mail_without_words_says_what_its_subject_says() -> None:
    (message,) = read("From: mia@example.com\nSubject: Please call me\nContent-Type: image/png\n\nx")

    assert isinstance(message, Message)
    assert message.parts == (Text("Please call me"),)


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x.example>", "Return-Path: <>", "X-Autoreply: yes"],
)
def test_machines_are_not_answered(header: str) -> None:
    assert read(f"{header}\n{ANSWER}") == []


def test_the_same_mail_has_the_same_key() -> None:
    (one,), (other,) = read(dsn()), read(dsn())

    assert isinstance(one, Receipt)
    assert isinstance(other, Receipt)
    assert one.key == other.key


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no headers at all",
        b"\x00\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 500,
    ],
)
def test_what_is_no_mail_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        mailbox.read(raw, MARKS, received_at=NOW)


@pytest.mark.parametrize(
    "mail",
    [
        "From: a\nContent-Type: text/plain; charset=no-such\nSubject: =?x?q?=\n\nhi",
        "From: <>\nDate: nonsense\n\n",
        "Content-Type: message/delivery-status\n\nAction: failed\n\n",
        "Content-Type: multipart/report; report-type=delivery-status\n\nnothing",
        "Content-Type: message/feedback-report\n\n",
    ],
)
def test_a_broken_mail_says_nothing_and_breaks_nothing(mail: str) -> None:
    assert read(mail) == []


def test_nested_mails_are_read_to_a_depth() -> None:
    nested = "Content-Type: message/rfc822\n\n" * 3_000 + "Subject: deep\n\nhi"

    with pytest.raises(MalformedError):
        read(nested)


def test_the_hook_for_raw_mail_asks_for_the_password() -> None:
    account = Account(7, "hook-key", {}, {"webhook_secret": "s3cret"}, "")

    require_password(Request("POST", {}, {"authorization": "Bearer s3cret"}, b"", NOW), account)
    for given in ("", "Bearer ", "Bearer s3cre", "s3cret"):
        with pytest.raises(ForgedError):
            require_password(Request("POST", {}, {"authorization": given}, b"", NOW), account)


@pytest.mark.parametrize("key", ["1", "fw-123-9999999999-abcdef", "ключ"])
def test_a_mark_survives_what_mail_servers_do_to_addresses(key: str) -> None:
    address = MARKS.return_path(key, "bounce.brand.example")

    assert address is not None
    assert len(address.partition("@")[0]) <= 64
    assert MARKS.find(f"<{address.upper()}>") == key
    assert MARKS.return_path("k" * 60, "bounce.brand.example") is None
