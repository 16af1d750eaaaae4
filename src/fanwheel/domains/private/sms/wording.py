"""What a text message says: its parts as one text, the sender's mark, and how to refuse further ones."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from fanwheel.domains.private.channels import wording
from fanwheel.domains.private.channels.contracts import Card, Choices, Outgoing, Text
from fanwheel.domains.private.sms.about import OPT_OUT_HINT, TEXT

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_HAS_HINT: Final = re.compile(r"(拒收|退订|回[复覆]?\s*(TD|[TRN])\b|reply\s+stop|text\s+stop)", re.IGNORECASE)
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE: Final = frozenset("^{}\\[~]|€")

STOP: Final = frozenset(
    {
        *("TD", "T", "R", "退订", "拒收"),
        *("STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"),
    }
)
START: Final = frozenset({"START", "UNSTOP", "订阅"})


def compose(message: Outgoing, settings: Mapping[str, str]) -> str:
    """The text that goes out.

    A marketing text in Chinese, or to a Chinese number, says how to refuse further ones, unless it does already: the
    law wants it in every one. The sender's mark stands in front, as Chinese carriers want it.

    Raises
    ------
    RefusedError
        If a part cannot be said as text, or the whole is too long.
    """
    said = []
    for number, part in enumerate(message.parts, start=1):
        if not isinstance(part, Text | Card | Choices):
            raise wording.unsupported(number, part, "A text message")
        said.append(wording.plain(part))
    text = "\n".join(each for each in said if each)
    wording.require_text(1, "text", text, most=TEXT)
    if (mark := settings.get("signature")) and not text.startswith("【"):
        text = f"【{mark}】{text}"
    if message.purpose == "marketing" and _must_say_how_to_refuse(text, message.to.value):
        text = f"{text} {settings.get('opt_out_hint') or OPT_OUT_HINT}"
    most = settings.get("text_limit", "")
    wording.require_text(1, "text with its mark and its hint", text, most=int(most) if most.isdigit() else TEXT)
    return text


def reads_as(text: str) -> str:
    """“stop” or “start” where somebody wrote nothing but such a word; else nothing. Width and case do not matter."""
    word = unicodedata.normalize("NFKC", text).strip(" \t\r\n.。!！,，\"'“”").upper()
    if word in STOP:
        return "stop"
    return "start" if word in START else ""


def segments(text: str) -> int:
    """How many messages a carrier counts: 160 characters of the old alphabet or 70 others, fewer where it is split."""
    if all(each in _GSM or each in _GSM_DOUBLE for each in text):
        units = sum(2 if each in _GSM_DOUBLE else 1 for each in text)
        return 1 if units <= 160 else -(-units // 153)
    units = wording.utf16(text)
    return 1 if units <= 70 else -(-units // 67)


def _must_say_how_to_refuse(text: str, phone: str) -> bool:
    is_chinese = phone.startswith("+86") or _CHINESE.search(text) is not None
    return is_chinese and _HAS_HINT.search(text) is None
