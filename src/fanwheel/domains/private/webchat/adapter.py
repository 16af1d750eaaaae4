"""The web chat as a channel. The visitor's browser comes for what was said, so handing over is all there is to it."""

from typing import ClassVar, Final

from fanwheel.domains.private.channels.adapter import About, Account, Adapter, Field, Tools
from fanwheel.domains.private.channels.contracts import Check, Outgoing, Received, Request, Sent
from fanwheel.domains.private.channels.errors import ForgedError

_FIELDS: Final = (
    Field("title", is_required=False),
    Field("color", default="#1f6feb", pattern=r"#[0-9a-fA-F]{6}", is_required=False),
    Field("greeting", is_required=False),
    # Whether visitors may send pictures and papers.
    Field("files", default="on", choices=("on", "off"), is_required=False),
    # Where the window may be opened, such as https://shop.example; nothing: anywhere.
    Field("origins", is_required=False, pattern=r"(?:https?://[^\s,/]+[\s,]*)*"),
)


class WebChat(Adapter):
    """One window, with its title and its color."""

    about: ClassVar[About] = About(
        kind="webchat",
        address="anonymous_id",
        fields=_FIELDS,
        capabilities=frozenset({"text", "image", "file", "card", "choices", "receive", "typing", "idempotent"}),
        text_limit=10_000,
    )

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools

    async def send(self, message: Outgoing) -> Sent:
        """Leave a message for the visitor, who finds it in the thread."""
        return Sent(message.key)

    async def receive(self, request: Request) -> Received:
        """Nobody calls back: visitors speak to routes of their own."""
        raise ForgedError

    async def check(self) -> Check:
        """There is nothing outside that could be missing."""
        return Check(is_fine=True, message="The web chat is ready.", code="chat_ready")

    async def close(self) -> None:
        """Nothing is held."""
