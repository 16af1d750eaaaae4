"""Telling machines from people, and where a link leads in the end; no input, no output, no clock.

Mail gateways follow every link of a mail before anybody reads it, some clients load every picture, and chat apps look
behind a link to draw its card. None of that is interest. What gives a machine away at once is decided with the visit;
what shows only beside other visits, a few seconds later.
"""

import ipaddress
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import crawleruseragents

from fanwheel.loop.operate.links.contracts import Visit, Visitor
from fanwheel.loop.operate.links.errors import BadLinkError

LINK_LENGTH: Final = 7
RECIPIENT_LENGTH: Final = 10
TRAP_MARK: Final = "x"
_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwyz"  # none that look alike
_MOST_URL: Final = 4_000
_CODE: Final = re.compile(rf"[0-9A-Za-z]{{{LINK_LENGTH}}}(?:[0-9A-Za-z]{{{RECIPIENT_LENGTH}}})?")
_TRAP: Final = re.compile(rf"{TRAP_MARK}[0-9A-Za-z]{{{RECIPIENT_LENGTH}}}")

# How a picture comes to be loaded through somebody else, which says nothing against a person behind it.
PROXIES: Final = ("gmail_proxy", "yahoo_proxy")
_SCANNERS: Final = re.compile(
    r"barracuda|proofpoint|mimecast|symantec|messagelabs|trendmicro|sophos|forcepoint|fireeye|cisco|bitdefender|"
    r"urldefense|safelinks|skypeuripreview|linkcheck|preview|headless|phantom|scan",
    re.IGNORECASE,
)
# Networks from which mail is scanned or its pictures fetched in advance; operators can name more.
# Microsoft's mail protection, as its documentation of Exchange Online names it.
NETWORKS: Final = ("40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "104.47.0.0/17")

BURST_WITHIN: Final = timedelta(seconds=3)
_BURST: Final = 3
TRAP_WITHIN: Final = timedelta(seconds=60)
_TOO_FAST: Final = timedelta(seconds=5)
_TOO_FAST_IN_CHAT: Final = timedelta(seconds=1)
SETTLES_AFTER: Final = timedelta(seconds=10)

_MEDIA: Final = {"email": "email", "sms": "sms", "webpush": "push", "webchat": "chat"}


def new_code(length: int) -> str:
    """A code that nobody guesses."""
    number, letters = secrets.randbelow(len(_LETTERS) ** length), ""
    for _ in range(length):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters


def read_code(code: str) -> tuple[str, str | None] | None:
    """The code of a link and that of its message; of a trap the first is empty. None: it is no code."""
    if _TRAP.fullmatch(code):
        return "", code[1:]
    if not _CODE.fullmatch(code):
        return None
    return code[:LINK_LENGTH], code[LINK_LENGTH:] or None


def require_address(url: str) -> str:
    """An address that a link may lead to.

    Raises
    ------
    BadLinkError
        If it is none.
    """
    clean = url.strip()
    try:
        parts = urlsplit(clean)
    except ValueError as error:
        raise BadLinkError from error
    is_whole = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    if not is_whole or len(clean) > _MOST_URL or any(ord(letter) <= 32 or ord(letter) == 127 for letter in clean):
        raise BadLinkError
    return clean


def may_lead(url: str) -> bool:
    """Whether a link may lead to an address."""
    try:
        require_address(url)
    except BadLinkError:
        return False
    return True


def with_utm(url: str, said: Mapping[str, str]) -> str:
    """An address with parameters that say where somebody comes from; those that it has stay as they are."""
    parts = urlsplit(url)
    there = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    more = [(f"utm_{name}", value) for name, value in said.items() if value and f"utm_{name}" not in there]
    if not more:
        return url
    query = "&".join(filter(None, (parts.query, urlencode(more))))
    return urlunsplit(parts._replace(query=query))


def utm_of(
    own: Mapping[str, str], brand: Mapping[str, str], *, channel: str, step: str, variant: str
) -> dict[str, str]:
    """What a link says of where somebody came from: as the template has it, else the brand, else the message."""
    usual = {
        "source": channel or "link",
        "medium": _MEDIA.get(channel, "social" if channel else "link"),
        "campaign": step.replace(":", "-"),
        "content": variant,
    }
    names = ("source", "medium", "campaign", "term", "content")
    return {name: own.get(name) or brand.get(name) or usual.get(name, "") for name in names}


def recognize(visitor: Visitor, networks: Sequence[str] = (), *, is_picture: bool = False) -> str:
    """What gives a machine away in a request; nothing: it looks like a person."""
    agent = visitor.agent.strip()
    if visitor.is_head:
        return "head"
    if visitor.is_prefetch:
        return "prefetch"
    if is_picture and (proxy := _proxy(agent)):
        return proxy
    if not agent:
        return "no_agent"
    if _is_crawler(agent):
        return "crawler"
    return "network" if _is_within(visitor.address, (*NETWORKS, *networks)) else ""


def decide(visit: Visit, others: Sequence[Visit]) -> str:
    """What gives a machine away in a visit beside ``others`` to the same message; nothing: it looks like a person."""
    if visit.machine:
        return visit.machine
    if visit.made_at is not None and visit.kind == "click":
        soonest = _TOO_FAST_IN_CHAT if visit.is_chat else _TOO_FAST
        if visit.visited_at - visit.made_at < soonest:
            return "too_fast"
    if any(other.kind == "trap" and abs(other.visited_at - visit.visited_at) <= TRAP_WITHIN for other in others):
        return "trap"
    near = {
        other.link_id
        for other in (visit, *others)
        if other.kind == "click" and abs(other.visited_at - visit.visited_at) <= BURST_WITHIN
    }
    return "burst" if visit.kind == "click" and len(near) >= _BURST else ""


def is_machine(reason: str) -> bool:
    """Whether a reason speaks of a machine alone, and not of a person behind one."""
    return bool(reason) and reason not in PROXIES


def _proxy(agent: str) -> str:
    lower = agent.lower()
    if "googleimageproxy" in lower:
        return "gmail_proxy"
    if "yahoomailproxy" in lower:
        return "yahoo_proxy"
    # Apple's mail loads every picture through its own servers, read or not, and says no more of itself than this.
    return "apple_privacy" if lower == "mozilla/5.0" else ""


@lru_cache(maxsize=4_096)
def _is_crawler(agent: str) -> bool:
    return bool(_SCANNERS.search(agent)) or bool(crawleruseragents.is_crawler(agent))


def _is_within(address: str, networks: Sequence[str]) -> bool:
    try:
        where = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(where in network for network in _networks(tuple(networks)) if network.version == where.version)


@lru_cache(maxsize=64)
def _networks(texts: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)
