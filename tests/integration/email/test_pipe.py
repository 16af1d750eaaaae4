"""Mails that reach the product: by the account's callback, and by a mail server's pipe."""

from base64 import b64encode

import pytest
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

from fanwheel.domains.private.email.marks import Marks
from fanwheel.entrypoints import cli_mail

KEY = "fw-1-4242-ab12cd"
BOUNCE = """\
From: MAILER-DAEMON@mx.example
To: {mark}@bounce.brand.example
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: mia@example.com

This message was created automatically by mail delivery software.
"""


@pytest.fixture
def account(owner: Browser) -> str:
    """The key of an e-mail account's callback."""
    values = {"host": "127.0.0.1", "from_address": "a@brand.example", "webhook_secret": "s3cret"}
    made = owner.post("/api/channels/accounts", {"channel": "email", "name": "Mail", "values": values})
    assert made.status_code == 201, made.text
    return str(made.json()["callback_url"]).rpartition("/")[2]


def waiting(world: World) -> list[str]:
    return [row["body"] for row in world.run(lambda tx: tx.all("SELECT body FROM inbound ORDER BY inbound_id"))]


def raw(account: str) -> bytes:
    return BOUNCE.format(mark=Marks(account).make(KEY)).encode()


def test_a_bounce_is_kept_once_whichever_way_it_comes(house: House, world: World, account: str) -> None:
    headers = {"Content-Type": "message/rfc822", "Authorization": "Bearer s3cret"}
    path = f"/hooks/email/{account}"

    by_hook = house.browser().ask("POST", path, content=raw(account), headers=headers)
    by_pipe = house.run(cli_mail.take(house.database, account, raw(account)))

    assert (by_hook.status_code, by_pipe) == (200, 0)
    (body,) = waiting(world)
    assert f'"message":"{KEY}"' in body
    assert "mia@" not in body


def test_an_answer_in_html_alone_becomes_words(house: House, world: World, account: str) -> None:
    mail = (
        "From: Mia <mia@example.com>\r\nSubject: =?utf-8?b?6YCA6LSn?=\r\nContent-Type: text/html; charset=gb18030\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    html = "<html><body><p>想退货，<b>尺码不对</b></p><div class='gmail_quote'>春天来了</div></body></html>"

    house.run(cli_mail.take(house.database, account, mail.encode() + b64encode(html.encode("gb18030"))))

    (body,) = waiting(world)
    assert '"text":"想退货，尺码不对"' in body
    assert '"subject":"退货"' in body


def test_a_mail_without_the_password_is_refused(house: House, world: World, account: str) -> None:
    answer = house.browser().ask("POST", f"/hooks/email/{account}", content=raw(account))

    assert answer.status_code == 403
    assert waiting(world) == []


def test_a_pipe_to_no_account_is_refused(house: House) -> None:
    with pytest.raises(cli_mail.NoMailAccountError):
        house.run(cli_mail.take(house.database, "nobody", b"Subject: x\n\nx"))
