"""A mail's whole way: intended, asked about, sent over SMTP; unsubscribed, bounced, complained about, and no more."""

from collections.abc import Iterator

import pytest
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House
from tests.support.mail_sink import Sink, mail_sink

from fanwheel.cdp import consent
from fanwheel.cdp.consent import AddressHasher, Choice
from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.contracts import Email, Purpose
from fanwheel.entrypoints import cli_mail, posting
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.preferences import Links
from fanwheel.loop.operate.receiving import Receiver

MAIL = ("email", "mia@example.com")
COMPLAINT = """\
From: complaints@mailbox.example
To: {to}
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1

--b
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: Spring

--b--
"""
BOUNCE = """\
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: mia@example.com

This message was created automatically by mail delivery software.
"""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_sink() as running:
        yield running


class Post:
    """One account, one fan who agreed, and what a worker does."""

    def __init__(self, house: House, world: World, owner: Browser, sink: Sink) -> None:
        self.house, self.world, self.sink = house, world, sink
        values = {
            "host": "127.0.0.1", "port": str(sink.port), "security": "plain", "from_address": "a@brand.example",
            "bounce_domain": "bounce.brand.example",
        }  # fmt: skip
        made = owner.post("/api/channels/accounts", {"channel": "email", "name": "Mail", "values": values})
        assert made.status_code == 201, made.text
        self.account_id = int(made.json()["account_id"])
        self.key = str(made.json()["callback_url"]).rpartition("/")[2]
        self.hasher = AddressHasher(house.settings)
        self.mia = world.say((MAIL,))[MAIL]
        yes = Choice(self.mia, "email", "marketing", True, {"via": "form"})
        world.run(lambda tx: consent.state(tx, self.hasher, [yes], actor="test", now=utc_now()))
        # Nobody is held out, and mail goes out at night too: this is about mail.
        free = {"caps": [], "quiet": [], "holdouts": {"universal": 0, "channel": 0, "channels": {}}}
        answer = owner.ask("PUT", "/api/reach/rules", json=free)
        assert answer.status_code < 300, answer.text

    def send(self, step: str, *, purpose: Purpose = "marketing") -> str:
        """What became of one mail to the fan: its state, with the rule that refused it."""
        links = Links(self.house.settings, self.hasher)
        url = links.unsubscribe(consent.Link(self.world.workspace, self.mia, "email"))
        headers = {"List-Unsubscribe": f"<{url}>"} if purpose == "marketing" else {}
        mail = Email(subject="Spring", html="<p>Hi</p>", text="Hi", headers=headers)
        wish = reach.Wish(
            home_id=self.mia,  # type: ignore[arg-type]
            step=step,
            channel="email",
            account_id=self.account_id,
            purpose=purpose,
            parts=(mail,),
        )
        self.world.run(lambda tx: reach.intend(tx, [wish]))
        self.house.run(self._work())
        (row,) = self.world.run(lambda tx: tx.all("SELECT state, rule FROM intent WHERE step = %(s)s", s=step))
        return f"{row['state']} {row['rule']}" if row["rule"] else str(row["state"])

    def tell(self, mail: str) -> None:
        """Let a mail come in by the pipe, and be handled."""
        self.house.run(cli_mail.take(self.house.database, self.key, mail.encode()))
        self.house.run(self._receive())

    async def _work(self) -> None:
        opener = accounts.Opener(self.house.settings, self.house.database)
        sender = posting.make_sender(self.house.settings, self.house.database, opener)
        await sender.drain()
        await opener.close()

    async def _receive(self) -> None:
        receiver = Receiver(self.house.settings, self.house.database)
        while await receiver.take_in(self.world.workspace):
            pass


@pytest.fixture
def post(house: House, world: World, owner: Browser, sink: Sink) -> Post:
    return Post(house, world, owner, sink)


def test_a_fan_gets_the_mail_and_unsubscribes_from_its_header(post: Post) -> None:
    assert post.send("broadcast:1") == "sent"
    mail = post.sink.message()
    path = "/u/" + str(mail["List-Unsubscribe"]).strip("<>").rpartition("/")[2]

    answer = post.house.browser().ask("POST", path, content=b"List-Unsubscribe=One-Click")

    assert answer.status_code == 200
    assert post.send("broadcast:2") == "skipped suppressed"
    assert post.send("order:1", purpose="transactional") == "sent"
    assert len(post.sink.mails) == 2


def test_a_bounce_suppresses_the_address_for_everything(post: Post) -> None:
    post.send("broadcast:1")

    post.tell(BOUNCE.format(to=post.sink.mails[0].mail_from))

    assert post.send("order:1", purpose="transactional") == "skipped suppressed"


def test_a_complaint_suppresses_the_address_for_everything(post: Post) -> None:
    post.send("broadcast:1")

    post.tell(COMPLAINT.format(to="abuse@brand.example", message_id=post.sink.message()["Message-ID"]))

    assert post.send("order:1", purpose="transactional") == "skipped suppressed"


def test_a_mailbox_that_is_not_there_is_written_to_once(post: Post) -> None:
    post.sink.recipients[MAIL[1]] = "550 5.1.1 no such user"

    first, second = post.send("order:1", purpose="transactional"), post.send("order:2", purpose="transactional")

    assert (first.partition(" ")[0], second) == ("failed", "skipped suppressed")


def test_without_a_yes_nothing_goes_out(post: Post) -> None:
    no = Choice(post.mia, "email", "marketing", False, {"via": "noted"})
    post.world.run(lambda tx: consent.state(tx, post.hasher, [no], actor="test", now=utc_now()))

    assert post.send("broadcast:1").startswith("skipped")
    assert post.sink.mails == []
