"""What each surface holds, as data: figures with where they come from, so that a change at a platform is one line.

``cite`` names the section of the platform's documentation, or says that the figure is common knowledge of operators.
"""

from typing import Final, NamedTuple

from fanwheel.loop.operate.menus.contracts import Surface
from fanwheel.loop.operate.menus.measures import Unit


class Room(NamedTuple):
    """How long something may be: beyond ``most`` the platform refuses it, beyond ``shown`` it cuts it."""

    most: int | None
    unit: Unit = "characters"
    shown: int | None = None
    shown_unit: Unit = "halves"


class Limits(NamedTuple):
    """What a surface holds; None: as much as one likes."""

    top: int | None
    below: int | None  # in one sub-menu; 0: it has none
    total: int | None
    label: Room
    label_below: Room
    text: Room = Room(None)
    greeting: Room = Room(None)
    button: Room = Room(None)
    title: Room = Room(None)
    url: Room = Room(None)
    cite: str = ""
    as_of: str = ""


LIMITS: Final[dict[Surface, Limits]] = {
    "wechat_oa": Limits(
        top=3,
        below=5,
        total=None,
        label=Room(16, "bytes", 8),
        label_below=Room(60, "bytes", 16),
        text=Room(600),
        url=Room(1024, "bytes"),
        cite="Official Account: custom menu, menu/create",
        as_of="2026-11",
    ),
    "douyin": Limits(
        top=3,
        below=5,
        total=None,
        label=Room(12, "halves"),
        label_below=Room(16, "halves"),
        text=Room(300),
        cite="Enterprise account: direct message menu (operators' guides)",
        as_of="2026-11",
    ),
    "tiktok": Limits(
        top=None,
        below=0,
        total=6,
        label=Room(18),
        label_below=Room(18),
        text=Room(150),
        greeting=Room(250),
        cite="Business Messaging: automatic messages",
        as_of="2026-11",
    ),
    "telegram": Limits(
        top=None,
        below=None,
        total=100,
        label=Room(64),
        label_below=Room(64),
        text=Room(4096, "utf16"),
        greeting=Room(4096, "utf16"),
        cite="Bot API: BotCommand, KeyboardButton",
        as_of="2026-11",
    ),
    "line": Limits(
        top=6,
        below=13,
        total=None,
        label=Room(20),
        label_below=Room(20),
        text=Room(5000, "utf16"),
        button=Room(14),
        title=Room(300),
        url=Room(1000),
        cite="Messaging API: rich menu, quick reply",
        as_of="2026-11",
    ),
    "whatsapp": Limits(
        top=10,
        below=10,
        total=10,
        label=Room(24),
        label_below=Room(24),
        text=Room(4096),
        greeting=Room(1024),
        button=Room(20),
        title=Room(60),
        cite="Cloud API: interactive list messages",
        as_of="2026-11",
    ),
    "webchat": Limits(
        top=8,
        below=8,
        total=None,
        label=Room(40, "halves"),
        label_below=Room(40, "halves"),
        text=Room(2000),
        cite="our own",
        as_of="2026-11",
    ),
    "email": Limits(
        top=8,
        below=8,
        total=12,
        label=Room(40, "halves"),
        label_below=Room(40, "halves"),
        cite="our own: what fits under a mail",
        as_of="2026-11",
    ),
}
